"""``Shelf`` on a server: generations of indices, of which the aliases lead to the live one.

What a generation is beside the live one, and its note, stand in ``_meta`` of its articles. A live
one that still says ``side``, or that it returns, was switched to by a process that died before all
was caught up with.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any, Self

import msgspec

from services.errors import UserError
from services.index.documents import fingerprint
from services.index.elasticsearch import ElasticsearchIndex
from services.index.elasticsearch_admin import (
    REMEDY,
    FreshNames,
    behind_aliases,
    delete,
    generation,
    make,
    put_templates,
    swap,
)
from services.index.elasticsearch_client import WRITE_SECONDS, connect, explained
from services.index.elasticsearch_names import KINDS, parse_address
from services.index.shelf import Catch, Note, Place, missing

GRACE_SECONDS = 4.0
"""The old indices stay for so long after the swap: a search that began on them may take 3 s."""


class Beside(msgspec.Struct, frozen=True, omit_defaults=True):
    place: Place
    note: Note
    returns: bool = False
    """Whether it is to become the live one again."""


class Generation(msgspec.Struct, frozen=True):
    number: int
    live: bool
    fingerprint: str
    beside: Beside | None


class ElasticsearchShelf:
    """See ``Shelf``. The live index is switched while any number of processes write it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._where = parse_address(address)
        self._names = self._where.names
        self._client = connect(self._where, timeout=WRITE_SECONDS)

    def check(self) -> None:
        """Writers need not stop."""

    def note(self, place: Place) -> Note | None:
        with explained(self._where):
            found = self._at(place)
        ours = found is not None and found.fingerprint == fingerprint()
        return found.beside.note if ours and found and found.beside else None

    def begin(self, note: Note) -> None:
        with explained(self._where):
            put_templates(self._client, self._names)
            if not behind_aliases(self._client, self._names):
                make(self._client, self._names, 1, aliased=True)
            there = self._generations()
            self._delete(each for each in there if not each.live and not _is(each, "previous"))
            number = 1 + max(each.number for each in there)
            make(self._client, self._fresh(number), number, aliased=False)
            self._mark(number, fingerprint(), Beside("side", note))

    def keep(self, note: Note) -> None:
        with explained(self._where):
            self._mark(self._found("side").number, fingerprint(), Beside("side", note))

    def open(self, place: Place, *, write: bool = False) -> ElasticsearchIndex:
        with explained(self._where):
            names = self._fresh(self._found(place).number)
            if not write:
                self._refresh(names)
        return ElasticsearchIndex(self._address, names=names)

    def switch(self, catch: Catch, before: Callable[[], Note] | None) -> None:
        with explained(self._where):
            side = self._found("side")
            old = [each for each in self._generations() if each.live and each != side]
            if not side.live:
                self._lead_to(side, old, catch, before)
            self._catch_up(side, catch)
            if before is None:
                time.sleep(GRACE_SECONDS)
                self._delete(old)

    def roll_back(self, catch: Catch, before: Callable[[], Note]) -> None:
        with explained(self._where):
            previous = self._found("previous")
            if not previous.live:
                self._mark_returning(previous)
                live = [each for each in self._generations() if each.live]
                self._lead_to(previous, live, catch, before)
            self._catch_up(previous, catch)

    def discard(self, place: Place) -> None:
        with explained(self._where):
            found = self._found(place)
            if found.live:
                how = "switch" if place == "side" else "rollback"
                raise UserError(f"it became the live index; finish that: beatwire rebuild --{how}")
            self._delete([found])

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _lead_to(
        self,
        new: Generation,
        old: list[Generation],
        catch: Catch,
        before: Callable[[], Note] | None,
    ) -> None:
        """Move the aliases once all was caught up with, to keep short what is missing for now."""
        names = self._fresh(new.number)
        with ElasticsearchIndex(self._address, names=names) as index:
            catch(index)
        self._refresh(names)
        outdated: list[Generation] = []
        if before is not None:
            kept = [each.number for each in old]
            outdated = [
                each
                for each in self._generations()
                if _is(each, "previous") and each.number not in (*kept, new.number)
            ]
            for each in old:
                self._mark(each.number, each.fingerprint, Beside("previous", before()))
        swap(self._client, self._names, names, self._indices(old))
        self._delete(outdated)

    def _catch_up(self, live: Generation, catch: Catch) -> None:
        """What was put into the old one until the aliases moved; only then it is marked as live."""
        with ElasticsearchIndex(self._address) as index:
            catch(index)
        self._refresh(self._fresh(live.number))
        if live.beside is not None:
            self._mark(live.number, live.fingerprint, Beside("live", live.beside.note))

    def _at(self, place: Place) -> Generation | None:
        """The newest, where a killed process left several; it may be live by now."""
        found = [each for each in self._generations() if _is(each, place)]
        if place == "previous":
            # One that is marked before the live one changes is still that.
            back = [each for each in found if each.live and each.beside and each.beside.returns]
            found = back or [each for each in found if not each.live]
        return max(found, key=lambda each: each.number, default=None)

    def _found(self, place: Place) -> Generation:
        if (found := self._at(place)) is None:
            raise UserError(missing(place))
        if found.fingerprint != fingerprint():
            raise UserError(f"the {place} index is another version of Beatwire's; {REMEDY}")
        return found

    def _generations(self) -> list[Generation]:
        live = {generation(name) for name in behind_aliases(self._client, self._names)}
        told = self._client.indices.get_mapping(index=[self._names.pattern("articles")]).body
        return [
            _generation(generation(name), each["mappings"].get("_meta", {}), live)
            for name, each in told.items()
        ]

    def _mark(self, number: int, written_with: str, beside: Beside) -> None:
        meta = {
            "fingerprint": written_with,
            "beside": msgspec.to_builtins(beside, str_keys=True),
        }
        self._client.indices.put_mapping(index=self._fresh(number).write("articles"), meta=meta)

    def _mark_returning(self, found: Generation) -> None:
        if found.beside is not None:
            returning = msgspec.structs.replace(found.beside, returns=True)
            self._mark(found.number, found.fingerprint, returning)

    def _fresh(self, number: int) -> FreshNames:
        return FreshNames(self._names.prefix, number)

    def _refresh(self, names: FreshNames) -> None:
        self._client.indices.refresh(index=[names.write(kind) for kind in KINDS])

    def _indices(self, generations: Iterable[Generation]) -> set[str]:
        return {self._fresh(each.number).write(kind) for each in generations for kind in KINDS}

    def _delete(self, generations: Iterable[Generation]) -> None:
        delete(self._client, self._indices(generations))


def _generation(number: int, meta: dict[str, Any], live: set[int]) -> Generation:
    beside = meta.get("beside")
    return Generation(
        number,
        number in live,
        meta.get("fingerprint", ""),
        None if beside is None else msgspec.convert(beside, Beside, str_keys=True),
    )


def _is(found: Generation, place: Place) -> bool:
    return found.beside is not None and found.beside.place == place
