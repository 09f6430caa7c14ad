"""What narrows a search for claims: kinds, subjects, ways of saying and bounds, as links."""

from collections import Counter
from collections.abc import Sequence
from typing import get_args

import msgspec

from processors.figures import kind_words
from processors.query.fields import KINDS
from processors.records import Bound, Modality
from services.index import ClaimHit
from services.web.claim_clause import ClaimQuery
from services.web.clauses import filter_clause
from services.web.record_state import ClaimsState

SUBJECTS = 12
BOUND_WORDS = {
    "exact": "exact",
    "about": "about (~)",
    "at_least": "at least (≥)",
    "at_most": "at most (≤)",
    "range": "range",
    "vague": "vague",
}


class Choice(msgspec.Struct, frozen=True):
    """One value: the address that asks for it, or no longer asks for it when it is active."""

    label: str
    address: str
    active: bool
    count: int | None = None
    """Claims of this value; None where not all claims are at hand to be counted."""


class Choices(msgspec.Struct, frozen=True):
    title: str
    choices: tuple[Choice, ...]


def claim_choices(
    state: ClaimsState, hits: Sequence[ClaimHit], *, complete: bool, path: str = "/claims"
) -> tuple[Choices, ...]:
    """The filters on offer. ``complete``: ``hits`` are all that the search finds.

    Then values that none of them has are left out, unless they are asked for.
    """
    query = ClaimQuery.of(state.q)

    def condition(field: str, value: str, label: str, count: int | None) -> Choice:
        text = filter_clause(field, value)
        clause = query.clause.toggled(text)
        address = state.but(q=query.replaced(clause)).address(path)
        return Choice(label, address, query.clause.has(text), count)

    def kind(name: str, count: int | None) -> Choice:
        address = state.but(q=query.replaced(query.clause.of_kind(name))).address(path)
        return Choice(kind_words(name), address, name == query.clause.kind, count)

    kinds, modalities, bounds, subjects = _counted(hits)
    known = complete and bool(hits)
    offered = (
        Choices("Kind", tuple(kind(name, kinds[name] if known else None) for name in KINDS)),
        Choices(
            "Subject",
            tuple(
                condition("subject", value, label, count if known else None)
                for (value, label), count in subjects.most_common(SUBJECTS)
            ),
        ),
        Choices(
            "Said as",
            tuple(
                condition("modality", word, word, modalities[word] if known else None)
                for word in reversed(get_args(Modality))
            ),
        ),
        Choices(
            "Bound",
            tuple(
                condition("bound", word, BOUND_WORDS[word], bounds[word] if known else None)
                for word in get_args(Bound)
            ),
        ),
    )
    return tuple(
        Choices(one.title, shown) for one in offered if len(shown := _useful(one.choices)) > 0
    )


def _useful(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    return tuple(choice for choice in choices if choice.active or choice.count != 0)


def _counted(
    hits: Sequence[ClaimHit],
) -> tuple[Counter[str], Counter[str], Counter[str], Counter[tuple[str, str]]]:
    claims = [hit.claim for hit in hits]
    named = (
        (claim.subject_id or claim.subject, claim.subject) for claim in claims if claim.subject
    )
    return (
        Counter(claim.kind for claim in claims),
        Counter(claim.modality for claim in claims),
        Counter(claim.bound for claim in claims),
        Counter((value or name, name) for value, name in named),
    )
