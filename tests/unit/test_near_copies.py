"""Fingerprints: which texts are copies of each other, on the sample newsroom and on made ones."""

import random
import re
from collections import defaultdict
from itertools import combinations
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.extract import extract_article
from processors.stories import Fingerprint, fingerprint, is_copy, likeness
from processors.stories.minhash import BANDS, FEWEST_WORDS, ROWS, SLOTS, VERSION
from processors.stories.wording import wording
from services.demo.site import build_site
from services.demo.stories import Story, load_stories

FOLDED = [
    {
        "wire/anthropic-authors-settlement",
        "ledger/anthropic-pays-authors",
        "circuit/anthropic-books-settlement",
    },
    {
        "wire/nvidia-h20-charge",
        "ledger/nvidia-china-chip-charge",
        "chipdesk/nvidia-h20-license",
    },
]
"""The wire's reports and what others made of them; nothing else of the newsroom is a copy."""


@pytest.fixture(scope="module")
def newsroom() -> dict[str, tuple[Story, Fingerprint]]:
    """Every article by its ref, as extracted from its page."""
    site = build_site(80, 1)
    found = {}
    for story in load_stories():
        if story.front.ending == "stored":
            page = site[story.publisher.domain][story.path]
            url = f"http://{story.publisher.domain}{story.path}"
            read = extract_article(
                page.body, url, content_type=page.content_type, fetched_at=story.updated
            )
            found[story.ref] = story, fingerprint(read.title, read.body)
    return found


def folds(one: Fingerprint, other: Fingerprint) -> bool:
    return is_copy(one.signature, other.signature) and bool(set(one.bands) & set(other.bands))


def test_the_newsroom_s_wire_copies_fold_and_nothing_else(
    newsroom: dict[str, tuple[Story, Fingerprint]],
) -> None:
    copies = defaultdict(set)
    for (ref, (_, one)), (other_ref, (_, other)) in combinations(newsroom.items(), 2):
        if folds(one, other):
            copies[ref].add(other_ref)
            copies[other_ref].add(ref)
    groups = {frozenset({ref, *others}) for ref, others in copies.items()}
    assert groups == set(map(frozenset, FOLDED))
    written_as = {(s.ref, s.front.copy_of) for s, _ in newsroom.values() if s.front.copy_of}
    assert all({copy, of} <= group for copy, of in written_as for group in groups if of in group)
    assert len(written_as) == 4


# A labelled set: copies made as papers make them, and pairs that are none.


def body(story: Story) -> str:
    return "\n\n".join(story.paragraphs)


def replaced(text: str, share: float, dice: random.Random) -> str:
    """With so many of its words changed, one here and one there."""
    words = text.split(" ")
    for at in dice.sample(range(len(words)), round(share * len(words))):
        words[at] = dice.choice(words)
    return " ".join(words)


def cut(text: str, share: float) -> str:
    sentences = re.split(r"(?<=[.!?])\s+", text)
    return " ".join(sentences[: max(2, round((1 - share) * len(sentences)))])


def as_a_paper_prints_it(text: str, dice: random.Random) -> str:
    kind = dice.randrange(4)
    if kind == 0:
        return f"SAN FRANCISCO, March 3 (Meridian Wire) - {text}\n\n(Reporting by A. Writer)"
    if kind == 1:
        return replaced(text, 0.02, dice)
    if kind == 2:
        return "By Staff\n\n" + replaced(cut(text, dice.choice([0.15, 0.3])), 0.01, dice)
    return f"{text.casefold()}\n\nThis story was originally published by the Meridian Wire."


def test_precision_and_recall_on_labelled_pairs() -> None:
    """Row 36 of the table of faults: at least .98 and .90 on 200 pairs of each sort."""
    dice = random.Random(36)
    texts = [body(story) for story in load_stories() if not story.front.copy_of]
    texts = [text for text in texts if len(text.split()) > 100][:50]
    copies = [(text, as_a_paper_prints_it(text, dice)) for text in texts for _ in range(4)]
    others = dice.sample(list(combinations(texts, 2)), 160)
    # The same sentence pattern with other names and figures: every eighth word differs.
    others += [(text, replaced(text, 0.12, dice)) for text in texts[:40]]
    right = sum(folds(fingerprint("", a), fingerprint("", b)) for a, b in copies)
    wrong = sum(folds(fingerprint("", a), fingerprint("", b)) for a, b in others)
    assert len(copies) == len(others) == 200
    assert right / (right + wrong) >= 0.98
    assert right / len(copies) >= 0.90


def test_a_report_cut_to_two_thirds_is_a_copy_and_a_brief_in_a_long_text_is_none() -> None:
    text = " ".join(f"word{n}" for n in range(300))
    whole, short, brief = (fingerprint("", " ".join(text.split()[:n])) for n in (300, 200, 60))
    assert folds(whole, short)
    assert not folds(whole, brief)
    assert likeness(whole.signature, brief.signature).containment > 0.85


# The estimate


def overlapping(similarity: float, salt: int) -> tuple[Fingerprint, Fingerprint]:
    """Two texts of 400 words, of whose shingles so many are the same."""
    same = round(400 * 2 * similarity / (1 + similarity))
    words = [f"w{salt}x{n}" for n in range(same)]
    texts = (" ".join([*words, *(f"{side}{salt}x{n}" for n in range(400 - same))]) for side in "ab")
    one, other = (fingerprint("", text) for text in texts)
    return one, other


