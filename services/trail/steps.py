"""From facts to steps: one for each thing that happened to an address, in words and for machines.

Pure: no clock, no port. The order is that of the way: found, fetched, read, kept, told.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from services.store.alerting import Message, Noted
from services.store.letters import Letter
from services.store.port import Finished
from services.store.trails import Turn, Way
from services.trail.facts import READS, Facts, PageSeen
from services.trail.words import ENDED, FETCHED, LISTED, TRY, joined
from services.words import counted


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened, or that is waited for."""

    stage: str
    """``found``, ``queue``, ``fetch``, ``page``; a stage of the flow; ``dead``, ``story``,
    ``article``, ``alert-topic``, ``message``, ``away``."""
    outcome: str
    says: str
    at: datetime | None = None
    event: str = ""
    topic: str = ""
    partition: int | None = None
    offset: int | None = None
    id: str = ""
    """Of the letter, the article, the alert or the message."""
    remedy: str = ""
    made_by: dict[str, str] = {}
    """Component to version, of what read it."""


def steps_of(facts: Facts) -> list[Step]:
    """All that is known, in the order of the way."""
    found: list[Step] = []
    for way in facts.ways:
        found += _way(facts, way)
    for event in facts.events:
        found += _event(facts, event)
    found += _kept(facts)
    for noted in facts.alerted.alerts:
        found += _alert(facts, noted)
    found += [_turn(facts, way, way.turn) for way in facts.ways if way.turn]
    return found + [_away(why) for why in facts.away]


def _way(facts: Facts, way: Way) -> Iterator[Step]:
    target = way.target
    yield Step(stage="found", outcome="found", says=_found(facts, way), at=way.found_at)
    words = FETCHED if target.fetched_at else {**FETCHED, **LISTED}
    says = joined(words.get(target.outcome or "pending", target.outcome), way.reason)
    if target.outcome == "robots" and (text := facts.robots.get(target.url)):
        says += f" (as fetched {text.fetched:%Y-%m-%d %H:%M:%S})"
    if target.fetched_at and target.outcome != "fetched":
        says += f"; it went on the log as of {target.fetched_at:%Y-%m-%d %H:%M:%S}"
    yield Step(
        stage="fetch",
        outcome=target.outcome or "pending",
        says=says,
        at=way.ended_at or _looked_at(facts, way),
        remedy=TRY.get(target.outcome, "").format(url=target.url),
    )


def _looked_at(facts: Facts, way: Way) -> datetime | None:
    """Of a list of addresses: the look at its source, which notes no end of its own."""
    if way.target.fetched_at or way.target.outcome not in LISTED:
        return None
    mine = (each for each in facts.sources if each.id == way.target.source)
    return next((source.checked_at for source in mine), None)


def _turn(facts: Facts, way: Way, turn: Turn) -> Step:
    """What comes next, so it stands last."""
    tried = f", after {counted(turn.tries, 'failed try', 'failed tries')}" if turn.tries else ""
    source = way.target.source
    paused = any(each.paused for each in facts.sources if each.id == source)
    return Step(
        stage="queue",
        outcome="held" if turn.held else "waiting",
        says="a crawler has it now" if turn.held else f"to be looked at then{tried}",
        at=turn.due,
        remedy=f"its source is paused: beatwire sources resume {source}" if paused else "",
    )


def _found(facts: Facts, way: Way) -> str:
    target, hints = way.target, way.target.hints
    known = {source.id for source in facts.sources}
    source = f"source {target.source}" if target.source in known else f"asked for ({target.source})"
    if way.listings:
        by = f", named by {' and '.join(way.listings)}"
    elif hints:
        by = f", was named by {hints.feed}"
    else:
        by = ""
    published = f", published {hints.published}" if hints and hints.published else ""
    other = f": {target.url}" if len(facts.ways) > 1 else ""
    return f"{source}{by}{published}{other}"


def _event(facts: Facts, event: str) -> Iterator[Step]:
    """What became of one event, which several stages may have had, under the same id."""
    yield from (_page(seen) for seen in facts.pages if seen.event == event)
    ends = [end for end in facts.ends if end.event_id == event]
    url = facts.ways[0].target.url if facts.ways else facts.asked.url or "URL"
    yield from (_end(end, url) for end in ends)
    letters = [letter for letter in facts.letters if letter.event_id == event]
    yield from (_letter(letter) for letter in letters)
    done = {end.stage for end in ends} | {letter.stage for letter in letters}
    for stage in _next(ends, published=any(way.event_id == event for way in facts.ways)):
        if stage not in done:
            yield _wait(facts, stage, event)


def _next(ends: list[Finished], *, published: bool) -> tuple[str, ...]:
    """The stages that have to do with an event, as far as that is known."""
    stages = {end.stage for end in ends}
    if not ends:
        return ("read",) if published else ()
    if stages & {"index", "alert"} or _is_read(ends, "read"):
        return ("index", "alert")
    if stages & {"index-backfill", "alert-backfill"} or _is_read(ends, "read-backfill"):
        return ("index-backfill", "alert-backfill")
    return ()


