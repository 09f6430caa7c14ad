"""The report of a soak: as text for people, as JSON for machines."""

from collections.abc import Iterator

from tests.support.soak.account import Account, Wrong
from tests.support.soak.plan import HARMS
from tests.support.soak.running import Soak


def held(soak: Soak) -> bool:
    """Whether everything that could be judged holds, and the run went as planned."""
    return not soak.complaints and all(one.state != "failed" for one in soak.verdicts)


def text(soak: Soak) -> str:
    """The whole report in lines."""
    return "\n".join([*_head(soak), "", *_verdicts(soak), "", *_faults(soak)])


def _head(soak: Soak) -> Iterator[str]:
    machine, account = soak.machine, soak.account
    rate = account.events / max(soak.seconds, 1.0)
    wanted = soak.wanted
    yield f"Soak of {wanted.articles:,} events, seed {wanted.seed}, {soak.began:%Y-%m-%d %H:%M} UTC"
    yield f"{machine.cores} cores of {machine.processor}, Python {machine.python}"
    yield (
        f"{account.events:,} events in {soak.seconds:,.0f} s ({rate:.1f} a second): "
        f"{account.articles:,} articles, {account.edits:,} edits, {account.dead:,} dead letters"
    )
    yield f"searchable {account.indexed:,}, lost {_sum(account.lost)}, twice {_sum(account.twice)}"
    yield from (f"NOT AS PLANNED: {each}" for each in soak.complaints)


def _verdicts(soak: Soak) -> Iterator[str]:
    wide = max(len(one.what) for one in soak.verdicts)
    for one in soak.verdicts:
        yield f"{one.state:<10}  {one.what:<{wide}}  {one.seen} (limit: {one.limit})"
    yield from (f"  {what}" for what in _wrong(soak.account))


def _wrong(account: Account) -> Iterator[str]:
    for one in (*account.lost, *account.twice, *account.wrong):
        yield f"{one.what}: {one.count:,}, such as {', '.join(one.examples)}"


def _faults(soak: Soak) -> Iterator[str]:
    done = f"{len(soak.windows)} of {len(soak.wanted.faults)} faults done"
    yield f"{done}; at which event, for how long, and how much of that after all ran again"
    for one in soak.windows:
        times = f"{one.seconds:6.0f} s {one.recovery:6.0f} s"
        yield f"{one.published:>9,}  {one.harm:<22} {times}  {HARMS[one.harm]}"


def _sum(wrong: tuple[Wrong, ...]) -> int:
    return sum(one.count for one in wrong)
