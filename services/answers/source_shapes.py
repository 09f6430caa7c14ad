"""The JSON of sources and their states, for commands and the API alike."""

from datetime import datetime

from services.answers.shapes import Shape
from services.sources.overview import Overview
from services.store.watching import State


class SourceRow(Shape, frozen=True, kw_only=True):
    """One source with its state."""

    id: str
    url: str
    name: str
    kind: str
    language: str
    home: str
    every: float | None
    """Seconds between two articles, as somebody said."""
    priority: int
    added_at: datetime
    paused: bool
    state: State
    since: datetime | None
    """Since when it is late, silent or gone."""
    reason: str
    usual: float | None
    """Seconds between two articles: as measured, or as somebody said."""
    next_look: datetime | None
    looked_at: datetime | None
    news_at: datetime | None
    """When something new came last."""
    note: str
    """What came of the last look."""
    trouble: tuple[str, ...]
    """What its last pages give no longer: its layout may have changed."""


class Sources(Shape, frozen=True, kw_only=True):
    """All sources that were asked for, by id."""

    total: int
    sources: tuple[SourceRow, ...]


def source_row(each: Overview) -> SourceRow:
    source, state = each.source, each.state
    return SourceRow(
        id=source.id,
        url=source.url,
        name=source.name,
        kind=source.kind,
        language=source.language,
        home=source.home,
        every=source.every,
        priority=source.priority,
        added_at=source.added_at,
        paused=source.paused,
        state=state.state,
        since=state.since,
        reason=state.reason,
        usual=state.usual_seconds,
        next_look=state.next_look,
        looked_at=each.looked_at,
        news_at=each.news_at,
        note=source.note,
        trouble=each.trouble,
    )
