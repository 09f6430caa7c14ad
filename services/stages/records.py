"""From an event to the record that a stage works on."""

from typing import get_args

import msgspec

from processors.records import AnyRecord, decode
from services.bus import Event
from services.errors import Reject, TryLater
from services.version import VERSION

KNOWN = {str(kind.__struct_config__.tag) for kind in get_args(AnyRecord)}
MOST_SHOWN = 60
"""Characters of a foreign schema's name."""
MOST_AHEAD = 9
"""Versions between an old worker and a new one; what claims to be newer still is foreign."""


class Labelled(msgspec.Struct):
    """As much of a record as says what it is."""

    schema: str


def record_of[Wanted: AnyRecord](event: Event, wanted: type[Wanted]) -> Wanted:
    """The record that an event carries.

    Raises Reject when it is none, or of another kind, and TryLater when a newer Beatwire wrote it
    in a version that this one does not read: while workers are upgraded one by one, a newer one
    takes it, or this one does after its own upgrade.
    """
    try:
        record = decode(event.data)
    except ValueError as error:
        if newer := _newer(event.data):
            raise TryLater(newer) from error
        raise Reject(_foreign(event.data) or f"not a record: {error}") from error
    if not isinstance(record, wanted):
        raise Reject(f"expected {wanted.__name__}, got {type(record).__name__}")
    return record


def _newer(data: bytes) -> str:
    """What is to be said of a record that only a newer Beatwire reads; else nothing."""
    kind, _, version = _schema(data).partition("/")
    known = [int(tag.partition("/")[2]) for tag in KNOWN if tag.partition("/")[0] == kind]
    if not (known and version.isdecimal() and len(version) < 9):
        return ""
    if not max(known) < int(version) <= max(known) + MOST_AHEAD:
        return ""
    return (
        f"{kind}/{version} is newer than {kind}/{max(known)}, the newest that this Beatwire "
        f"({VERSION}) reads: it waits until this one is upgraded"
    )


def _foreign(data: bytes) -> str:
    """What is to be said of an empty event or a schema that is not known here; else nothing."""
    if not data:
        return "not a record: the event is empty"
    schema = _schema(data)
    if not schema or schema in KNOWN:
        return ""
    return f"not a record: unknown schema {schema[:MOST_SHOWN]!r}"


def _schema(data: bytes) -> str:
    try:
        return msgspec.json.decode(data, type=Labelled).schema
    except (ValueError, RecursionError):
        return ""
