"""What an edit changed: the difference of texts, of claims, and how much it matters."""

import time
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.records import Claim
from processors.revisions import Piece, change, claim_changes, diff, in_short
from processors.revisions.sequences import Budget, shared
from tests.support.articles import article, claim, entity

words = st.lists(st.sampled_from(["a", "b", "5.6", ". ", "\n", " ", "c!", "\u0301"]), max_size=40)
texts = words.map("".join) | st.text(max_size=60)
parts = st.lists(st.sampled_from("abcd"), max_size=30)


@given(parts, parts)
def test_shared_runs_are_shared_in_order_and_apart(old: list[str], new: list[str]) -> None:
    found = shared(old, new, Budget())
    i = j = 0
    for at, to, size in found:
        assert size > 0
        assert at >= i
        assert to >= j
        assert old[at : at + size] == new[to : to + size]
        i, j = at + size, to + size
    if old == new:
        assert found == ([(0, 0, len(old))] if old else [])


@given(parts)
def test_without_a_budget_the_ends_are_still_found(old: list[str]) -> None:
    new = ["x", *old, "y"]
    for at, to, size in shared(["head", *old], ["head", *new], Budget(0)):
        assert (["head", *old])[at : at + size] == (["head", *new])[to : to + size]


@given(texts, texts)
def test_a_difference_makes_either_text(old: str, new: str) -> None:
    pieces = diff(old, new)
    assert "".join(it.text for it in pieces if it.kind != "come") == old
    assert "".join(it.text for it in pieces if it.kind != "gone") == new
    assert all(it.text for it in pieces)
    assert all(one.kind != two.kind for one, two in pairwise(pieces))
    assert [it.kind for it in pieces if it.kind != "same"] == [] or old != new


@given(texts)
def test_a_text_and_itself_are_one_piece(text: str) -> None:
    assert diff(text, text) == ((Piece("same", text),) if text else ())


def test_a_figure_is_one_word_and_its_sentence_stays() -> None:
    old = "DeepSeek said so. It cost $5.6 million to train, on 2,048 chips.\nMore follows."
    new = "DeepSeek said so. It cost $6.1 million to train, on 2,048 chips.\nMore follows."
    assert diff(old, new) == (
        Piece("same", "DeepSeek said so. It cost "),
        Piece("gone", "$5.6"),
        Piece("come", "$6.1"),
        Piece("same", " million to train, on 2,048 chips.\nMore follows."),
    )


def test_words_in_a_row_are_one_change() -> None:
    assert diff("He had two words there.", "He had other ones there.") == (
        Piece("same", "He had "),
        Piece("gone", "two words"),
        Piece("come", "other ones"),
        Piece("same", " there."),
    )


def test_a_sentence_with_little_in_common_is_replaced_as_a_whole() -> None:
    pieces = diff("The board met, and it voted.", "Shares of the maker rose at once, by far.")
    assert [it.kind for it in pieces] == ["gone", "come"]


HUGE = {
    "one line of words": ("word " * 100_000, "word " * 99_990 + "other " * 12),
    "numbered words": (" ".join(map(str, range(80_000))), " ".join(map(str, range(5, 80_020)))),
    "all sentences rewritten": ("It is so. " * 50_000, "It was so! " * 45_000),
    "dots": ("." * 1_000_000, "." * 999_990 + "!" * 10),
    "two letters in turn": ("a b " * 125_000, "b a " * 125_000),
    "lines in reverse": (
        "\n".join(f"line {n}" for n in range(45_000)),
        "\n".join(f"line {n}" for n in range(45_000, 0, -1)),
    ),
    "nothing in common": ("x" * 1_000_000, "y" * 1_000_000),
    "marks upon marks": ("e" + "\u0301" * 999_000, "e" + "\u0301" * 999_999),
}


@pytest.mark.parametrize("name", HUGE)
def test_huge_texts_take_a_bounded_time(name: str) -> None:
    old, new = HUGE[name]
    start = time.process_time()
    pieces = diff(old, new)
    spent = time.process_time() - start
    assert "".join(it.text for it in pieces if it.kind != "come") == old
    assert spent < 6, f"{spent:.1f} s"


# --- claims ---


def test_another_figure_is_a_change_of_one_claim() -> None:
    (found,) = claim_changes([claim(low=5.6e6)], [claim(low=6.1e6)])
    assert found.aspects == ("figure",)
    assert found.says.startswith("figure changed: ")
    assert found.says.endswith(": $5.6M → $6.1M")


