"""A source whose layout changed is noticed within a few pages, and others are left in peace."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from processors.layout import KEPT, PageRead, find_breakages, health

START = datetime(2026, 3, 1, tzinfo=UTC)


def page(number: int, *, read: bool = True, **changes: Any) -> PageRead:
    fields: dict[str, Any] = {"words": 500 + number % 90, "title": True, "date": True}
    fields |= {"authors": True, "outcome": "article" if read else "too-short"}
    at = START + timedelta(hours=number)
    return PageRead(source="ledger", page=f"{number:05}", at=at, **fields | changes)


def pages(reads: Sequence[bool]) -> list[PageRead]:
    return [page(number, read=read) for number, read in enumerate(reads)]


def in_rows(random_: random.Random, count: int, share: float, stay: float) -> list[bool]:
    """Whether pages are unread: ``share`` of them, in rows of 1 / (1 - stay) and more."""
    found = []
    now = random_.random() < share
    for _ in range(count):
        if random_.random() > stay:
            now = random_.random() < share
        found.append(now)
    return found


def test_what_is_said_of_a_source() -> None:
    found = health("ledger", [page(1), page(0, read=False), page(2, authors=False, words=40)])

    assert (found.pages, found.articles, found.words) == (3, 0.667, 270)
    assert (found.titles, found.dates, found.last) == (1.0, 1.0, START + timedelta(hours=2))
    assert not found.breakages


def test_a_break_is_told_in_words_with_its_time() -> None:
    [found] = find_breakages(pages([True] * 40 + [False] * 10))

    assert found.sign == "unread"
    assert found.since == START + timedelta(hours=40)
    assert found.says == "10 of the last 10 pages gave no text, 0 of 40 before"


@pytest.mark.parametrize(
    ("sign", "changes"),
    [
        ("short", {"words": 90}),
        ("long", {"words": 4_000}),
        ("no-title", {"title": False}),
        ("no-date", {"date": False}),
        ("no-authors", {"authors": False}),
    ],
)
def test_each_sign_alone(sign: str, changes: dict[str, Any]) -> None:
    before = [page(number) for number in range(40)]
    after = [page(number, **changes) for number in range(40, 52)]

    assert [each.sign for each in find_breakages(before + after)] == [sign]


def test_what_has_passed_is_no_longer_told() -> None:
    assert not find_breakages(pages([True] * 40 + [False] * 15 + [True] * 8))


def test_a_source_of_which_nothing_can_be_read_needs_no_past() -> None:
    assert not find_breakages(pages([False] * 11))
    [found] = find_breakages(pages([False] * 12))
    assert found.says == "none of its 12 pages gave a text"


def test_texts_in_other_languages_are_read() -> None:
    foreign = [page(number, outcome="other-language") for number in range(40, 60)]

    assert not find_breakages([page(number) for number in range(40)] + foreign)


def test_what_a_source_never_stated_is_not_missed() -> None:
    assert not find_breakages([page(number, authors=False, date=False) for number in range(80)])


def looks(reads: Sequence[bool], first: int) -> list[bool]:
    """Whether a break is told at each look, one look a page, from page ``first`` on."""
    read = pages(reads)
    return [
        bool(find_breakages(read[max(0, upto - KEPT) : upto]))
        for upto in range(first, len(read) + 1)
    ]


@pytest.mark.parametrize(
    ("share", "stay", "most"),
    [(0.02, 0.0, 0), (0.2, 0.0, 0), (0.4, 0.0, 0), (0.05, 0.5, 2), (0.2, 0.5, 3), (0.4, 0.5, 2)],
)
def test_false_alarms_in_a_thousand_pages(share: float, stay: float, most: float) -> None:
    """``most`` is a bound; rows of eight unread pages in a half that is readable do look broken."""
    began = seen = 0
    for seed in range(16):
        unread = in_rows(random.Random(seed), 520, share, stay)
        told = looks([not each for each in unread], 20)
        began += sum(now and not before for before, now in zip([False, *told], told, strict=False))
        seen += len(told)

    assert 1000 * began / seen <= most


@pytest.mark.parametrize(("before", "after", "stay"), [(0.05, 1.0, 0.0), (0.1, 0.9, 0.5)])
def test_pages_until_a_break_is_told(before: float, after: float, stay: float) -> None:
    delays = []
    for seed in range(40):
        dice = random.Random(seed)
        unread = in_rows(dice, 80, before, stay) + in_rows(dice, 40, after, stay)
        told = looks([not each for each in unread], 81)
        delays.append(told.index(True) + 1 if True in told else 99)
    delays.sort()

    assert delays[len(delays) // 2] <= 8
    assert delays[int(0.95 * len(delays))] <= 20
