"""The ledger as JSON: which figures stand against each other, whose, since when."""

from datetime import datetime

from processors.records import Claim, Modality
from processors.stories import ledger
from services.answers.shapes import ClaimRow, Shape, claim_row
from services.index import ClaimHit, Dispute, Disputes


class Position(Shape, frozen=True, kw_only=True):
    """Claims that one figure could make true."""

    figure: str
    """As its most precise claim puts it."""
    origins: int
    """Independent stories that say so: copies of one count once."""
    sources: tuple[str, ...]
    """In the order in which they first said so."""
    speakers: tuple[str, ...]
    modalities: tuple[Modality, ...]
    claims: tuple[ClaimRow, ...]
    """Oldest first."""


class Change(Shape, frozen=True, kw_only=True):
    """A figure was said for the first time, or a source left one figure for another."""

    at: datetime | None
    source: str
    article_id: str
    figure: str
    before: str | None
    """The figure that the source had held until then; null where it says the new one first."""


class Disagreement(Shape, frozen=True, kw_only=True):
    """Claims about the same subject, object and period whose ranges do not all meet."""

    about: str
    kind: str
    subject: str | None
    object: str | None
    period: str | None
    total: int
    """All its claims; the positions hold those of the oldest 200."""
    positions: tuple[Position, ...]
    """Most independent origins first."""
    changes: tuple[Change, ...]


class Disagreements(Shape, frozen=True, kw_only=True):
    """The ledger: those with the most claims first."""

    total: int
    disagreements: tuple[Disagreement, ...]


def disagreements(found: Disputes) -> Disagreements:
    told = (_disagreement(dispute) for dispute in found.disputes)
    return Disagreements(
        total=found.total, disagreements=tuple(each for each in told if each is not None)
    )


def entry_of(dispute: Dispute) -> ledger.Entry | None:
    """A dispute as an entry of the ledger; None where no claim of it states a figure."""
    return ledger.ledger_entry(map(_statement, dispute.claims))


def _statement(hit: ClaimHit) -> ledger.Statement:
    return ledger.Statement(
        claim=hit.claim,
        article=hit.article_id,
        source=hit.source,
        story=hit.story,
        at=hit.published or hit.fetched_at,
        title=hit.title,
    )


def _disagreement(dispute: Dispute) -> Disagreement | None:
    entry = entry_of(dispute)
    if entry is None:
        return None
    rows = {(hit.article_id, hit.claim): claim_row(hit) for hit in dispute.claims}
    first = dispute.claims[0].claim
    return Disagreement(
        about=entry.about,
        kind=first.kind,
        subject=first.subject,
        object=first.object,
        period=first.period,
        total=dispute.total,
        positions=tuple(_position(each, rows) for each in entry.positions),
        changes=tuple(_change(each, entry.positions) for each in entry.changes),
    )


def _position(position: ledger.Position, rows: dict[tuple[str, Claim], ClaimRow]) -> Position:
    return Position(
        figure=position.figure,
        origins=position.origins,
        sources=position.sources,
        speakers=position.speakers,
        modalities=position.modalities,
        claims=tuple(rows[each.article, each.claim] for each in position.statements),
    )


def _change(change: ledger.Change, positions: tuple[ledger.Position, ...]) -> Change:
    before = None if change.before is None else positions[change.before].figure
    return Change(
        at=change.statement.at,
        source=change.statement.source,
        article_id=change.statement.article,
        figure=positions[change.position].figure,
        before=before,
    )
