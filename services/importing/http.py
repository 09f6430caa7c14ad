"""A saved HTTP response: its status, headers and body, with all coding removed."""

import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import msgspec
import zstandard

MAX_BODY = 5 * 1024 * 1024
"""As for a page that is fetched."""
MAX_HEAD = 64 * 1024
_CODINGS = 2
"""More than one coding upon another has no use but to hurt."""


class Response(msgspec.Struct, frozen=True):
    status: int
    headers: dict[str, str]
    body: bytes


class TooLarge(Exception):
    """The body is more than ``MAX_BODY``, packed or not."""


def parse_response(data: bytes) -> Response:
    """Read what a server sent. Raises ValueError when it is none, TooLarge."""
    head, body = _split(data)
    lines = head.decode("latin-1").replace("\r\n", "\n").split("\n")
    status = _status(lines[0])
    headers = _headers(lines[1:])
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = unchunked(body)
    return Response(status, headers, decoded(body, headers.get("content-encoding", "")))


def _split(data: bytes) -> tuple[bytes, bytes]:
    ends = [
        (at, mark) for mark in (b"\r\n\r\n", b"\n\n") if (at := data.find(mark, 0, MAX_HEAD)) >= 0
    ]
    if not ends:
        if len(data) > MAX_HEAD:
            raise ValueError("its headers are larger than 64 KiB")
        return data, b""
    at, mark = min(ends)
    return data[:at], data[at + len(mark) :]


def _status(line: str) -> int:
    words = line.split(None, 2)
    if len(words) < 2 or not words[0].startswith("HTTP/") or not words[1].isdecimal():
        raise ValueError("it holds no HTTP response")
    status = int(words[1][:4])
    if not 100 <= status <= 599:
        raise ValueError("it holds no HTTP response")
    return status


def _headers(lines: list[str]) -> dict[str, str]:
    """Names in lower case; several of one name joined, as HTTP has it."""
    found: dict[str, str] = {}
    name = ""
    for line in lines:
        if line[:1] in {" ", "\t"} and name:  # folded, as it was once allowed
            found[name] += " " + line.strip()
            continue
        before, colon, value = line.partition(":")
        if colon and before.strip():
            name = before.strip().lower()
            found[name] = f"{found[name]}, {value.strip()}" if name in found else value.strip()
    return found


def unchunked(body: bytes) -> bytes:
    """The body without its chunks; as it is where a writer had removed them and kept the header.

    What comes after a broken chunk is left out, as a browser does.
    """
    parts: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\n", at, at + 256)
        size = _chunk_size(body[at:end]) if end >= 0 else None
        if size is None:
            return b"".join(parts) if parts else body
        at = end + 1
        parts.append(body[at : at + size])
        if not size:
            return b"".join(parts)
        at += size
        at += 2 if body[at : at + 2] == b"\r\n" else 1


def _chunk_size(line: bytes) -> int | None:
    digits = line.partition(b";")[0].strip()
    try:
        return int(digits, 16) if digits.isalnum() and len(digits) <= 8 else None
    except ValueError:
        return None


def decoded(body: bytes, coding: str) -> bytes:
    """The body with its content coding removed, as far as it has one.

    Raises ValueError for one that is not known, broken or laid upon another, TooLarge.
    """
    names = [name for each in coding.lower().split(",") if (name := each.strip())]
    names = [name for name in names if name != "identity"]
    if len(names) >= _CODINGS:
        raise ValueError("its body is packed several times")
    if names:
        unpack = _UNPACK.get(names[0])
        if unpack is None:
            raise ValueError(f"its body is packed in a way that is not known: {names[0][:40]!r}")
        body = unpack(body)
    if len(body) > MAX_BODY:
        raise TooLarge
    return body


def _gzip(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body  # unpacked by whoever saved it
    return _zlib(body, 31)


def _deflate(body: bytes) -> bytes:
    """With or without zlib's frame: servers disagree."""
    try:
        return _zlib(body, 15)
    except ValueError:
        return _zlib(body, -15)


def _zlib(body: bytes, wbits: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=wbits)
    try:
        found = unpacker.decompress(body, MAX_BODY + 1)
    except zlib.error as error:
        raise ValueError("its packed body is broken") from error
    if found.startswith(b"\x1f\x8b"):
        raise ValueError("its body is packed several times")
    return found


def _brotli(body: bytes) -> bytes:
    unpacker = brotli.Decompressor()
    try:
        found: bytes = unpacker.process(body, output_buffer_limit=MAX_BODY + 1)
    except brotli.error as error:
        raise ValueError("its packed body is broken") from error
    return found


def _zstd(body: bytes) -> bytes:
    try:
        with zstandard.ZstdDecompressor(max_window_size=8 * 1024 * 1024).stream_reader(body) as it:
            return it.read(MAX_BODY + 1)
    except zstandard.ZstdError as error:
        raise ValueError("its packed body is broken") from error


_UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
