"""robots.txt, retries, redirects, validators, lanes: how a crawl behaves towards others."""

from datetime import UTC, datetime, timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.fetching.conditional import request_headers, validators
from crawlers.fetching.hops import next_hop
from crawlers.fetching.outcomes import EndedError, of_status
from crawlers.fetching.patience import MOST_WAIT, wait_for
from crawlers.fetching.robots import MAX_BYTES, MAX_DELAY, closed, read_rules
from crawlers.lanes import Lanes
from services.store.port import Target

NOW = datetime(2025, 2, 3, 10, tzinfo=UTC)
SITE = "https://paper.example/"
PAGE = "https://paper.example/a/page"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429])
def test_a_site_without_rules_allows_everything(status: int) -> None:
    assert read_rules(status, b"User-agent: *\nDisallow: /").allow(PAGE)


@pytest.mark.parametrize("status", [500, 502, 503, 599, 100])
def test_a_site_that_cannot_answer_is_closed(status: int) -> None:
    rules = read_rules(status, b"")
    assert not rules.allow(PAGE)
    assert str(status) in rules.closed
    assert not closed().allow(PAGE)


def test_our_own_name_counts_before_the_star() -> None:
    rules = read_rules(
        200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n\nUser-agent: BeatWire\nDisallow: /b\n"
    )
    assert rules.allow(PAGE)
    assert not rules.allow("https://paper.example/b")


def test_only_the_beginning_of_a_long_file_counts() -> None:
    head = b"User-agent: *\nDisallow: /b\n"
    rules = read_rules(200, head + b"#" * MAX_BYTES + b"\nDisallow: /a\n")
    assert rules.allow(PAGE)
    assert not rules.allow("https://paper.example/b")


def test_the_sitemaps_that_a_site_names() -> None:
    body = (
        b"Sitemap: https://paper.example/a.xml\nUser-agent: x\nDisallow: /\n"
        b"sitemap:https://paper.example/b.xml\nSitemap: /relative\nSitemap: file:///etc/passwd\n"
        b"Sitemap: https://paper.example/a.xml\n"
    )
    assert read_rules(200, body).sitemaps == (
        *("https://paper.example/a.xml", "https://paper.example/b.xml"),
    )
    assert read_rules(404, body).sitemaps == ()


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16"])
def test_rules_are_read_whatever_mark_they_begin_with(charset: str) -> None:
    rules = read_rules(200, "User-agent: *\nDisallow: /private\n".encode(charset))
    assert (rules.allow(f"{SITE}private"), rules.allow(SITE)) == (False, True)


BOMBS = {
    "one long pattern": "/" + "*a" * 2000 + "$",
    "nothing but stars": "/" + "*" * 500_000 + "b",
    "many patterns": "/*a*a*a*a*a*a*a*a*a*a*a*a*b$\nDisallow: " * 500,
    "no line ends": "/a" * 260_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_patterns_cost_next_to_nothing(name: str) -> None:
    began = process_time()
    rules = read_rules(200, f"User-agent: *\nDisallow: {BOMBS[name]}\n".encode())
    rules.allow("https://paper.example/" + "a" * 2000)
    assert process_time() - began < 0.05


def test_many_names_with_many_rules_cost_next_to_nothing() -> None:
    """Each rule is kept for each name of its group: 18,000 times 32,000 is more than fits."""
    body = b"".join(b"useragent:a%d\n" % n for n in range(18_000)) + b"allow:/\n" * 32_000
    began = process_time()
    assert read_rules(200, body[: 512 * 1024]).allow(SITE)
    assert process_time() - began < 2


@pytest.mark.parametrize(
    ("names", "ours"),
    [
        ("User-agent: Beatwire", True),
        ("user agent beatwire*", True),
        ("User-agent: BEATWIRE/1.0  # the news", True),
        ("User-agent: GPTBot\nUser-agent: beatwire\nUser-agent: b", True),
        ("User-agent: b", False),
        ("User-agent: beatwired", False),
        ("User-agent: GPTBot", False),
    ],
)
def test_only_our_own_name_is_ours(names: str, ours: bool) -> None:
    body = f"{names}\nDisallow: /private\n\nUser-agent: *\nDisallow: /all\n"
    rules = read_rules(200, body.encode())
    assert rules.allow(f"{SITE}private") != ours
    assert rules.allow(f"{SITE}all") == ours


def test_bytes_that_are_no_text_spoil_no_other_line() -> None:
    rules = read_rules(200, b"User-agent: *\nDisallow: /\xff\xfe\x00\nDisallow: /private\n")
    assert (rules.allow(f"{SITE}private"), rules.allow(SITE)) == (False, True)


def test_a_delay_is_kept_up_to_a_limit() -> None:
    modest = read_rules(200, b"User-agent: *\nCrawl-delay: 2.5\n")
    greedy = read_rules(200, b"User-agent: *\nCrawl-delay: 3600\n")
    assert (modest.delay, greedy.delay, greedy.asked_delay) == (2.5, MAX_DELAY, 3600)
    assert read_rules(200, b"").delay == 0


def test_rules_are_kept_for_a_day() -> None:
    rules = read_rules(200, b"", NOW)
    assert not rules.stale(NOW + timedelta(hours=24))
    assert rules.stale(NOW + timedelta(hours=24, seconds=1))


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("5", 5),
        ("99999999", 60),
        ("9" * 5000, 60),
        ("-5", 1),
        ("0", 1),
        ("soon", 1),
        ("Mon, 03 Feb 2025 10:00:30 GMT", 30),
        ("Mon, 03 Feb 2020 10:00:00 GMT", 1),
        ("Mon, 03 Feb 2031 10:00:00 GMT", 60),
        ("", 0.5),
    ],
)
def test_retry_after_is_clamped(asked: str, seconds: float) -> None:
    assert wait_for(asked, 0, 0.5, NOW) == seconds


