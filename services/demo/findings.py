"""What a demo tells its visitor: what was found, and where sources disagree."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

import msgspec

from processors.figures import figure
from processors.query.syntax import parse_query
from processors.query.tree import All, ClaimIs
from services.index import ClaimHit, Index
from services.store import Store

SEARCHES = (
    "claim:training_cost usd:<10M",
    '"export controls" OR licence nvidia after:2025-01-01',
    "entity:anthropic claim:funding usd:>10bn",
)
MOST = 10_000


class Figure(msgspec.Struct, frozen=True):
    """One source's figure for something, in US dollars as stated or converted."""

    low: float | None
    high: float | None
    figure: str
    """For people, with its bound."""
    source: str
    title: str
    url: str


class Disagreement(msgspec.Struct, frozen=True):
    """Figures for the same thing from several sources, smallest first."""

    about: str
    figures: tuple[Figure, ...]


class Search(msgspec.Struct, frozen=True):
    query: str
    articles: int


class Findings(msgspec.Struct, frozen=True):
    articles: int
    revisions: int
    fetched: dict[str, int]
    """Outcome of the last look at every address, to count."""
    stages: dict[str, dict[str, int]]
    """Stage to outcome to count, over both editions."""
    claims: dict[str, int]
    """Kind to count, most frequent first."""
    disagreement: Disagreement | None
    searches: tuple[Search, ...]


def take_findings(index: Index, store: Store) -> Findings:
    """Read everything once."""
    claims = index.claims(All(), limit=MOST).claims
    costs = index.claims(ClaimIs(kind="training_cost"), limit=MOST).claims
    stats = index.stats()
    return Findings(
        articles=stats.articles,
        revisions=stats.revisions,
        fetched=store.fetch_outcomes(),
        stages=store.outcomes(),
        claims=dict(Counter(hit.claim.kind for hit in claims).most_common()),
        disagreement=widest_disagreement(costs),
        searches=tuple(
            Search(query, index.search(parse_query(query), limit=1).total) for query in SEARCHES
        ),
    )


def widest_disagreement(hits: Iterable[ClaimHit]) -> Disagreement | None:
    """The model that most publishers put a figure on; the widest spread decides between equals.

    Denied and vague figures do not count, and each publisher counts once for a figure.
    """
    told = [hit for hit in hits if _model(hit) and _amount(hit) and hit.claim.modality != "denied"]
    found = []
    for about, group in groupby(sorted(told, key=_model), key=_model):
        figures = _figures(list(group))
        amounts = [figure.low or figure.high or 0.0 for figure in figures]
        publishers = {figure.source for figure in figures}
        if len(publishers) > 1 and max(amounts) > min(amounts):
            found.append(
                (len(publishers), max(amounts) / min(amounts), Disagreement(about, figures))
            )
    return max(found, key=lambda item: item[:2])[2] if found else None


def _figures(hits: Sequence[ClaimHit]) -> tuple[Figure, ...]:
    figures = {
        (hit.site_name, _amount(hit)): Figure(
            low=hit.claim.usd_low,
            high=hit.claim.usd_high,
            figure=figure(hit.claim),
            source=hit.site_name,
            title=hit.title,
            url=hit.url,
        )
        for hit in hits
    }
    ordered = sorted(figures.items(), key=lambda item: (item[0][1], item[0][0]))
    return tuple(figure for _, figure in ordered)


def _model(hit: ClaimHit) -> str:
    return hit.claim.object or ""


def _amount(hit: ClaimHit) -> float:
    if hit.claim.bound == "vague":
        return 0.0
    return hit.claim.usd_low or hit.claim.usd_high or 0.0
