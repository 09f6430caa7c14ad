"""WARC and JSON lines, read as a stream: what each record is, and what a bad one costs."""

import gzip
import io
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard

from services.importing.http import MAX_BODY, TooLarge, parse_response, unchunked
from services.importing.jsonlines import MOST_LINE, read_lines
from services.importing.records import Fetched, Left, Record
from services.importing.stream import Stream
from services.importing.warc import moment, read_warc
from tests.support.archives import FETCHED, http, line, packed, page, record, warcinfo

AT = datetime.fromisoformat(FETCHED)
MADE = datetime(2026, 3, 1, tzinfo=UTC)
GOOD = record("https://ledger.example/good")


def warc(data: bytes) -> list[Record]:
    return list(read_warc(Stream(io.BytesIO(data))))


def ends(found: list[Record]) -> list[str]:
    return [each.outcome if isinstance(each, Left) else each.url for each in found]


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("pack", [b"".join, gzip.compress, lambda each: packed(*each)])
def test_a_response_is_read_from_every_packing(version: str, pack: object) -> None:
    records = [
        warcinfo(),
        record(kind="request", version=version),
        record(version=version, WARC_Date=FETCHED),
        record("<https://ledger.example/r2>", version=version),
    ]
    data = b"".join(records) if pack is gzip.compress else records
    found = warc(pack(data))  # type: ignore[operator]
    assert ends(found) == [
        "not-a-response",
        "not-a-response",
        "https://ledger.example/r1",
        "https://ledger.example/r2",
    ]
    response = found[2]
    assert isinstance(response, Fetched)
    assert (response.status, response.fetched_at, response.body) == (200, AT, page())
    assert response.headers["content-type"] == "text/html"


def chunked(body: bytes, size: int = 100) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;x=1\r\n%b\r\n" % (len(each), each) for each in parts) + b"0\r\n\r\n"


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (page(), {}),
        (chunked(page()), {"Transfer_Encoding": "chunked"}),
        (page(), {"Transfer_Encoding": "chunked"}),  # its writer had removed the chunks
        (gzip.compress(page()), {"Content_Encoding": "gzip"}),
        (page(), {"Content_Encoding": "gzip"}),
        (zlib.compress(page()), {"Content_Encoding": "deflate"}),
        (raw_deflate(page()), {"Content_Encoding": "deflate"}),
        (brotli.compress(page()), {"Content_Encoding": "br"}),
        (zstandard.compress(page()), {"Content_Encoding": "zstd"}),
        (
            chunked(gzip.compress(page())),
            {"Transfer_Encoding": "chunked", "Content_Encoding": "gzip"},
        ),
        (page(), {"Content_Encoding": "identity"}),
    ],
)  # fmt: skip
def test_a_body_loses_its_codings(body: bytes, headers: dict[str, str]) -> None:
    assert parse_response(http(body, **headers)).body == page()


def test_headers_are_joined_unfolded_and_in_lower_case() -> None:
    data = b"HTTP/1.0 200\nX-Robots-Tag: noai\nx-robots-tag: noindex\n , nofollow\nbad line\n\n<p>"
    found = parse_response(data)
    assert found.headers == {"x-robots-tag": "noai, noindex , nofollow"}
    assert (found.status, found.body) == (200, b"<p>")


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (b"\x1f\x8bbroken", "gzip"),
        (b"\x1bbroken", "br"),
        (b"broken", "zstd"),
        (b"\xff\xff\xff", "deflate"),
        (gzip.compress(gzip.compress(page())), "gzip"),
        (gzip.compress(gzip.compress(page())), "gzip, gzip"),
        (page(), "compress"),
    ],
)
def test_a_body_that_cannot_be_unpacked_says_so(body: bytes, coding: str) -> None:
    with pytest.raises(ValueError, match=r"its (packed )?body is"):
        parse_response(http(body, Content_Encoding=coding))


PACKS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, 1),
    "deflate": lambda data: zlib.compress(data, 1),
    "br": lambda data: bytes(brotli.compress(data, quality=1)),
    "zstd": lambda data: zstandard.compress(data, 1),
}


def zeros(pack: str, mebibytes: int) -> bytes:
    return PACKS[pack](bytes(mebibytes << 20))


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_is_no_more_than_a_page_is_unpacked(coding: str) -> None:
    block = http(zeros(coding, 64), Content_Encoding=coding)
    tracemalloc.start()
    with pytest.raises(TooLarge):
        parse_response(block)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * MAX_BODY


@pytest.mark.parametrize(
    "body",
    [b"zz\r\nhello", b"5\r\nhel", b"-5\r\nhello", b"", b"99999999999\r\n", b"5\r\nhello\r\nz"],
)
def test_chunks_without_sense_do_no_harm(body: bytes) -> None:
    assert len(unchunked(body)) <= len(body)