@pytest.mark.parametrize("similarity", [0.0, 0.3, 0.5, 0.7, 0.85, 1.0])
def test_the_estimate_is_right_on_the_average(similarity: float) -> None:
    pairs = [overlapping(similarity, salt) for salt in range(40)]
    found = [likeness(one.signature, other.signature).jaccard for one, other in pairs]
    assert mean(found) == pytest.approx(similarity, abs=0.02)
    assert all(abs(each - similarity) < 5 * 0.032 for each in found)


def test_what_is_alike_to_half_never_folds_and_to_85_percent_always() -> None:
    half = [folds(*overlapping(0.5, salt)) for salt in range(60)]
    most = [folds(*overlapping(0.85, salt)) for salt in range(60)]
    assert not any(half)
    assert all(most)


@pytest.mark.parametrize("similarity", [0.2, 0.4, 0.6])
def test_bands_are_shared_as_often_as_the_curve_says(similarity: float) -> None:
    pairs = [overlapping(similarity, salt) for salt in range(150)]
    shared = mean(bool(set(one.bands) & set(other.bands)) for one, other in pairs)
    assert shared == pytest.approx(1 - (1 - similarity**ROWS) ** BANDS, abs=0.12)


# Sameness


def test_the_same_text_has_the_same_fingerprint_on_every_machine() -> None:
    """Another release of the library, or another rule, needs another VERSION."""
    found = fingerprint("Title", " ".join(f"word{n}" for n in range(50)))
    assert VERSION == 1
    assert len(found.bands) == BANDS
    assert len(found.signature) == 5 + SLOTS
    assert found.signature[:13].hex() == "010000002f2f60c54e632cfe3c"
    assert found.bands[:2] == (-3031620732909177485, 7535160463280408632)


def test_typography_lines_and_credits_make_no_difference() -> None:
    text = "The maker’s chips — “fast” ones — cost $5.6 million, said O'Neil. " * 8
    plain = 'By A. Writer\n\nThe Makers CHIPS - "fast" ones - cost $5.6 million, said O’Neil.\n' * 8
    wired = f"LONDON, March 3 (Meridian Wire) — {text}\nSource: Meridian Wire"
    assert fingerprint("a", text) == fingerprint("b", wired) == fingerprint("", plain)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("By Ann Writer and Bob Reporter", []),
        ("Source: Meridian Wire", []),
        ("(Reporting by Ann Writer in Paris; Editing by Bob)", []),
        ("Additional reporting by Ann Writer", []),
        ("© 2026 Meridian Wire. All rights reserved.", []),
        ("PARIS (Meridian Wire) - Chips fell.", ["chips", "fell"]),
        ("NEW YORK, Apr 15 – Chips fell.", ["chips", "fell"]),
        ("Chips fell. Shares rose - a bit.", ["chips", "fell", "shares", "rose", "a", "bit"]),
        ("low-cost GPT-4 chips", ["low", "cost", "gpt", "4", "chips"]),
        ("人工知能 AI", ["人", "工", "知", "能", "ai"]),
        (f"By far the best{' of all' * 8}.", ["by", "far", "the", "best", *["of", "all"] * 8]),
    ],
)  # fmt: skip
def test_what_counts_of_a_line(line: str, words: list[str]) -> None:
    assert wording(line) == words


def test_short_texts_are_copies_when_title_and_words_are_equal() -> None:
    text = " ".join(f"word{n}" for n in range(FEWEST_WORDS - 1))
    one = fingerprint("A title", text)
    assert one == fingerprint("A TITLE", f"{text}.")
    assert folds(one, fingerprint("A title", text))
    for other in (
        fingerprint("Another", text),
        fingerprint("A title", f"{text} more"),
        fingerprint("A title word0", text.partition(" ")[2]),
    ):
        assert not set(one.bands) & set(other.bands)
        assert not is_copy(one.signature, other.signature)


@pytest.mark.parametrize("text", ["", " \n", "— … !", "By Ann Writer"])
def test_a_text_without_words_is_like_nothing(text: str) -> None:
    assert fingerprint("Title", text) == Fingerprint((), b"")
    assert not is_copy(b"", b"")


def test_signatures_of_another_version_are_like_nothing() -> None:
    signature = fingerprint("", "word " * 60).signature
    other = bytes([VERSION + 1]) + signature[1:-1] + b"\x00"
    assert not is_copy(signature, other)
    assert not is_copy(signature, signature[:40])
    assert not is_copy(signature[:3], signature[1:4])


@given(st.text(), st.text())
def test_any_text_has_a_fingerprint(title: str, text: str) -> None:
    found = fingerprint(title, text)
    assert fingerprint(title, text) == found
    assert all(-(2**63) <= band < 2**63 for band in found.bands)
    assert bool(found.bands) == is_copy(found.signature, found.signature)


def test_a_very_long_text_is_fingerprinted_whole() -> None:
    words = [f"word{n}" for n in range(200_000)]
    one, other = fingerprint("", " ".join(words)), fingerprint("", " ".join(words[:190_000]))
    assert folds(one, other)
