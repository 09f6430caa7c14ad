"""WARC files and JSON lines of our own making, good and bad."""

import gzip
import json
from typing import Any

FETCHED = "2025-01-28T12:00:00Z"
PARAGRAPHS = [
    f"DeepSeek trained its model number {number} for only $5.6 million, the company said. "
    "Analysts doubted the figure, which leaves out what earlier research had cost."
    for number in range(1, 6)
]


def page(title: str = "DeepSeek trains a model", paragraphs: list[str] | None = None) -> bytes:
    text = "".join(f"<p>{each}</p>" for each in paragraphs or PARAGRAPHS)
    head = f'<html lang="en"><head><title>{title}</title></head>'
    body = f"<body><article><h1>{title}</h1>{text}</article></body>"
    return f"<!doctype html>{head}{body}</html>".encode()


def http(
    body: bytes, status: str = "200 OK", content_type: str = "text/html", **headers: str
) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def record(
    url: str = "https://ledger.example/r1",
    block: bytes | None = None,
    kind: str = "response",
    version: str = "1.0",
    **fields: str,
) -> bytes:
    """One record, with the two empty lines that end it."""
    block = http(page()) if block is None else block
    given = {
        "WARC-Type": kind,
        "WARC-Target-URI": url,
        "WARC-Date": FETCHED,
        "WARC-Record-ID": "<urn:uuid:00000000-0000-4000-8000-000000000001>",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    } | {name.replace("_", "-"): value for name, value in fields.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value)
    return f"WARC/{version}\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def warcinfo() -> bytes:
    return record("", b"software: tests\r\n", "warcinfo", Content_Type="application/warc-fields")


def packed(*records: bytes) -> bytes:
    """A ``.warc.gz``: each record is a member of its own."""
    return b"".join(gzip.compress(each) for each in records)


def line(url: str = "https://ledger.example/r1", **fields: Any) -> bytes:
    given = {"url": url, "fetched_at": FETCHED} | fields
    given.setdefault("html", page().decode()) if "text" not in given else None
    return json.dumps(given).encode() + b"\n"