BAD = {
    "a version of the future": record(version="2.0"),
    "no length": record(Content_Length=""),
    "a length without sense": record(Content_Length="-5"),
    "a length of a terabyte": record(Content_Length=str(10**12)),
    "a header without a name": GOOD.replace(b"WARC-Type:", b"no name\r\nWARC-Type:"),
    "a header of 10 MiB": GOOD.replace(b"WARC-Type:", b"X: " + bytes(10 << 20) + b"\r\nWARC-Type:"),
    "many headers": GOOD.replace(b"WARC-Type:", b"X: y\r\n" * 100_000 + b"WARC-Type:"),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("pack", [lambda *each: b"".join(each), packed], ids=["plain", "gzip"])
def test_a_broken_record_costs_itself_alone(bad: bytes, pack: object) -> None:
    found = warc(pack(GOOD, bad, GOOD))  # type: ignore[operator]
    assert ends(found) == ["https://ledger.example/good", "broken", "https://ledger.example/good"]


@pytest.mark.parametrize(
    ("made", "end"),
    [
        (record(block=b"<html>no HTTP"), "unreadable"),
        (record(block=b""), "unreadable"),
        (record(block=b"HTTP/1.1 999 Odd\r\n\r\n<p>"), "unreadable"),
        (record(block=b"HTTP/1.1 200 OK\r\nX: " + b"x" * (10 << 20)), "too-large"),
        (record(block=b"HTTP/1.1 200 OK\r\nX: " + b"x" * (1 << 20)), "unreadable"),
        (record(block=http(bytes(6 << 20))), "too-large"),
        (record(block=http(zeros("gzip", 16), Content_Encoding="gzip")), "too-large"),
        (record(WARC_Date="yesterday"), "bad-time"),
        (record(WARC_Date="2025-02-30T00:00:00Z"), "bad-time"),
        (record(kind="revisit"), "revisit"),
        (record(kind="metadata"), "not-a-response"),
        (record(Content_Type="text/dns"), "not-a-response"),
    ],
)
def test_a_record_that_is_no_page_has_one_outcome(made: bytes, end: str) -> None:
    assert ends(warc(made + GOOD)) == [end, "https://ledger.example/good"]


def test_a_file_that_ends_in_the_middle_says_so() -> None:
    plain = GOOD + GOOD[:200]
    assert ends(warc(plain)) == ["https://ledger.example/good", "broken"]
    whole = packed(GOOD, GOOD)
    assert ends(warc(whole[:-40])) == ["https://ledger.example/good", "broken"]
    assert warc(b"") == []


def test_broken_bytes_cost_the_members_that_they_are_in() -> None:
    one, two, three = (packed(record(f"https://ledger.example/{n}")) for n in range(3))
    hurt = two[:40] + bytes(60) + two[100:]
    assert ends(warc(one + hurt + three)) == [
        "https://ledger.example/0",
        "broken",
        "https://ledger.example/2",
    ]


def test_a_record_of_half_a_gigabyte_is_passed_over_in_little_memory() -> None:
    size = 256 << 20
    packer = zlib.compressobj(1, wbits=31)
    head = record(kind="resource", block=b"").rstrip(b"\r\n")
    data = packer.compress(head.replace(b"Content-Length: 0", b"Content-Length: %d" % size))
    data += packer.compress(b"\r\n\r\n")
    for _ in range(size >> 20):
        data += packer.compress(bytes(1 << 20))
    data += packer.flush() + packed(GOOD)
    tracemalloc.start()
    began = time.process_time()
    found = warc(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert ends(found) == ["not-a-response", "https://ledger.example/good"]
    assert peak < 20 << 20
    assert time.process_time() - began < 20


def test_a_stream_of_one_endless_line_ends() -> None:
    data = packed(GOOD) + gzip.compress(bytes(64 << 20), 1) + packed(GOOD)
    tracemalloc.start()
    found = warc(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert ends(found)[0] == "https://ledger.example/good"
    assert peak < 20 << 20


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2025-01-28T12:00:00Z", AT),
        ("2025-01-28T12:00:00.123456789Z", AT.replace(microsecond=123456)),
        ("2025-01-28T12:00:00.5Z", AT.replace(microsecond=500000)),
        ("2025-01-28", None),
        ("2025-01-28T12:00:00+01:00", None),
        ("9" * 100_000, None),
        ("", None),
    ],
)
def test_times_of_warc(text: str, at: datetime | None) -> None:
    assert moment(text) == at


def lines(data: bytes) -> list[Record]:
    return list(read_lines(Stream(io.BytesIO(data)), MADE))


def test_json_lines_are_pages() -> None:
    first, second, third = lines(
        line(source="ledger", headers={"X-Robots-Tag": "noai", "Content-Type": "image/png"})
        + b"\n"
        + line("https://ledger.example/t", text="One.\n\nTwo <b>.", title="A & B", fetched_at=None)
        + line("https://ledger.example/late", fetched_at="2025-01-28T13:00:00+01:00")
    )
    assert isinstance(first, Fetched)
    assert (first.source, first.fetched_at, first.body) == ("ledger", AT, page())
    assert first.headers == {
        "x-robots-tag": "noai",
        "content-type": "text/html; charset=utf-8",
    }
    assert isinstance(second, Fetched)
    assert second.fetched_at == MADE
    assert b"<title>A &amp; B</title>" in second.body
    assert b"<p>One.</p>\n<p>Two &lt;b&gt;.</p>" in second.body
    assert isinstance(third, Fetched)
    assert third.fetched_at == AT


@pytest.mark.parametrize(
    ("bad", "outcome"),
    [
        (b"{", "broken"),
        (b"[]", "broken"),
        (b"\xff\xfe", "broken"),
        (b'{"url": 7, "html": ""}', "broken"),
        (b'{"url": "https://ledger.example/"}', "broken"),
        (b'{"url": "https://ledger.example/", "html": "", "text": ""}', "broken"),
        (b"[" * 100_000, "broken"),
        (b'{"url": "x", "html": "", "fetched_at": "2025-01-28T12:00:00"}', "bad-time"),
        (b'{"url": "x", "html": "' + b"x" * MOST_LINE + b'"}', "too-large"),
    ],
)
def test_a_bad_line_stops_no_other(bad: bytes, outcome: str) -> None:
    found = lines(line() + bad + b"\n" + line())
    assert ends(found) == ["https://ledger.example/r1", outcome, "https://ledger.example/r1"]


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    began = time.process_time()
    yield
    assert time.process_time() - began < 20
