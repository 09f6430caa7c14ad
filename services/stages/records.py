"""From an event to the record that a stage works on."""

from typing import get_args

import msgspec

from processors.records import AnyRecord, decode
from services.bus import Event
from services.errors import Reject

KNOWN = {str(kind.__struct_config__.tag) for kind in get_args(AnyRecord)}
MOST_SHOWN = 60
"""Characters of a foreign schema's name."""


class Labelled(msgspec.Struct):
    """As much of a record as says what it is."""

    schema: str


def record_of[Wanted: AnyRecord](event: Event, wanted: type[Wanted]) -> Wanted:
    """The record that an event carries; raises Reject when it is none, or of another kind."""
    try:
        record = decode(event.data)
    except ValueError as error:
        raise Reject(_foreign(event.data) or f"not a record: {error}") from error
    if not isinstance(record, wanted):
        raise Reject(f"expected {wanted.__name__}, got {type(record).__name__}")
    return record


def _foreign(data: bytes) -> str:
    """What is to be said of an empty event or a schema that is not known here; else nothing."""
    if not data:
        return "not a record: the event is empty"
    try:
        schema = msgspec.json.decode(data, type=Labelled).schema
    except (ValueError, RecursionError):
        return ""
    if schema in KNOWN:
        return ""
    kind, _, version = schema.partition("/")
    known = [int(tag.partition("/")[2]) for tag in KNOWN if tag.partition("/")[0] == kind]
    if known and version.isdecimal() and len(version) < 9 and int(version) > max(known):
        return (
            f"{schema} is newer than {kind}/{max(known)}, the newest that this Beatwire reads: "
            "upgrade it, then send the event again"
        )
    return f"not a record: unknown schema {schema[:MOST_SHOWN]!r}"