@pytest.mark.parametrize(
    ("before", "after", "aspect"),
    [
        ({"bound": "exact"}, {"bound": "at_least"}, "figure"),
        ({"modality": "rumoured"}, {"modality": "done"}, "certainty"),
        ({"speaker": None}, {"speaker": "Ada Ames"}, "speaker"),
        ({"period": "2024"}, {"period": "2025"}, "period"),
    ],
)
def test_aspects(before: dict[str, Any], after: dict[str, Any], aspect: str) -> None:
    of = claim(low=1e6)
    old, new = (msgspec.structs.replace(of, **fields) for fields in (before, after))
    (found,) = claim_changes([old], [new])
    assert found.aspects == (aspect,)


def test_where_a_claim_stands_is_no_change() -> None:
    moved = msgspec.structs.replace(claim(low=1e6), start=7, end=9, confidence=0.1, rule="x")
    assert claim_changes([claim(low=1e6)], [moved]) == ()


def test_of_several_about_one_thing_those_alike_meet_first() -> None:
    one, two, three = claim(low=1e6), claim(low=2e6), claim(low=3e6)
    assert claim_changes([one, two], [two, one]) == ()
    (found,) = claim_changes([one, two], [three, two])
    assert (found.before, found.after) == (one, three)
    (added,) = claim_changes([one], [one, two])
    assert (added.before, added.after) == (None, two)
    assert added.says.startswith("claim added: ")


claims = st.lists(
    st.builds(
        lambda low, modality, subject: msgspec.structs.replace(
            claim(low=low), modality=modality, subject=subject, subject_id=None
        ),
        st.sampled_from([1e6, 2e6]),
        st.sampled_from(["done", "denied"]),
        st.sampled_from(["Ada", "Bea"]),
    ),
    max_size=5,
)


@given(claims, claims)
def test_the_other_way_round_what_was_added_is_withdrawn(
    old: list[Claim], new: list[Claim]
) -> None:
    there, back = claim_changes(old, new), claim_changes(new, old)
    assert len(there) == len(back)
    for side in ("before", "after"):
        other = "after" if side == "before" else "before"
        absent = sum(getattr(it, side) is None for it in there)
        assert absent == sum(getattr(it, other) is None for it in back)
    assert claim_changes(old, old) == ()


# --- the whole, and its weight ---

TEXT = "Deep Harbour trained a model.\nIt cost $5.6 million, and the board was told."


@pytest.mark.parametrize(
    ("new", "weight", "says"),
    [
        (article(body=TEXT, claims=(claim(low=6.1e6),)), "figures", "figure changed: "),
        (article(body=TEXT), "claims", "claim withdrawn: "),
        (article(body=TEXT, title="Another", claims=(claim(low=5.6e6),)), "title", "headline"),
        (
            article(body=TEXT.replace("was told", "knew"), claims=(claim(low=5.6e6),)),
            "wording",
            "a few words changed",
        ),
        (
            article(body=TEXT.replace("$5.6", "$5.7"), claims=(claim(low=5.6e6),)),
            "text",
            "1 sentence rewritten",
        ),
        (
            article(body=f"{TEXT} It hires.".replace("$5", "$4"), claims=(claim(low=5.6e6),)),
            "text",
            "1 sentence rewritten, 1 added",
        ),
        (
            article(body=f"{TEXT} It hires.", claims=(claim(low=5.6e6),)),
            "text",
            "1 sentence added",
        ),
        (
            article(body=TEXT.replace("\n", "\n\n"), claims=(claim(low=5.6e6),)),
            "nothing",
            "white space changed",
        ),
    ],
    ids=lambda it: it if isinstance(it, str) else "",
)
def test_weight(new: Any, weight: str, says: str) -> None:
    found = change(article(body=TEXT, claims=(claim(low=5.6e6),)), new)
    assert found.weight == weight
    assert in_short(found).startswith(says)


def test_who_is_newly_named_and_how_many_more_changes_there_are() -> None:
    old = article(body=TEXT)
    new = article(
        body=f"{TEXT} One more sentence is here now, so much is sure.",
        title="Another",
        claims=(claim(low=1e6), claim(low=2e6)),
        entities=(entity("Ada Ames"),),
    )
    found = change(old, new)
    assert found.says[-1] == "newly named: Ada Ames"
    assert in_short(found).endswith("; and 2 more")


@settings(max_examples=60)
@given(texts, texts)
def test_counts_of_sentences_are_symmetric(old: str, new: str) -> None:
    there = change(article(body=old), article(body=new))
    back = change(article(body=new), article(body=old))
    assert (there.added, there.removed) == (back.removed, back.added)
    assert (there.rewritten, there.weight) == (back.rewritten, back.weight)
