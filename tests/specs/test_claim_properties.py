"""What must hold of any sentence with a claim, tried on all rows of our tables."""

import re
from collections.abc import Callable
from functools import cache

import pytest

from processors.nlp.pipeline import build_pipeline
from processors.nlp.reader import Reader, Text
from processors.records import Claim
from services.demo.stories import load_stories
from tests.specs.claims.case import Case
from tests.specs.test_claims import CASES, NO_FIGURES, claims_of, said_by
from tests.support.reading import shared_reader

SPEAKING = [case for case in CASES if case.says and not case.gap]
SINGLE = [case for case in SPEAKING if len(re.findall(r"[.!?](?=\s|$)", case.text)) == 1]
DOLLARS = re.compile(r"(?<![\w$])\$(?P<n>\d+(?:\.\d+)?) (?P<unit>million|billion)(?![\w-])")


@cache
def read_all(texts: tuple[str, ...]) -> list[list[Claim]]:
    """One batch is quicker than one text after another."""
    return [list(r.claims) for r in shared_reader().read([Text(body=text) for text in texts])]


WRITINGS: dict[str, Callable[[str, str], str]] = {
    "suffix": lambda n, unit: f"${n}{unit[0]}",
    "prefix": lambda n, unit: f"US${n} {unit[0]}n",
    "words": lambda n, unit: f"{n} {unit} dollars",
    "code": lambda n, unit: f"USD {n} {unit}",
    "digits": lambda n, unit: f"${float(n) * (1e6 if unit == 'million' else 1e9):,.0f}",
    "nation": lambda n, unit: f"{n} {unit} U.S. dollars",
}


@pytest.mark.parametrize("writing", WRITINGS)
def test_a_claim_survives_each_writing_of_its_amount(writing: str) -> None:
    rows = [case.text for case in SPEAKING if DOLLARS.search(case.text)]
    written = [DOLLARS.sub(lambda m: WRITINGS[writing](m["n"], m["unit"]), row) for row in rows]
    assert len(rows) > 100
    for row, before, other, after in zip(
        rows, read_all(tuple(rows)), written, read_all(tuple(written)), strict=True
    ):
        assert [figures(claim) for claim in after] == [figures(claim) for claim in before], (
            row,
            other,
        )


def figures(claim: Claim) -> tuple[object, ...]:
    """What the claim says without the words in which it says it."""
    return (claim.kind, claim.subject, claim.amount_low, claim.amount_high, claim.currency,
            claim.bound, claim.modality)  # fmt: skip


FRAMES = (
    "It is not true that {}",
    "There is no truth in reports that {}",
    "The company denied that {}",
    "It is false to say that {}",
)


@pytest.mark.parametrize("frame", FRAMES)
def test_negating_a_sentence_leaves_no_asserted_claim(frame: str) -> None:
    whole = (case.text for case in SINGLE if case.text.endswith(".") and ": " not in case.text)
    texts = tuple(frame.format(uncapped(text)) for text in whole)
    assert len(texts) > 100
    for text, claims in zip(texts, read_all(texts), strict=True):
        asserted = [claim for claim in claims if claim.modality in {"done", "reported", "planned"}]
        assert not asserted, text


NEGATIONS = (
    (re.compile(r"\b(will|has|have|is|was|were|had|would)\b(?! not)"), r"\1 not"),
    (re.compile(r"\b(plans|wants|intends|expects|agreed|aims) to\b"), r"never \1 to"),
)


PLAIN = [
    case
    for case in SINGLE
    if len(case.says) == 1
    and not re.search(r"\b(?:and|which|who|but|while|after|before|when)\b|[,:;]", case.text)
]


@pytest.mark.parametrize("case", PLAIN, ids=lambda case: case.text)
def test_negating_the_only_verb_leaves_no_asserted_claim(case: Case) -> None:
    for pattern, negated in NEGATIONS:
        if len(pattern.findall(case.text)) == 1:
            claims = claims_of(pattern.sub(negated, case.text))
            assert all(c.modality not in {"done", "reported", "planned"} for c in claims), claims


def uncapped(text: str) -> str:
    """A sentence as it stands inside another: its common first word in small letters."""
    first = text.split(maxsplit=1)[0]
    return text[0].lower() + text[1:] if first.lower() in {"the", "a", "in", "its", "it"} else text


@pytest.mark.parametrize("more", NO_FIGURES)
def test_a_sentence_without_figures_changes_no_claim_of_the_others(more: str) -> None:
    rows = [case for case in SPEAKING if case.text.endswith((".", "”"))]
    alone = read_all(tuple(case.text for case in rows))
    after = read_all(tuple(f"{case.text} {more}" for case in rows))
    before = read_all(tuple(f"{more} {case.text}" for case in rows))
    for case, one, two, three in zip(rows, alone, after, before, strict=True):
        assert [said_by(c) for c in two] == [said_by(c) for c in one], case.text
        assert [said_by(c) for c in three] == [said_by(c) for c in one], case.text


def test_leaving_out_sentences_that_can_hold_no_claim_changes_no_claim() -> None:
    stories = ["\n\n".join(s.paragraphs) for s in load_stories() if s.front.ending == "stored"]
    texts = (*stories, *(case.text for case in CASES))
    everywhere = Reader(build_pipeline(everywhere=True))
    asked = everywhere.read([Text(body=text) for text in texts])
    assert read_all(texts) == [list(reading.claims) for reading in asked]
