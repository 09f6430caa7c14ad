"""Lists of sources: every format in and out, and files that mean no good."""

import tracemalloc
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from services.errors import UserError
from services.sources.catalogue import catalogue
from services.sources.exports import EXPORTS, ExportFormat, write_list
from services.sources.importing import Plan, plan_import
from services.sources.lists import read_list
from services.sources.read import Problem
from services.sources.rules import MOST_NAME, Draft, Known, new_source
from services.sources.spans import LONGEST, SHORTEST, parse_span, span_text
from services.store.port import Source

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
LAB = Source(id="lab", url="https://lab.example/feed.xml", name="The Lab", added_at=NOW)


def drafts(data: bytes, name: str = "", form: str = "") -> list[Draft]:
    """Of a list without a flaw."""
    return [read[0] for read in read_list(data, name, form) if not isinstance(read, Problem)]


def problems(data: bytes, name: str = "") -> list[Problem]:
    return [read for read in read_list(data, name) if isinstance(read, Problem)]


def planned(data: bytes, known: Sequence[Source] = (), **more: Any) -> Plan:
    return plan_import(read_list(data), known, NOW, **more)


def opml(body: str, head: str = "<opml version='2.0'>") -> bytes:
    return f"<?xml version='1.0'?>\n{head}<head/><body>\n{body}\n</body></opml>".encode()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"https://a.example/feed The A\n# a remark\n\nhttps://b.example/\n", "list"),
        (b'[{"url": "https://a.example/feed", "name": "The A"}, "https://b.example/"]', "list"),
        (b'{"url": "https://a.example/feed", "name": "The A"}\n"https://b.example/"\n', "a.jsonl"),
        (
            b'{"sources": [{"url": "https://a.example/feed", "name": "The A"},'
            b' {"url": "https://b.example/", "note": "12 entries", "every": null}]}',
            "list",
        ),
        (
            b'# mine\n[[sources]]\nurl = "https://a.example/feed"\nname = "The A"\n'
            b'[[sources]]\nurl = "https://b.example/"\n',
            "list",
        ),
        (
            opml(
                "<outline text='AI'><outline type='rss' text='The A' "
                "xmlUrl='https://a.example/feed'/></outline>"
                "<outline title='' xmlUrl='https://b.example/'/>"
            ),
            "list",
        ),
        (
            opml(
                "<OUTLINE TEXT='The A' xmlurl='https://a.example/feed'/>", "<opml version='1.0'>"
            ).replace(b"</body>", b"<outline xmlUrl='https://b.example/'/></body>"),
            "feeds.opml",
        ),
        ("﻿https://a.example/feed The A\nhttps://b.example/".encode("utf-16"), "list"),
    ],
    ids=["lines", "json", "json-lines", "json-sources", "toml", "opml-2", "opml-1", "utf-16"],
)
def test_every_format_is_told_by_itself(data: bytes, name: str) -> None:
    assert drafts(data, name) == [
        Draft(url="https://a.example/feed", name="The A"),
        Draft(url="https://b.example/"),
    ]


def test_an_opml_outline_says_all_that_a_source_has() -> None:
    body = (
        "<outline text='Lab &amp; Co' htmlUrl='https://lab.example/' language='en-US' "
        "category='/Tech/AI,/lab' xmlUrl='https://lab.example/f?a=1&b=2&copy=3' "
        "xmlns:beatwire='urn:beatwire:sources' beatwire:id='lab' beatwire:every='6h' "
        "beatwire:priority='-2' beatwire:paused='true'/>"
    )
    assert drafts(opml(body)) == [
        Draft(
            url="https://lab.example/f?a=1&b=2&copy=3",
            id="lab",
            name="Lab & Co",
            kind="lab",
            language="en",
            home="https://lab.example/",
            every="6h",
            priority=-2,
            paused=True,
        )
    ]


@pytest.mark.parametrize("form", EXPORTS)
def test_the_catalogue_comes_back_from_every_format(form: ExportFormat) -> None:
    sources = plan_import([(entry.draft, "") for entry in catalogue()], (), NOW).added
    assert len(sources) == len(catalogue())
    back = planned(write_list(form, sources, NOW))
    assert not back.problems
    assert sorted(back.added, key=by_id) == sorted(sources, key=by_id)


