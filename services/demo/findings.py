"""What a demo tells its visitor: what was found, and where sources disagree."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from urllib.parse import urlsplit

import msgspec

from processors.figures import dollars, figure
from processors.query.syntax import parse_query
from processors.query.tree import All
from processors.records import Article, Claim
from services.index import Index
from services.store import Store

SEARCHES = (
    "claim:training_cost usd:<10M",
    "entity:anthropic claim:funding usd:>10B",
    "claim:export_control after:2025-01-01",
)
MOST = 10_000


class Figure(msgspec.Struct, frozen=True):
    """One publisher's figure for something."""

    usd: float
    figure: str
    """As stated, with its bound, for people."""
    source: str
    title: str
    url: str


class Disagreement(msgspec.Struct, frozen=True):
    """Figures for the same thing from several publishers, smallest first."""

    about: str
    figures: tuple[Figure, ...]

    @property
    def publishers(self) -> int:
        return len({figure.source for figure in self.figures})

    @property
    def spread(self) -> float:
        """How many times the smallest figure the largest one is."""
        return self.figures[-1].usd / self.figures[0].usd


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
    articles = [hit.article for hit in index.search(All(), limit=MOST).hits]
    kinds = Counter(claim.kind for article in articles for claim in article.claims)
    return Findings(
        articles=len(articles),
        revisions=index.stats().revisions,
        fetched=store.fetch_outcomes(),
        stages=store.outcomes(),
        claims=dict(kinds.most_common()),
        disagreement=widest_disagreement(articles),
        searches=tuple(
            Search(query, index.search(parse_query(query), limit=1).total) for query in SEARCHES
        ),
    )


def widest_disagreement(articles: Iterable[Article]) -> Disagreement | None:
    """On what training one model cost: the model that most publishers put a figure on.

    Between equals the wider spread decides. Denied and vague figures do not count, and a figure
    counts once for a publisher.
    """
    told: defaultdict[str, dict[tuple[float, str], Figure]] = defaultdict(dict)
    names: dict[str, str] = {}
    for article in sorted(articles, key=lambda article: article.id):
        models = {e.id: e.name for e in article.entities if e.type == "model"}
        names |= models
        for claim in article.claims:
            model = _model(claim, models)
            if model and (found := _figure(article, claim)):
                told[model].setdefault((found.usd, found.source), found)
    disputed = [
        Disagreement(names[model], tuple(figures[key] for key in sorted(figures)))
        for model, figures in sorted(told.items())
    ]
    disputed = [found for found in disputed if found.publishers > 1 and found.spread > 1]
    return max(disputed, key=lambda found: (found.publishers, found.spread), default=None)


def _model(claim: Claim, models: dict[str, str]) -> str | None:
    """The model that a claim is about, whether it stands as object or as subject."""
    if claim.kind != "training_cost" or claim.modality == "denied" or claim.bound == "vague":
        return None
    return next((i for i in (claim.object_id, claim.subject_id) if i and i in models), None)


def _figure(article: Article, claim: Claim) -> Figure | None:
    usd = next(iter(dollars(claim)), 0.0)
    if not usd:
        return None
    source = article.site_name or urlsplit(article.url).hostname or article.source
    return Figure(
        usd=usd, figure=figure(claim), source=source, title=article.title, url=article.url
    )
