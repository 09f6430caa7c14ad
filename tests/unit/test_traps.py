"""Traps are told from addresses alone; row 49."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.traps import pattern_of, trap_in

SITE = "https://paper.example"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/calendar/2026/03/02", "/calendar/1999/12/31"),
        ("/calendar/2026-03-02", "/calendar/2031-01-01"),
        ("/list?page=2&sort=a", "/list?sort=b&page=9999"),
        ("/s/8f14e45fceea167a5a36dedd4bea2543/home", "/s/c9f0f895fb98ab9159f51fd0297e236d/home"),
        ("/s/4k9x2m7q1z8w3r5t/home", "/s/9q8w7e6r5t4y3u2i/home"),
        (
            "/x/123e4567-e89b-12d3-a456-426614174000",
            "/x/00000000-e89b-12d3-a456-426614174abc",
        ),
        ("/story-17.html", "/story-18.html"),
    ],
)
def test_one_pattern(one: str, other: str) -> None:
    assert pattern_of(SITE + one) == pattern_of(SITE + other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/calendar/2026", "/archive/2026"),
        ("/list?page=2", "/list?page=2&tag=x"),
        ("/story/1", "/story/1/comments"),
    ],
)
def test_different_patterns(one: str, other: str) -> None:
    assert pattern_of(SITE + one) != pattern_of(SITE + other)


@pytest.mark.parametrize("path", ["/", "/news/openai-raises-money", "/about"])
def test_addresses_of_words_have_none(path: str) -> None:
    assert pattern_of(SITE + path) == ""


@pytest.mark.parametrize(
    ("path", "depth", "reason"),
    [
        ("/a/b", 3, ""),
        ("/a/b", 4, "steps"),
        ("/a/b" * 4, 1, "repeats itself"),
        ("/" + "/".join("abcdefghijklmnopqr"), 1, "parts"),
        ("/2026/03/02/news/2026", 1, ""),
    ],
)
def test_what_is_not_followed(path: str, depth: int, reason: str) -> None:
    found = trap_in(SITE + path, depth)
    assert reason in found
    assert bool(reason) == bool(found)


@given(st.text(max_size=300))
def test_no_path_breaks_it(text: str) -> None:
    assert isinstance(pattern_of(f"{SITE}/{text.replace('[', '')}"), str)


def test_a_long_address_takes_no_time() -> None:
    assert len(pattern_of(SITE + "/" + "a1_" * 700)) <= 500