def by_id(source: Source) -> str:
    return source.id


@given(
    name=st.text(max_size=60),
    every=st.none() | st.integers(60, 86_400 * 300).map(float),
    priority=st.integers(-9, 9),
    paused=st.booleans(),
    kind=st.sampled_from(["", "lab", "trade"]),
    form=st.sampled_from(EXPORTS),
)
def test_any_source_comes_back(
    *, name: str, every: float | None, priority: int, paused: bool, kind: str, form: ExportFormat
) -> None:
    draft = Draft(url=LAB.url, name=name, every=every or "", priority=priority, paused=paused)
    source = new_source(msgspec.structs.replace(draft, kind=kind), Known(()), NOW)
    written = write_list(form, [source], NOW)
    if form == "opml":
        etree.fromstring(written)
    (back,) = planned(written).added
    # OPML wants a text, so that a source without a name goes by its id there.
    named = source.name or (source.id if form == "opml" else "")
    assert msgspec.structs.replace(back, name="") == msgspec.structs.replace(source, name="")
    assert back.name == named.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def test_control_characters_never_make_an_export_invalid() -> None:
    """What an older version or another program put into the store."""
    odd = msgspec.structs.replace(
        LAB, name="a\x00\x1b[31m\x7f\ufffe\ud800b\n", home="https://x/\x08"
    )
    for form in EXPORTS:
        written = write_list(form, [odd], NOW)
        assert b"\x1b" not in written
        (draft,) = drafts(written)
        assert draft.name.startswith("a")
    etree.fromstring(write_list("opml", [odd], NOW))


def test_an_export_is_opml_as_it_is_specified() -> None:
    sources = [LAB, msgspec.structs.replace(LAB, id="b", url="https://b.example/", kind="wire")]
    root = etree.fromstring(write_list("opml", sources, NOW))
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert [child.tag for child in root] == ["head", "body"]
    for outline in root.iter("outline"):
        assert outline.get("text")
        assert (outline.get("type") == "rss") == (outline.get("xmlUrl") is not None)
    assert root.xpath("string(body/outline[@text='wire']/outline/@category)") == "/wire"


LINES = b"""\
https://a.example/feed
nothing
ftp://b.example/
https://user:secret@c.example/
https://a.example/feed?utm_source=x
http://10.0.0.1/feed
http://[::1]:8080/
http://localhost/feed
http://169.254.169.254/latest/meta-data/
https://d.example/
"""


def test_one_bad_line_never_stops_the_others() -> None:
    plan = planned(LINES, [LAB])
    assert [source.id for source in plan.added] == ["a.example", "d.example"]
    assert plan.there == (("https://a.example/feed?utm_source=x", "a.example"),)
    told = {problem.where: problem.reason for problem in plan.problems}
    assert list(told) == [f"line {number}" for number in (2, 3, 4, 6, 7, 8, 9)]
    assert "no address" in told["line 2"]
    assert "http or https" in told["line 3"]
    assert "a name and a password" in told["line 4"]
    assert "secret" not in told["line 4"]
    for number in (6, 7, 8, 9):
        assert "private or reserved" in told[f"line {number}"] or "port" in told[f"line {number}"]
        assert "BEATWIRE_ALLOW_NETWORKS" in told[f"line {number}"]


def test_private_addresses_that_the_operator_allows_are_taken() -> None:
    plan = planned(LINES, allowed=[ip_network("10.0.0.0/8")])
    assert "http://10.0.0.1/feed" in {source.url for source in plan.added}


def test_what_is_there_already_stays_as_it_is() -> None:
    body = "<outline text='Another name' xmlUrl='https://LAB.example:443/feed.xml#x'/>"
    plan = planned(opml(body), [LAB])
    assert plan == Plan(there=(("https://LAB.example:443/feed.xml#x", "lab"),))


def test_an_id_that_somebody_has_is_no_reason_to_leave_a_source_out() -> None:
    (added,) = planned(b'[{"id": "lab", "url": "https://other.example/feed"}]', [LAB]).added
    assert added.id == "other.example"


