"""What becomes of an article that is put: the rules of ``Index.put`` for its story."""

from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.records import Article
from services.index.changes import Change, Known, decide
from tests.support.articles import article, at

VERSIONS = {"extract": "2"}


def known(hours: float = 0, seen: float | None = None, **fields: Any) -> Known:
    return Known(article("a", hours=hours, **fields), at(hours if seen is None else seen))


def retold(of: Article, story: str, *, original: bool = False) -> Article:
    return msgspec.structs.replace(of, story=story, original=original)


def test_another_story_is_stored_and_no_revision() -> None:
    before = known(hours=1, seen=5, story="a")
    found = decide(before, retold(before.article, "b"))
    # Fetched before it was last seen, and yet: its story is that of now.
    assert found == Change("superseded", Known(retold(before.article, "b"), at(5)))
    found = decide(known(hours=1, story="a"), retold(before.article, "b"))
    assert found == Change("stored", Known(retold(before.article, "b"), at(1)))


def test_no_longer_the_original() -> None:
    before = known(story="a")
    found = decide(before, retold(before.article, "a"))
    assert found == Change("stored", Known(retold(before.article, "a"), at(0)))


def test_seen_moves_on_with_the_story() -> None:
    before = known(hours=1, story="a")
    later = retold(article("a", hours=4), "b")
    assert decide(before, later) == Change("stored", Known(retold(before.article, "b"), at(4)))


def test_an_older_text_comes_with_the_newest_story() -> None:
    before = known(hours=5, story="a")
    older = retold(article("a", "Another text.", hours=2), "b")
    found = decide(before, older)
    assert found == Change("superseded", Known(retold(before.article, "b"), at(5)), (older,))


def test_an_article_that_names_no_story_keeps_what_is_known() -> None:
    before = known(hours=1, story="a", original=False)
    assert decide(before, article("a", hours=1)) == Change("unchanged")
    edited = article("a", "Edited.", hours=3, made_by=VERSIONS)
    told = Known(retold(edited, "a"), at(3))
    assert decide(before, edited) == Change("stored", told, (before.article,))


texts = st.sampled_from(["One.", "Two."])
puts = st.builds(
    lambda hours, body, story, original: article(
        "a", body, hours=hours, story=story, original=original
    ),
    st.integers(0, 4),
    texts,
    st.sampled_from(["a", "b"]),
    st.booleans(),
)


@given(st.lists(puts, min_size=1, max_size=8))
def test_the_story_is_that_of_the_last_put_and_the_text_the_newest(each: list[Article]) -> None:
    live: Known | None = None
    for one in each:
        change = decide(live, one)
        live = change.known or live
        assert live is not None
        again = decide(live, one)
        assert again.known is None or again.known == live
        assert again.outcome in ("unchanged", "superseded")
    assert live is not None
    assert (live.article.story, live.article.original) == (each[-1].story, each[-1].original)
    assert live.seen == max(one.fetched_at for one in each)
    newest = [one.content_hash for one in each if one.fetched_at == live.seen]
    assert live.article.content_hash in newest


fetches = st.lists(st.tuples(st.integers(0, 5), st.sampled_from("ABC")), min_size=1, max_size=7)


@given(fetches.map(lambda each: sorted(dict(each).items())), st.randoms())
def test_in_any_order_and_again_the_revisions_are_the_same(
    each: list[tuple[int, str]], random: Random
) -> None:
    """The texts that the newest is not; each once, and as old as it was first seen."""
    arrived = [*each, *each]
    random.shuffle(arrived)
    live: Known | None = None
    kept: dict[str, Article] = {}
    for hours, text in arrived:
        change = decide(live, article("a", text, hours=hours))
        live = change.known or live
        for one in change.revisions:
            there = kept.setdefault(one.body, one)
            kept[one.body] = min(one, there, key=lambda it: it.fetched_at)
    assert live is not None
    assert (live.article.body, live.seen) == (each[-1][1], at(each[-1][0]))
    first = dict(reversed([(text, hours) for hours, text in each]))
    before = {text: one.fetched_at for text, one in kept.items() if text != live.article.body}
    assert before == {text: at(hours) for text, hours in first.items() if text != each[-1][1]}


@pytest.mark.parametrize("hours", [0, 1])
def test_the_same_again_changes_nothing_but_when_it_was_seen(hours: float) -> None:
    before = known(story="a")
    found = decide(before, article("a", hours=hours, story="a"))
    assert found.outcome == "unchanged"
    assert found.known == (Known(before.article, at(hours)) if hours else None)