def _is_read(ends: list[Finished], stage: str) -> bool:
    """Whether an article of the same id came of it; another one has an event of its own."""
    return any(end.stage == stage and end.outcome == "read" and not end.reason for end in ends)


def _wait(facts: Facts, stage: str, event: str) -> Step:
    behind = facts.behind.get(stage, 0)
    return Step(
        stage=stage,
        outcome="waiting",
        says=f"its turn is still to come; {counted(behind, 'event')} wait for this stage",
        event=event,
        remedy="is `beatwire up` or `beatwire work` running?",
    )


def _page(seen: PageSeen) -> Step:
    page = seen.page
    kind = page.headers.get("content-type", "of no stated type")
    drawn = ", as a browser made it" if page.rendered else ""
    moved = f", from {page.url}" if page.url != page.requested_url else ""
    return Step(
        stage="page",
        outcome="on-log",
        says=f"{len(page.body):,} bytes, {kind}{drawn}, status {page.status}{moved}",
        at=page.fetched_at,
        event=seen.event,
        topic=seen.topic,
        partition=seen.partition,
        offset=seen.offset,
    )


def _end(end: Finished, url: str) -> Step:
    return Step(
        stage=end.stage,
        outcome=end.outcome,
        says=joined(ENDED.get(end.outcome, end.outcome), end.reason),
        at=end.at,
        event=end.event_id,
        topic=end.topic,
        partition=end.partition,
        offset=end.offset,
        remedy=TRY.get(end.outcome, "").format(url=url) if end.stage in READS else "",
    )


def _letter(letter: Letter) -> Step:
    tried = counted(letter.attempts, "try", "tries")
    says = (
        f"{letter.error_class} in stage {letter.stage} after {tried}, version "
        f"{letter.code_version}: {letter.reason}"
    )
    if letter.changed_at:
        says += f"; {letter.state} {letter.changed_at:%Y-%m-%d %H:%M:%S} by {letter.changed_by}"
    if letter.note:
        says += f" ({letter.note})"
    if letter.after:
        says += f"; failed before as {letter.after}"
    again = f"once the cause is mended: beatwire dead retry --id {letter.id}"
    return Step(
        stage="dead",
        outcome=letter.state,
        says=says,
        at=letter.failed_at,
        event=letter.event_id,
        topic=letter.topic,
        partition=letter.partition,
        offset=letter.offset,
        id=letter.id,
        remedy=again if letter.state == "open" else "",
    )


def _kept(facts: Facts) -> Iterator[Step]:
    kept = facts.kept
    if told := kept.told:
        count = counted(len(kept.copies), "article")
        if told.original:
            says = f"the first of {count} with this text" if len(kept.copies) > 1 else "its own"
        elif kept.first:
            says = f'a copy of "{kept.first.title}", {kept.first.url}; {count} have this text'
        else:
            says = f"a copy; {count} have this text"
        about = f"; event {told.event}" if told.event else ""
        outcome = "original" if told.original else "copy"
        yield Step(stage="story", outcome=outcome, says=f"{says}{about}", id=told.story)
    if article := kept.article:
        before = f", {counted(kept.revisions, 'earlier text')}" if kept.revisions else ""
        yield Step(
            stage="article",
            outcome="searchable",
            says=f'"{article.title}", {counted(len(article.claims), "claim")}{before}',
            at=article.fetched_at,
            id=article.id,
            made_by=article.made_by,
        )


def _alert(facts: Facts, noted: Noted) -> Iterator[Step]:
    alert = noted.alert
    as_copy = "" if alert.article_id == facts.article else f", counted with {alert.url}"
    mute = "; the topic was mute" if noted.muted else ""
    yield Step(
        stage="alert-topic",
        outcome=alert.kind,
        says=f'"{alert.topic_name}" of {alert.owner}{as_copy}{mute}',
        at=alert.at,
        event=alert.event_id,
        id=alert.id,
    )
    yield from (_message(facts, each) for each in facts.alerted.messages.get(alert.id, ()))


def _message(facts: Facts, message: Message) -> Step:
    channel = facts.alerted.channels.get(message.channel)
    to = f"{channel.kind} {channel.name or channel.id}" if channel else "a channel that is gone"
    tries = f", {counted(message.attempts, 'try', 'tries')}" if message.attempts else ""
    off = f"its channel is off: {channel.disabled}" if channel and channel.disabled else ""
    return Step(
        stage="message",
        outcome=message.state,
        says=joined(f"to {to}{tries}", message.error),
        at=message.sent_at
        or (message.retry_at if message.state == "open" else None)
        or message.due_at,
        id=message.id,
        remedy=off,
    )


def _away(why: str) -> Step:
    return Step(
        stage="away",
        outcome="unknown",
        says=why,
        remedy="what it holds is not told here; see: beatwire doctor",
    )
