"""Whole pages: hostile ones, broken ones, and the furniture that is no text."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processors.extract import MAX_SIZE, extract_article
from processors.extract.boilerplate import Block, without_boilerplate
from processors.extract.gate import refusal
from processors.extract.language import detect_language
from tests.support.pages import golden_cases

URL = "https://news.example/story"
PAGES = [(case.folder / "page.html").read_bytes() for case in golden_cases()]
QUIET = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<p>" + b"x" * MAX_SIZE, "larger than"),
        (b"<div>" * 200_000, "nested deeper"),
        (b"<p>x</p>" * 30_000, "more than 20,000 elements"),
        (b"<div " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">", "1,000 attributes"),
        (b"<div " + b" ".join(b"a%d='>'" % n for n in range(90_000)) + b">", "1,000 attributes"),
        (b"<!--><i " + b'"" '.join(b"a%d=" % n for n in range(90_000)) + b">", "1,000 attributes"),
        (b'<div class="' + b"a " * 1_000_000 + b'">', "longer than"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04....", "a zip"),
        (b'<?xml version="1.0"?><rss version="2.0"></rss>', "a feed"),
        (b"", "no element"),
        (b"\x00" * 1_000, "no element"),
    ],
)
def test_what_is_refused_before_parsing(body: bytes, reason: str) -> None:
    found = extract_article(body, URL)

    assert found.outcome == "not-article"
    assert reason in found.reason


def test_a_script_may_hold_what_looks_like_tags() -> None:
    script = "<script>for (i=0; i<n; i++) {" + "x = '<b>'; " * 30_000 + "}</script>"

    assert refusal(f"<html><body>{script}<p>text</p></body></html>") is None


def test_one_endless_word_is_no_harm() -> None:
    page = (
        b"<html><body><article><p>" + b"subscribe-to-" * 100_000 + b"</p></article></body></html>"
    )

    assert extract_article(page, URL).outcome == "too-short"


@QUIET
@given(st.binary(max_size=2_000), st.text(max_size=60), st.text(max_size=60))
def test_random_bytes_never_raise(body: bytes, url: str, content_type: str) -> None:
    assert extract_article(body, url, content_type=content_type).outcome


@QUIET
@given(st.data())
def test_a_mutated_page_never_raises_and_stays_clean(data: st.DataObject) -> None:
    page = data.draw(st.sampled_from(PAGES))
    start = data.draw(st.integers(0, len(page)))
    end = data.draw(st.integers(start, min(len(page), start + 400)))
    patch = data.draw(st.binary(max_size=30) | st.sampled_from((b"<", b'"', b"</", b"]]>", b"{")))

    found = extract_article(
        page[:start] + patch + page[end:], URL, fetched_at=datetime(2025, 3, 20, tzinfo=UTC)
    )

    found.body.encode("utf-8")
    assert "\x00" not in found.body
    blocks = found.body.split("\n\n") if found.body else []
    assert all(block and block.strip() == block for block in blocks)
    assert found.published is None or found.published.utcoffset() is not None


@pytest.mark.parametrize(
    ("written", "read"),
    [("&#8;", ""), ("&#x1F;", ""), ("&#00012;", ""), ("&#80;", "P"), ("&#146;", "’"), ("\x01", "")],
)
def test_a_control_character_costs_no_text(written: str, read: str) -> None:
    text = "The laboratory said that the sum{} it had paid was a tenth of what its rivals pay. "
    page = f"<html><body><article><p>{text.format(written) * 4}</p></article></body></html>"

    assert extract_article(page, URL).body == (text.format(read) * 4).strip()


LEAD = Block(
    "paragraph",
    "The laboratory said on Tuesday that its newest model had cost a tenth of the usual sum, "
    "and that the saving came from shorter runs on chips bought two years ago.",
)
MORE = Block(
    "paragraph",
    "Analysts were more careful, and noted that the figure leaves out salaries as well as all "
    "the experiments that failed before the final run was started in the autumn.",
)


@pytest.mark.parametrize(
    "text",
    [
        "Read more: Why training costs fall",
        "Related: Ten chips of the year",
        "Sign up for our daily newsletter and get the news in your inbox",
        "Discover more from Inkwell",
        "Subscribe to get the latest posts sent to your email.",
        "Share this: Facebook X",
        "Advertisement",
        "Follow us on Mastodon",
        "We use cookies to improve your experience",
        "Photo: Ann Poe/Reuters",
        "(Reporting by Ann Poe; Editing by Bo Lee)",
        "© 2025 Gazette. All rights reserved.",
    ],
)
def test_furniture_is_dropped(text: str) -> None:
    assert without_boilerplate([LEAD, Block("paragraph", text), MORE]) == [LEAD, MORE]


@pytest.mark.parametrize(
    "text",
    [
        "Read the report, he said, before you quote it.",
        "The company asks readers to pay; some of them do.",
        "Shares fell 17% after the announcement.",
        "More chips were sold in March than in any month before.",
        "Terms of the deal were not disclosed.",
        "Copyright claims against OpenAI will go to trial, a judge ruled.",
        "Tweets that the minister deleted were kept by others.",
        "Loading the model takes a second.",
        "Promoted in May, she left in June.",
        "Watching the share price is no strategy, she told investors on a call of two hours, "
        "because nobody at the firm expects the market to settle before the summer.",
    ],
)
def test_sentences_are_kept(text: str) -> None:
    block = Block("paragraph", text)

    assert without_boilerplate([LEAD, block, MORE]) == [LEAD, block, MORE]


def test_what_follows_a_closing_heading_is_dropped() -> None:
    tail = [Block("heading", "Most read"), Block("item", "Ten gadgets for spring")]

    assert without_boilerplate([LEAD, MORE, *tail]) == [LEAD, MORE]


def test_a_block_that_is_only_a_link_is_dropped() -> None:
    link = Block("paragraph", "Court hears the first case")

    assert without_boilerplate([LEAD, link], links=("courthearsthefirstcase",)) == [LEAD]


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("The model that was trained in the hall is not for sale, and it has been", "de", "en"),
        (
            "Das Labor hat sein neues Modell für ein Zehntel der üblichen Summe trainiert",
            "en",
            "de",
        ),
        ("Lumen 4.2", "pt", "pt"),
        ("", "", ""),
    ],
)
def test_the_text_decides_its_language(text: str, declared: str, language: str) -> None:
    assert detect_language(text, declared) == language
