"""Canonical addresses and the ids and hashes made from them."""

import string
from random import Random
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.ids import MAX_URL, article_id, bytes_hash, canonical_url, content_hash


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        # Scheme, host and port
        ("HTTPS://Ledger.EXAMPLE/A", "https://ledger.example/A"),
        ("http://ledger.example", "http://ledger.example/"),
        ("http://ledger.example.:80/", "http://ledger.example/"),
        ("https://ledger.example:443/", "https://ledger.example/"),
        ("http://ledger.example:443/", "http://ledger.example:443/"),
        ("http://ledger.example:/a", "http://ledger.example/a"),
        ("http://ledger.example:08080/a", "http://ledger.example:8080/a"),
        ("http://me:secret@ledger.example/a", "http://ledger.example/a"),
        ("http://good.example@ledger.example/a", "http://ledger.example/a"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://LEDGER。example/", "http://ledger.example/"),
        ("http://my_desk.ledger.example/", "http://my_desk.ledger.example/"),
        ("http://[2001:DB8:0:0::1]:8080/a", "http://[2001:db8::1]:8080/a"),
        ("http://[2001:db8::1]:80/a", "http://[2001:db8::1]/a"),
        # White space and control characters
        ("  \n http://ledger.example/a \t", "http://ledger.example/a"),
        ("\x00http://ledger.example/a\x1f", "http://ledger.example/a"),
        ("http://ledger.example/a\r\n\tb", "http://ledger.example/ab"),
        ("http://ledger.example/a b", "http://ledger.example/a%20b"),
        ("http://ledger.example/a\x00\x7fb", "http://ledger.example/a%00%7Fb"),
        # Path
        ("http://ledger.example/a/./b/../c", "http://ledger.example/a/c"),
        ("http://ledger.example/a/..", "http://ledger.example/"),
        ("http://ledger.example/../../a/.", "http://ledger.example/a/"),
        ("http://ledger.example/%2e%2E/a", "http://ledger.example/a"),
        ("http://ledger.example//a//b/", "http://ledger.example//a//b/"),
        ("http://ledger.example/%7euser/%c3%a9", "http://ledger.example/~user/%C3%A9"),
        ("http://ledger.example/é/新", "http://ledger.example/%C3%A9/%E6%96%B0"),
        ("http://ledger.example/%E9", "http://ledger.example/%E9"),
        ("http://ledger.example/a%2Fb", "http://ledger.example/a%2Fb"),
        ("http://ledger.example/100%", "http://ledger.example/100%25"),
        ("http://ledger.example/%zz%4%31", "http://ledger.example/%25zz%2541"),
        ("http://ledger.example/a'(b)\"<c>", "http://ledger.example/a'(b)%22%3Cc%3E"),
        ("http://ledger.example/a\\b", "http://ledger.example/a%5Cb"),
        ("http://ledger.example/a;JSESSIONID=0F/b", "http://ledger.example/a/b"),
        ("http://ledger.example/a;%6Asessionid=0F", "http://ledger.example/a"),
        ("http://ledger.example/a;v=1", "http://ledger.example/a;v=1"),
        # Query and fragment
        ("http://ledger.example?b=2&a=1", "http://ledger.example/?a=1&b=2"),
        ("http://ledger.example/a?", "http://ledger.example/a"),
        ("http://ledger.example/a?&&", "http://ledger.example/a"),
        ("http://ledger.example/a?12345", "http://ledger.example/a?12345"),
        ("http://ledger.example/a?b=", "http://ledger.example/a?b="),
        ("http://ledger.example/a?q=x%20y+z", "http://ledger.example/a?q=x+y+z"),
        ("http://ledger.example/a?q=1%2B1%261%3d2", "http://ledger.example/a?q=1%2B1%261%3D2"),
        ("http://ledger.example/a?q=é", "http://ledger.example/a?q=%C3%A9"),
        ("http://ledger.example/a?q=%e9", "http://ledger.example/a?q=%E9"),
        ("http://ledger.example/a?u=/b:c,d", "http://ledger.example/a?u=/b:c,d"),
        ("http://ledger.example/a?u=%2Fb%3Ac%2Cd", "http://ledger.example/a?u=/b:c,d"),
        ("http://ledger.example/a?x=a=b", "http://ledger.example/a?x=a%3Db"),
        ("http://ledger.example/a?utm_source=x&id=3&fbclid=y", "http://ledger.example/a?id=3"),
        ("http://ledger.example/a?%75tm_source=x", "http://ledger.example/a"),
        ("http://ledger.example/a?UTM_Medium=x#utm", "http://ledger.example/a"),
        (
            "http://ledger.example/a?reference=1&side=2",
            "http://ledger.example/a?reference=1&side=2",
        ),
        ("http://ledger.example/a#part?b=1", "http://ledger.example/a"),
    ],
)
def test_the_one_spelling(given: str, canonical: str) -> None:
    assert canonical_url(given) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        "   ",
        "/a/b",
        "//ledger.example/a",
        "ledger.example/a",
        "ftp://ledger.example/a",
        "file:///etc/hosts",
        "javascript:alert(1)",
        "data:text/html,hello",
        "mailto:desk@ledger.example",
        "http:",
        "http://",
        "http:///a",
        "http://./a",
        "http://:80/a",
        "http://ledger..example/",
        "http://.ledger.example/",
        "http://-ledger.example/",
        "http://ledger.example:port/",
        "http://ledger.example:65536/",
        "http://ledger.example:-1/",
        "http://ledger.example:٣/",
        "http://led ger.example/",
        "http://led%67er.example/",
        "http://ledger.example\\@other.example/",
        "http://ledger.example\\.other.example/",
        "http://<b>.example/",
        "http://ledger.example\x00.other.example/",
        "http://ledger.example／a/",
        "http://ledger\u202e.example/",
        "http://[::1/",
        "http://[::1]x/",
        "http://[v1.fe]/",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%eth0]/",
        "http://[127.0.0.1]/",
        "http://::1/",
        "http://ledger.example/\ud800",
        "http://ledger.example/?a=\udfff",
        f"http://{'a' * 64}.example/",
        f"http://{'é' * 64}.example/",
        f"http://{'a.' * 127}example/",
        f"http://ledger.example/{'a' * MAX_URL}",
        f"http://ledger.example/{'é' * 1000}",
    ],
)
def test_what_is_no_address_of_a_page_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical_url(url)
    with pytest.raises(ValueError, match=r"."):
        article_id(url)


