"""What is well and what is not: rules without a disk, a server or a clock."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.bus import Lag, oldest
from services.doctor import Finding
from services.sources.overview import Overview, counts
from services.sources.states import TROUBLED, span_words
from services.stages.flow import HISTORY, STEPS
from services.topics import TOPICS
from services.words import counted

GIB, MIB = 1024**3, 1024**2
LITTLE_BYTES = GIB
"""Less is free than an hour of a busy newsroom may write."""
NOTHING_BYTES = 100 * MIB
AWAY = "start it, or mend its address; `beatwire config check` shows where that is set"
"""What to do about a server that does not answer."""
LATE_SECONDS = 120.0
"""An event should be searchable within two minutes of its fetching."""


def _room(size: int) -> str:
    return f"{size / GIB:,.1f} GiB" if size >= GIB else f"{size / MIB:,.0f} MiB"


def disk(folder: str, free: int, total: int) -> Finding:
    """``free`` and ``total`` bytes of the disk that holds the home folder."""
    says = f"{_room(free)} of {_room(total)} free at {folder}"
    if free < NOTHING_BYTES:
        return Finding(
            "disk", "wrong", says, "free space, or move BEATWIRE_HOME; nothing is lost meanwhile"
        )
    if free < LITTLE_BYTES:
        return Finding(
            "disk", "warning", says, "free space, or beatwire prune, before the log stops"
        )
    return Finding("disk", "well", says)


def home(folder: str, mode: int) -> Finding:
    """``mode`` of the home folder: in it are the secrets of webhooks and what users search for."""
    if mode & 0o007:
        says = f"every user of this machine can look into {folder}"
        return Finding("home", "warning", says, f"chmod o= {folder}")
    return Finding("home", "well", f"{folder} is private")


def sqlite(version: str, journal: str) -> Finding:
    """Of the SQLite in use: its version, and the journal that is safe with it."""
    says = f"SQLite {version}, journal {journal}"
    if journal == "wal":
        return Finding("sqlite", "well", says)
    return Finding(
        "sqlite",
        "warning",
        f"{says}, which is slower: this version can lose commits with the quicker one",
        "install SQLite 3.51.3 or later: pip install --upgrade pysqlite3",
    )


def topics(found: Mapping[str, int]) -> Finding:
    """``found``: topic to the number of its partitions in the log."""
    missing = sorted(TOPICS.keys() - found.keys())
    if missing:
        return Finding(
            "log", "wrong", f"topics are missing: {', '.join(missing)}", "run: beatwire setup"
        )
    fewer = [name for name, topic in TOPICS.items() if found[name] < topic.partitions]
    if fewer:
        return Finding(
            "log",
            "warning",
            f"fewer partitions than usual: {', '.join(f'{each} {found[each]}' for each in fewer)}; "
            "no more processes can share a topic",
            "see docs/scaling.md before they are raised",
        )
    return Finding("log", "well", f"answers, {counted(len(found), 'topic')}")


def waiting(lags: Mapping[str, Sequence[Lag]], now: datetime) -> list[Finding]:
    """One finding for each stage with events that wait, or one that says that none do."""
    found = []
    for stage, each in lags.items():
        records = sum(lag.records for lag in each)
        if not records:
            continue
        age = (now - (oldest(each) or now)).total_seconds()
        says = f"{counted(records, 'event')} wait, the oldest of {span_words(age)} ago"
        late = age > LATE_SECONDS and STEPS[stage] not in HISTORY
        remedy = "is `beatwire up` or `beatwire work` running? if so, add workers" if late else ""
        found.append(Finding(f"stage {stage}", "warning" if late else "well", says, remedy))
    return found or [Finding("stages", "well", "nothing waits")]


def sources(found: Sequence[Overview]) -> list[Finding]:
    """Whether there are any, and how they are."""
    if not found:
        return [
            Finding(
                "sources", "warning", "there are none", "add one: beatwire sources import catalogue"
            )
        ]
    told = ", ".join(f"{number:,} {state}" for state, number in counts(found).items())
    ill = [each for each in found if each.state.state in TROUBLED]
    findings = [
        Finding(
            "sources",
            "warning" if ill else "well",
            f"{counted(len(found), 'source')}: {told}",
            "look at them: beatwire sources list --state late --state silent --state gone"
            if ill
            else "",
        )
    ]
    broken = [each.source.id for each in found if each.trouble]
    if broken:
        named = ", ".join(broken[:5]) + (f" and {len(broken) - 5} more" if broken[5:] else "")
        findings.append(
            Finding(
                "layout",
                "warning",
                f"pages are no longer read as they were: {named}",
                "look at what is missing: beatwire sources list; see docs/extraction.md",
            )
        )
    return findings


def workers(answering: int, elsewhere: bool) -> Finding:
    """``answering`` Celery workers; ``elsewhere``: whether none is to run on this machine."""
    if answering:
        return Finding("workers", "well", f"{counted(answering, 'Celery worker')} there")
    start = (
        "start one: celery -A services.workers.app worker" if elsewhere else "start: beatwire up"
    )
    return Finding("workers", "wrong", "no Celery worker answers", start)