@pytest.mark.parametrize(
    ("data", "where", "words"),
    [
        (b'{"url": 1}\n{"url": "https://a.example/"}', "line 1", "Expected `str`"),
        (b'{"url": "https://a.example/", "nope": 1}', "source 1", "unknown field `nope`"),
        (b'{"name": "no address"}', "source 1", "missing required field `url`"),
        (b"[1]", "source 1", "no source"),
        (b'{"url": "https://a.example/"}\n{broken', "line 2", "no JSON"),
        (b'sources = [{url = "https://a.example/", every = true}]', "source 1", "Expected"),
        (opml("<outline type='rss' text='Lost'/>"), "line 3", "'Lost' has no address"),
        (opml("<outline text='a' xmlUrl='https://a.example/'>"), "line 4", "mismatch"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(data: bytes, where: str, words: str) -> None:
    told = problems(data)[0]
    assert told.where == where
    assert words in told.reason
    assert told.remedy


LAUGHS = b"<!DOCTYPE o [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
FILE = b"<!DOCTYPE o [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            LAUGHS + b"<opml><body><outline text='&b;' xmlUrl='https://a.example/'/></body></opml>",
            "entities",
        ),
        (
            FILE + b"<opml><body><outline text='&a;' xmlUrl='https://a.example/'/></body></opml>",
            "entities",
        ),
        (b"<" + b" " * 6_000_000, "more than 5 MiB"),
        (b"<opml>" + b"<a/>" * 1_000_000 + b"</opml>", "more than 100,000 tags"),
        (b"<opml>" + b"<outline xmlUrl='http://a.example/'/>" * 9_000, "more than 5,000 sources"),
        (b"<html><body/></html>", "no OPML"),
        (b"<!doctype html><p>no", "cannot be read as XML"),
        (b"a = " + b"[" * 100_000, "nested too deeply"),
        (b"a = 1", "no [[sources]]"),
        (b"a = ", "cannot be read"),
        (b'{"sources": 1}', "no list of sources"),
        (b"\x1f\x8b\x08\x00", "unpack it first"),
        (b"PK\x03\x04", "unpack it first"),
        (b"https://a.example/ \xff\xfe", "not in UTF-8"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_file_that_is_none_is_refused_in_one_line(data: bytes, words: str) -> None:
    """Row 78: bombs among them."""
    with pytest.raises(UserError, match=r"\w") as told:
        read_list(data)
    assert words in str(told.value)
    assert "\n" not in str(told.value)


def test_deep_and_outside_documents_are_harmless() -> None:
    deep = b"<opml><body>" + b"<outline text='a'>" * 100_000
    assert [problem.reason for problem in problems(deep)] == ["nested too deeply"]
    nested = b"<outline text='a'>" * 30 + b"<outline xmlUrl='https://a.example/'/>"
    assert "deeper than 16" in problems(b"<opml><body>" + nested)[0].reason
    outside = b"<!DOCTYPE opml SYSTEM 'http://127.0.0.1:9/x.dtd'><opml><outline text='&x;' "
    (draft,) = drafts(outside + b"xmlUrl='https://a.example/'/></opml>")
    assert draft.name == "&x;"


def test_a_long_list_takes_little_memory() -> None:
    tracemalloc.start()
    try:
        many = "".join(f"<outline text='a' xmlUrl='https://a{n}.example/'/>" for n in range(5_000))
        assert len(drafts(opml(many))) == 5_000
        assert tracemalloc.get_traced_memory()[1] < 30 * 1024 * 1024
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("90s", 90), ("90m", 5400), ("1.5h", 5400), (" 3D ", 259_200), ("366d", LONGEST)],
)
def test_spans_are_read(text: str, seconds: float) -> None:
    assert parse_span(text) == seconds
    assert parse_span(span_text(seconds)) == seconds


@pytest.mark.parametrize("text", ["", "0", "59s", "367d", "1w", "-3h", "٣h", "1e9", "h", "3 hours"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="write 90m, 6h or 3d"):
        parse_span(text)
    assert SHORTEST == 60


def test_a_name_is_one_line_of_bounded_length() -> None:
    made = new_source(Draft(url=LAB.url, name=" a\n\tb\x1b" + "c" * 999), Known(()), NOW)
    assert made.name.startswith("a b c")
    assert len(made.name) == MOST_NAME
