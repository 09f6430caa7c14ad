"""From an event to the record that a stage works on."""

from processors.records import AnyRecord, decode
from services.bus import Event
from services.errors import Reject


def record_of[Wanted: AnyRecord](event: Event, wanted: type[Wanted]) -> Wanted:
    """The record that an event carries; raises Reject when it is none, or of another kind."""
    try:
        record = decode(event.data)
    except ValueError as error:
        raise Reject(f"not a record: {error}") from error
    if not isinstance(record, wanted):
        raise Reject(f"expected {wanted.__name__}, got {type(record).__name__}")
    return record
