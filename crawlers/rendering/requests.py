"""What the browser asks its proxy for, read from the head of a request. Pure."""

import re
from urllib.parse import urlsplit

import msgspec

MOST_HEAD = 64 * 1024
_HOP = frozenset({"connection", "keep-alive", "proxy-authorization", "proxy-connection", "upgrade"})
"""Headers between the browser and its proxy, which go no further."""
_METHOD = re.compile(r"[A-Z]{1,20}")
_NUMBER = re.compile(r"[0-9]{1,15}")
_PLAIN = 80


class BadRequestError(ValueError):
    """Nothing that a browser of ours would ask for."""


class Asked(msgspec.Struct, frozen=True):
    """One request to the proxy."""

    host: str
    port: int
    tunnel: bool
    """CONNECT: bytes go to and fro as they are."""
    password: str
    """As ``Proxy-Authorization`` has it."""
    head: bytes = b""
    """What the server is sent."""
    length: int = 0
    """Bytes of body that follow."""


def read_request(head: bytes) -> Asked:
    """A request from its head, up to the empty line. Raises BadRequestError."""
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, version, *rest = [*first.split(" "), "", ""]
    if rest[2:] or version not in {"HTTP/1.1", "HTTP/1.0"} or not _METHOD.fullmatch(method):
        raise BadRequestError("no request line")
    headers = [_header(line) for line in lines if line]
    named = {name.lower(): value for name, value in headers}
    password = named.get("proxy-authorization", "")
    if method == "CONNECT":
        host, port = _place(f"//{target}", 0)
        return Asked(host, port, tunnel=True, password=password)
    if not target.lower().startswith("http://"):
        raise BadRequestError("neither a tunnel nor an address of http")
    host, port = _place(target, _PLAIN)
    parts = urlsplit(target)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = [(name, value) for name, value in headers if name.lower() not in _HOP]
    sent = "".join(f"{name}: {value}\r\n" for name, value in kept)
    head = f"{method} {path} HTTP/1.1\r\n{sent}Connection: close\r\n\r\n".encode("latin-1")
    return Asked(host, port, tunnel=False, password=password, head=head, length=_length(named))


def closing(head: bytes) -> bytes:
    """The head of an answer, after which the browser's connection closes, whatever it said."""
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    kept = [line for line in lines if line.partition(b":")[0].strip().lower().decode("latin-1")
            not in _HOP]  # fmt: skip
    return b"\r\n".join([first, *kept, b"Connection: close", b"", b""])


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name or name != name.strip() or "\n" in line or "\r" in line:
        raise BadRequestError("no header")
    return name, value.strip()


def _length(named: dict[str, str]) -> int:
    given = named.get("content-length", "0")
    if "transfer-encoding" in named or not _NUMBER.fullmatch(given):
        raise BadRequestError("a body of unknown length")
    return int(given)


def _place(target: str, usual: int) -> tuple[str, int]:
    try:
        parts = urlsplit(target)
        host, port = parts.hostname, parts.port if parts.port is not None else usual
    except ValueError as error:
        raise BadRequestError("no address") from error
    if not host or not port or "@" in parts.netloc:
        raise BadRequestError("no address")
    return host, port
