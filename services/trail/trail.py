"""The trail as a whole: the steps, and how it stands with the address, in one word."""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from services.stages.flow import STEPS
from services.trail.facts import Facts
from services.trail.steps import Step, steps_of
from services.trail.words import REFUSED

State = Literal[
    "searchable",
    "waiting",
    "left-out",
    "refused",
    "not-fetched",
    "listing",
    "fetched",
    "lost",
    "dead",
    "unknown",
]
SAYS: dict[State, str] = {
    "searchable": "It can be searched.",
    "waiting": "It is on its way.",
    "left-out": "A stage left it out.",
    "refused": "It is left alone on purpose.",
    "not-fetched": "It could not be fetched.",
    "listing": "It is a list of addresses, no article.",
    "fetched": "It was fetched before the store kept as which event; what came of it is not known.",
    "lost": "It was put into the index, which does not have it: beatwire rebuild",
    "dead": "A stage gave it up.",
    "unknown": "Nothing is known of it.",
}


class Trail(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one address."""

    asked: str
    url: str
    """The address under which it is fetched, in its canonical form; empty: not known."""
    article: str
    """The id under which its article is kept, or would be; empty: not known."""
    state: State
    says: str
    steps: tuple[Step, ...] = ()
    advice: tuple[str, ...] = ()


def trail_of(facts: Facts) -> Trail:
    """Pure; ``gather`` has the facts."""
    steps = steps_of(facts)
    state = _state(facts, steps)
    return Trail(
        asked=facts.asked.given,
        url=facts.ways[0].target.url if facts.ways else facts.asked.url,
        article=facts.article,
        state=state,
        says=SAYS[state],
        steps=tuple(steps),
        advice=tuple(_advice(facts) if state == "unknown" else ()),
    )


def _state(facts: Facts, steps: Sequence[Step]) -> State:
    if not facts.is_known:
        return "unknown"
    if any(letter.state == "open" for letter in facts.letters):
        return "dead"
    stored = any(end.outcome in {"stored", "unchanged", "superseded"} for end in facts.ends)
    if facts.kept.article or (stored and facts.index_away):
        return "searchable"
    if any(step.outcome == "waiting" and step.stage in STEPS for step in steps):
        return "waiting"
    if stored:
        return "lost"
    return "left-out" if facts.ends else _fetched(facts)


def _fetched(facts: Facts) -> State:
    """Of an address of which no stage had anything."""
    for way in facts.ways:
        outcome = way.target.outcome
        if way.target.fetched_at:
            return "fetched"
        if outcome in {"fetched", "unchanged"}:
            return "listing"
        if outcome:
            return "refused" if outcome in REFUSED else "not-fetched"
    return "waiting"


def _advice(facts: Facts) -> Iterator[str]:
    """What would be done with it, and what somebody can do."""
    asked = facts.asked
    if not asked.url:
        yield (
            "no article, event or dead letter has this id; what gave no article is known by its "
            "address alone: beatwire trail URL"
        )
        return
    yield f"it would be fetched as {asked.url}, and its article kept as {asked.article}"
    for source in facts.sources:
        named = source.note or "it was not looked at yet"
        yield f"source {source.id} is on its host and never named it: {named}"
    if not facts.sources:
        yield f"no source is on its host; add one: beatwire sources add {asked.url}"
    yield f"see what it gives, and keep nothing: beatwire sources check {asked.url}"
    yield f"fetch it now: beatwire crawl {asked.url}"
