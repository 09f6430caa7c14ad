"""Every source with its state: what `sources list`, the page and the API show."""

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec

from services.errors import UserError
from services.sources.rules import good_kind
from services.sources.states import STATES
from services.store.places import Source
from services.store.port import Store
from services.store.watching import SourceState, Watch


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """One source and all that is known of it."""

    source: Source
    state: SourceState
    watch: Watch | None = None
    trouble: tuple[str, ...] = ()
    """What its last pages give no longer: its layout may have changed."""

    @property
    def found(self) -> str:
        """What came of the last look."""
        return self.source.note

    @property
    def looked_at(self) -> datetime | None:
        return (self.watch and self.watch.looked_at) or self.source.checked_at

    @property
    def news_at(self) -> datetime | None:
        """When something new came last, by its own word or by ours."""
        return (self.watch and (self.watch.news_at or self.watch.newest)) or None


def overviews(store: Store, now: datetime) -> list[Overview]:
    """All sources by id; three questions to the store, however many there are."""
    states, watches, health = store.source_states(now), store.watches(), store.extraction_health()
    unknown = SourceState(state="new", reason="not looked at yet")
    found = []
    for source in store.sources():
        read = health.get(source.id)
        found.append(
            Overview(
                source=source,
                state=states.get(source.id, unknown),
                watch=watches.get(source.id),
                trouble=tuple(each.says for each in read.breakages) if read else (),
            )
        )
    return found


def chosen(
    found: Iterable[Overview], states: Collection[str] = (), kinds: Collection[str] = ()
) -> list[Overview]:
    """Those in any of the states, of any of the kinds; of all where none is named.

    Raises:
        UserError: a state or a kind that there is not.
    """
    for state in states:
        if state not in STATES:
            raise UserError(f"{state[:40]!r} is no state; it is one of {', '.join(STATES)}")
    for kind in kinds:
        good_kind(kind or "none")
    return [
        each
        for each in found
        if (not states or each.state.state in states) and (not kinds or each.source.kind in kinds)
    ]


def counts(found: Iterable[Overview]) -> dict[str, int]:
    """How many are in which state; states without any are left out."""
    here = [each.state.state for each in found]
    return {state: here.count(state) for state in STATES if state in here}