def test_the_longest_address_passes() -> None:
    start = "http://ledger.example/"
    longest = start + "a" * (MAX_URL - len(start))
    assert canonical_url(longest) == longest


anything = st.text(st.characters(exclude_categories=()), max_size=40)
shaped = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["http://", "https://", "HTTP://u:p@", "http:\\\\", "//"]),
    st.sampled_from(["ledger.example", "[::1]", "LEDGER.example:80", "é.example"]) | anything,
    st.text("/.;%\\ aé0F2e", max_size=20) | anything,
    st.text("?&=+%#utm_ a2Bé", max_size=30) | anything,
)


@given(anything | shaped)
def test_canonical_is_a_fixed_point_or_a_value_error(url: str) -> None:
    try:
        canonical = canonical_url(url)
    except ValueError:
        return
    assert canonical_url(canonical) == canonical
    assert article_id(canonical) == article_id(url)
    assert canonical.isascii()
    assert canonical.isprintable()
    assert " " not in canonical
    parts = urlsplit(canonical)
    assert parts.scheme in {"http", "https"}
    assert parts.username is parts.password is None
    assert parts.hostname
    assert parts.path.startswith("/")
    assert parts.fragment == ""


words = st.text(string.ascii_letters + string.digits + " é&=+/%", min_size=1, max_size=6)
fields = st.lists(st.tuples(words.map("q{}".format), words), max_size=5)
tracking = st.sampled_from(["utm_source", "utm_anything", "fbclid", "gclid", "ref", "PHPSESSID"])


@given(fields, st.lists(tracking), st.randoms())
def test_tracking_goes_and_the_order_does_not_matter(
    kept: list[tuple[str, str]], tracks: list[str], chance: Random
) -> None:
    mixed = [*kept, *((name, "x") for name in tracks)]
    chance.shuffle(mixed)
    base = "https://ledger.example/a?"
    canonical = canonical_url(base + urlencode(mixed))
    assert canonical == canonical_url(base + urlencode(kept))
    found = parse_qsl(urlsplit(canonical).query, keep_blank_values=True)
    assert sorted(found) == sorted(kept)


path_text = st.text(string.ascii_letters + "é-_~!", min_size=1, max_size=8)


@given(st.lists(path_text, max_size=4), st.sampled_from(["", "?id=3"]))
def test_http_and_https_with_and_without_a_slash_are_one_article(
    segments: list[str], query: str
) -> None:
    path = "/".join(["ledger.example", *segments])
    same = {
        article_id(scheme + path + slash + query + fragment)
        for scheme in ("http://", "https://", "HTTPS://me@")
        for slash in ("", "/")
        for fragment in ("", "#top")
    }
    assert len(same) == 1
    assert article_id(f"http://{path}/more{query}") not in same


def test_ids_are_32_hexadecimal_digits_that_stay_the_same() -> None:
    assert article_id("https://ledger.example/2026/03/a-story/") == (
        "1d470de1978b9944bcb6de5692c70b3d"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://ledger.example/a", "http://ledger.example/A"),
        ("http://ledger.example/a", "http://ledger.example:8080/a"),
        ("http://ledger.example/a?id=1", "http://ledger.example/a?id=2"),
        ("http://ledger.example/a%2Fb", "http://ledger.example/a/b"),
        ("http://ledger.example/a%3Fb", "http://ledger.example/a?b"),
    ],
)
def test_different_pages_have_different_ids(one: str, other: str) -> None:
    assert article_id(one) != article_id(other)


def test_an_edit_changes_the_content_hash_and_spacing_does_not() -> None:
    first = content_hash("A title", "Caf\u00e9 costs\n\n$5.6 million.")
    assert content_hash("A  title ", "Cafe\u0301 costs \t $5.6 million.\n") == first
    assert content_hash("A title", "Caf\u00e9 costs $5.7 million.") != first
    assert content_hash("Another title", "Caf\u00e9 costs $5.6 million.") != first


@given(anything, anything)
def test_content_hash_takes_any_text(title: str, body: str) -> None:
    digest = content_hash(title, body)
    assert len(digest) == 32
    assert int(digest, 16) >= 0


def test_bytes_hash_tells_any_two_bodies_apart() -> None:
    assert bytes_hash(b"") != bytes_hash(b" ")
    assert bytes_hash(b"a") == bytes_hash(b"a")
