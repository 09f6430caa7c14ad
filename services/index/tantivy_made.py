"""What an article's own document tells of its claims, so that few questions go to theirs.

Which articles make one claim that meets several conditions is, in general, a question to the
documents of claims, whose answer grows with the index. Of kind, modality and bound any set
is a term of the article, and so is a kind with one party, for every way to name it; dollars have a
column for each kind and modality, numbers for each kind.
"""

from collections.abc import Iterable, Iterator
from typing import get_args

import msgspec

from processors.query.tree import Amount, BoundIs, ClaimIs, ModalityIs, PartyIs
from processors.records import Claim, Modality
from services.index.documents import KINDS, counted, dollars
from services.index.tantivy_names import asked_keys, parties

ANY = "any"
MODALITIES: tuple[str, ...] = get_args(Modality)


class Bounded(msgspec.Struct, frozen=True):
    """A bound on a column."""

    field: str
    amount: Amount


def columns() -> Iterator[str]:
    """The names of all columns of figures."""
    for kind in (ANY, *KINDS):
        yield _number(kind)
        for modality in (ANY, *MODALITIES):
            yield _dollars(kind, modality)


def ask_article(claim: ClaimIs) -> Bounded | tuple[str, ...] | None:
    """The bound, or the terms any of which an article that makes such a claim has.

    None where its claims must say.
    """
    kind, modality, bound = claim.kind or ANY, ANY, ANY
    match claim.conditions:
        case (PartyIs(role=role, text=text),):
            return tuple(_party(kind, role, way) for way in asked_keys(text))
    amount: Amount | None = None
    for condition in claim.conditions:
        match condition:
            case ModalityIs(modality=said) if modality == ANY:
                modality = said
            case BoundIs(bound=said) if bound == ANY:
                bound = said
            case Amount() if amount is None:
                amount = condition
            case _:
                return None
    match amount:
        case None:
            return (_term(kind, modality, bound),)
        case Amount(unit="usd") if bound == ANY:
            return Bounded(_dollars(kind, modality), amount)
        case Amount(unit="count") if bound == modality == ANY:
            return Bounded(_number(kind), amount)
    return None


def made(claims: Iterable[Claim]) -> dict[str, list[float] | list[str]]:
    """The fields of the article that makes these claims."""
    terms: dict[str, None] = {}
    figures: dict[str, list[float]] = {}
    for claim in claims:
        named = [(role, way) for role, ways in parties(claim).items() for way in ways]
        for kind in (ANY, claim.kind):
            figures.setdefault(_number(kind), []).extend(counted(claim))
            terms.update(dict.fromkeys(_party(kind, role, way) for role, way in named))
            for modality in (ANY, claim.modality):
                figures.setdefault(_dollars(kind, modality), []).extend(dollars(claim))
                terms.update(dict.fromkeys(_term(kind, modality, b) for b in (ANY, claim.bound)))
    return {"made": [*terms], **figures}


def _term(kind: str, modality: str, bound: str) -> str:
    return f"{kind} {modality} {bound}"


def _party(kind: str, role: str, way: str) -> str:
    return f"{kind} {role} {way}"


def _dollars(kind: str, modality: str) -> str:
    return f"usd_{kind}_{modality}"


def _number(kind: str) -> str:
    return f"count_{kind}"
