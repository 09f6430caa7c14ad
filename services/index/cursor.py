"""Cursors: where an answer ended, as a text that may travel in an address."""

import base64
import binascii
import json

import msgspec

from services.index import CursorError

LONGEST = 400
"""Characters of a cursor."""


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """The order of the search, and either how many hits came before or the last one's place."""

    order: str
    offset: int = 0
    place: tuple[float | int, ...] = ()
    """The values by which the last hit was ordered."""


def write(cursor: Cursor) -> str:
    text = json.dumps([cursor.order, cursor.offset, *cursor.place], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def read(text: str, order: str, size: int) -> Cursor:
    """A cursor of a search in this order, whose places have ``size`` values.

    Raises CursorError for anything else.
    """
    try:
        raw = base64.urlsafe_b64decode(text[:LONGEST] + "=" * (-len(text[:LONGEST]) % 4))
        found = msgspec.json.decode(raw, type=list[str | int | float])
    except (binascii.Error, ValueError) as error:
        raise _wrong() from error
    match found:
        case [str(name), int(offset), *place] if name == order and offset >= 0:
            numbers = tuple(value for value in place if not isinstance(value, str))
            if len(numbers) == len(place) and len(place) in (0, size):
                return Cursor(order, offset, numbers)
    raise _wrong()


def _wrong() -> CursorError:
    return CursorError("this cursor is none of this search; start again without it")