def test_the_pause_doubles() -> None:
    assert [wait_for("", tries, 1.0, NOW) for tries in range(8)][-2:] == [MOST_WAIT, MOST_WAIT]
    assert wait_for("", 1, 1.0, NOW) == 2.0


@given(st.text(max_size=60), st.integers(0, 2), st.floats(0.1, 3600))
def test_no_header_makes_us_wait_for_ever(asked: str, tries: int, base: float) -> None:
    assert 0 < wait_for(asked, tries, base, NOW) <= MOST_WAIT


@pytest.mark.parametrize(
    ("location", "hop"),
    [
        ("/b", "https://paper.example/b"),
        ("//other.example/x#part", "https://other.example/x"),
        ("http://user:secret@paper.example/", "http://paper.example/"),
    ],
)
def test_a_redirect_leads_on_without_user_and_fragment(location: str, hop: str) -> None:
    assert next_hop(PAGE, location, (PAGE,)) == hop


@pytest.mark.parametrize(
    ("location", "outcome"),
    [
        (PAGE, "redirect-loop"),
        ("file:///etc/passwd", "redirect-loop"),
        ("ftp://paper.example/", "redirect-loop"),
        ("data:text/html,x", "redirect-loop"),
        ("javascript:alert(1)", "redirect-loop"),
        ("gopher://paper.example:70/", "redirect-loop"),
        ("http://", "bad-url"),
        ("http://[bad/", "bad-url"),
        ("http://paper.example:99999/", "bad-url"),
        ("/" + "a" * 3000, "bad-url"),
    ],
)
def test_a_redirect_that_leads_nowhere_ends(location: str, outcome: str) -> None:
    with pytest.raises(EndedError) as caught:
        next_hop(PAGE, location, (PAGE,))
    assert caught.value.end.outcome == outcome


def test_five_redirects_and_no_more() -> None:
    trail = tuple(f"https://paper.example/{n}" for n in range(5))
    assert next_hop(trail[-1], "/next", trail)
    with pytest.raises(EndedError, match="more than 5 redirects"):
        next_hop("https://paper.example/5", "/next", (*trail, "https://paper.example/5"))


def test_validators_go_back_as_they_came() -> None:
    etag, modified = validators({"etag": 'W/"odd,;"', "last-modified": "yesterday"})
    target = Target(
        url=PAGE, source="s", etag=etag, last_modified=modified, content_hash="h", fetched_at=NOW
    )
    assert request_headers(target) == {
        "If-None-Match": 'W/"odd,;"',
        "If-Modified-Since": "yesterday",
    }


@pytest.mark.parametrize("value", ["a\r\nX: y", "é", "x" * 1025, "\x00"])
def test_validators_that_could_do_harm_are_dropped(value: str) -> None:
    assert validators({"etag": value, "last-modified": value}) == ("", "")


def test_nothing_conditional_before_the_first_bytes() -> None:
    assert request_headers(None) == {}
    assert request_headers(Target(url=PAGE, source="s", etag='"x"')) == {}


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (404, "not-found"),
        (410, "gone"),
        (403, "unreadable"),
        (429, "server-error"),
        (500, "server-error"),
        (302, "redirect-loop"),
        (204, "unreadable"),
    ],
)
def test_what_a_status_alone_says(status: int, outcome: str) -> None:
    end = of_status(status)
    assert end is not None
    assert end.outcome == outcome


@given(st.lists(st.sampled_from("abc")), st.integers(1, 3))
def test_lanes_keep_the_order_of_a_host_and_let_all_pass(hosts: list[str], width: int) -> None:
    lanes: Lanes[tuple[str, int]] = Lanes(width)
    entered = [lanes.enter(host, (host, n)) for n, host in enumerate(hosts)]
    under_way = [item for item in entered if item]
    seen = list(under_way)
    while under_way:
        for host in "abc":
            assert sum(item[0] == host for item in under_way) <= width
        host, _ = under_way.pop(0)
        if following := lanes.leave(host):
            assert following[0] == host
            under_way.append(following)
            seen.append(following)
    assert sorted(seen) == sorted((host, n) for n, host in enumerate(hosts))
    for host in "abc":
        numbers = [n for name, n in seen if name == host]
        assert numbers == sorted(numbers)
