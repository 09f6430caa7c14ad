"""A file as a stream of bytes, gzip undone, however it is cut into members and however broken."""

import os
import stat
import zlib
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from services.errors import UserError

CHUNK = 64 * 1024
GZIP = b"\x1f\x8b"
_MEMBER = b"\x1f\x8b\x08"
"""How a member of a gzip file begins, deflate being the one method that there is."""


class Damaged(Exception):
    """The bytes from here to where the stream goes on are lost; said once for each such place."""


def open_regular(path: Path) -> BinaryIO:
    """Open a file for reading. Raises UserError for a link, a pipe, a device or a folder."""
    try:
        # Not blocking: to open a pipe would wait for its writer.
        found = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        reason = "it is a link; name the file itself" if path.is_symlink() else error.strerror
        raise UserError(f"{path} cannot be read: {reason}") from error
    if not stat.S_ISREG(os.fstat(found).st_mode):
        os.close(found)
        raise UserError(f"{path} cannot be read: it is no file")
    return os.fdopen(found, "rb")


class Stream:
    """Reads forward, with bounded memory; used by one thread.

    Every method raises Damaged where compressed bytes are broken, once; what is asked for next
    comes from the first member after them.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._buffer = bytearray()
        self._raw = b""
        """Compressed bytes that were read from the file and not unpacked."""
        self._packed = file.read(2) == GZIP
        file.seek(0)
        self._unpacker = zlib.decompressobj(wbits=31)
        self._inside = False
        """Whether a member of a gzip file has begun and not ended."""

    def tell(self) -> int:
        """How many bytes of the file were read."""
        return self._file.tell()

    def read(self, most: int) -> bytes:
        """Up to ``most`` bytes; fewer only at the end."""
        while len(self._buffer) < most and self._fill():
            pass
        found = bytes(self._buffer[:most])
        del self._buffer[:most]
        return found

    def peek(self, most: int) -> bytes:
        """What ``read`` would give, which stays to be read; less where bytes are broken."""
        with suppress(Damaged):
            while len(self._buffer) < most and self._fill():
                pass
        return bytes(self._buffer[:most])

    def skip(self, count: int) -> int:
        """Pass over bytes without keeping them; how many there were."""
        left = count
        while left and (self._buffer or self._fill()):
            part = min(left, len(self._buffer))
            del self._buffer[:part]
            left -= part
        return count - left

    def line(self, most: int) -> bytes | None:
        """The next line with its end, cut to ``most`` bytes and the rest passed over.

        A line that was cut has no end. None at the end of the file.
        """
        at = 0
        while (end := self._buffer.find(b"\n", at)) < 0:
            at = len(self._buffer)
            if at > most:
                return self._cut(most)
            if not self._fill():
                return self.read(at) if at else None
        return self.read(end + 1) if end < most else self._cut(most)

    def _cut(self, most: int) -> bytes:
        found = bytes(self._buffer[:most])
        while (end := self._buffer.find(b"\n")) < 0:
            self._buffer.clear()
            if not self._fill():
                return found
        del self._buffer[: end + 1]
        return found

    def _fill(self) -> bool:
        """Get more into the buffer; False at the end."""
        more = self._unpack() if self._packed else self._file.read(CHUNK)
        self._buffer += more
        return bool(more)

    def _unpack(self) -> bytes:
        """The next bytes of a gzip file; empty at its end."""
        while self._raw or self._more():
            if not self._inside:
                self._raw = self._raw.lstrip(b"\0")  # what some writers fill up with
                if not self._raw:
                    continue
                self._unpacker, self._inside = zlib.decompressobj(wbits=31), True
            try:
                found = self._unpacker.decompress(self._raw, CHUNK)
            except zlib.error as error:
                self._find_member()
                raise Damaged("its compressed bytes are broken") from error
            self._inside = not self._unpacker.eof
            kept = self._unpacker.unconsumed_tail if self._inside else self._unpacker.unused_data
            self._raw = kept
            if found:
                return found
        if self._inside:
            self._inside = False
            self._buffer.clear()
            raise Damaged("the file ends in the middle of it")
        return b""

    def _more(self) -> bool:
        self._raw = self._file.read(CHUNK)
        return bool(self._raw)

    def _find_member(self) -> None:
        """Go on where another member seems to begin, or at the end."""
        rest = self._raw[1:]
        self._buffer.clear()
        self._raw, self._inside = b"", False
        while (at := rest.find(_MEMBER)) < 0:
            more = self._file.read(CHUNK)
            if not more:
                return
            rest = rest[-2:] + more
        self._raw = rest[at:]
