"""The looks themselves: each asks the real thing, and what goes wrong with one stops no other."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from services import bootstrap
from services.broker import check_broker
from services.bus import Bus
from services.disk import room
from services.doctor import Finding, rules
from services.errors import TryLater, UserError
from services.probing.dependencies import is_read_only
from services.rendering import check_renderer
from services.settings import Settings
from services.sources.overview import overviews
from services.sqlite import driver, journal_mode
from services.stages.flow import lags
from services.store import Store
from services.topics import TOPICS

Look = Callable[[], Sequence[Finding]]


def look_at_all(
    settings: Settings, answering: Callable[[Settings], int], *, deep: bool = False
) -> Iterator[list[Finding]]:
    """The findings, a few at a time, in the order in which one depends on the other.

    ``answering`` counts Celery workers. Servers are opened as every command opens them, which also
    makes what is missing. ``deep``: files of this machine are read through, which takes a minute
    a few GiB.
    """
    yield _of("model", lambda: _well("model", bootstrap.check_model, "is there"))
    yield _of("mood", lambda: _well("mood", lambda: bootstrap.check_mood(settings), settings.mood))
    if settings.gazetteer:
        says = str(settings.gazetteer)
        yield _of("names", lambda: _well("names", lambda: bootstrap.check_names(settings), says))
    if settings.site_rules:
        given = str(settings.site_rules)
        yield _of(
            "rules", lambda: _well("rules", lambda: bootstrap.open_site_rules(settings), given)
        )
    yield _of("mail", lambda: _mail(settings))
    yield _of("render", lambda: _render(settings))
    yield _of("disk", lambda: [_disk(settings.home)])
    if settings.home.exists():
        mode = settings.home.stat().st_mode
        yield _of("home", lambda: [rules.home(str(settings.home), mode)])
    if files := _files(settings):
        version = driver.sqlite_version
        journal = journal_mode(driver.sqlite_version_info)
        yield [rules.sqlite(version, journal)]
    if deep:
        for path in files:
            yield _of(path.name, lambda path=path: [_read_through(path)])  # type: ignore[misc]
    if settings.broker:
        yield _of("broker", lambda: _broker(settings, answering))
    with ExitStack() as held:
        yield _of("log", lambda: _log(held.enter_context(bootstrap.open_bus(settings))))
        yield _of(
            "store", lambda: _store(settings, held.enter_context(bootstrap.open_store(settings)))
        )
        yield _of("login", lambda: _login(settings))
        yield _of("index", lambda: [_index(settings)])


def _of(about: str, look: Look) -> list[Finding]:
    try:
        return list(look())
    except TryLater as error:
        return [Finding(about, "wrong", str(error), rules.AWAY)]
    except UserError as error:
        return [Finding(about, "wrong", str(error))]
    except Exception as error:
        return [
            Finding(about, "wrong", f"internal error: {type(error).__name__}: {error}", "report it")
        ]


def _well(about: str, check: Callable[[], object], says: str) -> list[Finding]:
    check()
    return [Finding(about, "well", says)]


def _mail(settings: Settings) -> list[Finding]:
    bootstrap.check_mail(settings)
    if settings.smtp:
        return [Finding("mail", "well", f"e-mails come from {settings.mail_from}")]
    return [Finding("mail", "well", "no mail server is set, so e-mails wait")]


def _render(settings: Settings) -> list[Finding]:
    check_renderer(settings)
    return [Finding("render", "well", settings.render)] if settings.render else []


def _disk(home: Path) -> Finding:
    return rules.disk(str(home), *room(home))


def _files(settings: Settings) -> list[Path]:
    """The SQLite files of this installation that are there."""
    named = [settings.home / "store.sqlite"] if not settings.store else []
    named += [settings.bus_file] if not settings.bus else []
    return [path for path in named if path.exists()]


def _read_through(path: Path) -> Finding:
    """SQLite's own check of a file, by a reader that changes nothing."""
    connection = driver.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except driver.Error as error:
        found = str(error)
    finally:
        connection.close()
    if found == "ok":
        return Finding(path.name, "well", "whole")
    return Finding(path.name, "wrong", f"damaged: {found}", "see docs/operations/restore.md")


def _broker(settings: Settings, answering: Callable[[Settings], int]) -> list[Finding]:
    check_broker(settings.broker)
    return [
        Finding("broker", "well", "answers"),
        rules.workers(answering(settings), elsewhere=not settings.workers),
    ]


def _log(bus: Bus) -> list[Finding]:
    now = datetime.now(UTC)
    found = {name: len(bus.offsets_for(name, now)) for name in TOPICS}
    return [rules.topics(found), *rules.waiting(lags(bus), now)]


def _store(settings: Settings, store: Store) -> list[Finding]:
    found = overviews(store, datetime.now(UTC))
    findings = [Finding("store", "well", "answers"), *rules.sources(found)]
    if found and not settings.contact:
        findings.append(
            Finding(
                "contact",
                "warning",
                "publishers are not told whom to write to",
                "set BEATWIRE_CONTACT to an address or a page of yours",
            )
        )
    return findings


def _login(settings: Settings) -> list[Finding]:
    if not settings.address:
        return []
    return _well(
        "login",
        lambda: bootstrap.check_accounts(settings, "127.0.0.1"),
        f"for everybody at {settings.address}",
    )


def _index(settings: Settings) -> Finding:
    with bootstrap.open_index(settings) as index:
        stats, closed = index.stats(), is_read_only(index)
    if closed:
        return Finding(
            "index",
            "wrong",
            "is read-only, as Elasticsearch makes it when its disk is nearly full",
            "free space there; see docs/operations/index-refuses.md",
        )
    return Finding("index", "well", f"answers, {stats.articles:,} articles")
