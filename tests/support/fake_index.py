"""An ``Index`` in memory: enough of the port to show pages, with words matched as plain text."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Self

from processors.figures import kind_words
from processors.query.tree import (
    All,
    And,
    ClaimIs,
    EntityIs,
    Node,
    Not,
    Or,
    Published,
    SourceIs,
    Words,
)
from processors.records import Article, Claim, Span
from services.index import (
    ClaimHit,
    ClaimResults,
    FacetCount,
    Hit,
    Marked,
    PutOutcome,
    Results,
    Sort,
    Stats,
)


class FakeIndex:
    """Articles in a dictionary; ``put`` keeps what it replaces as a revision."""

    def __init__(self, articles: Sequence[Article] = ()) -> None:
        self._articles: dict[str, Article] = {}
        self._older: dict[str, list[Article]] = {}
        self.put(articles)

    def put(self, articles: Sequence[Article]) -> list[PutOutcome]:
        for article in articles:
            if article.id in self._articles:
                self._older.setdefault(article.id, []).insert(0, self._articles[article.id])
            self._articles[article.id] = article
        return ["stored"] * len(articles)

    @property
    def articles(self) -> list[Article]:
        return list(self._articles.values())

    def search(
        self,
        query: Node,
        *,
        offset: int = 0,
        limit: int = 20,
        sort: Sort = "relevance",
        facets: bool = False,
    ) -> Results:
        found = [article for article in self._articles.values() if matches(query, article)]
        if sort != "relevance":
            found.sort(key=lambda a: a.published or a.fetched_at, reverse=sort == "newest")
        words = list(_words(query))
        hits = tuple(
            Hit(
                article=article,
                score=1.0,
                title=_marked(article.title, words),
                snippet=_marked(article.body[:240], words),
            )
            for article in found[offset : offset + limit]
        )
        return Results(total=len(found), hits=hits, facets=_facets(found) if facets else {})

    def claims(self, query: Node, *, offset: int = 0, limit: int = 20) -> ClaimResults:
        found = [
            _claim_hit(article, claim)
            for article in self._articles.values()
            for claim in article.claims
            if matches(query, article, claim)
        ]
        return ClaimResults(len(found), tuple(found[offset : offset + limit]))

    def get(self, article_id: str) -> Article | None:
        return self._articles.get(article_id)

    def revisions(self, article_id: str) -> list[Article]:
        return self._older.get(article_id, [])

    def stats(self) -> Stats:
        articles = self._articles.values()
        return Stats(
            articles=len(articles),
            claims=sum(len(article.claims) for article in articles),
            revisions=sum(map(len, self._older.values())),
            newest=max((article.fetched_at for article in articles), default=None),
        )

    def close(self) -> None:
        self._articles.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def matches(query: Node, article: Article, claim: Claim | None = None) -> bool:
    """Whether an article (for a claims search: one claim of it) meets the query."""
    match query:
        case All():
            return True
        case And(parts=parts):
            return all(matches(part, article, claim) for part in parts)
        case Or(parts=parts):
            return any(matches(part, article, claim) for part in parts)
        case Not(part=part):
            return not matches(part, article, claim)
        case Words(text=text):
            return text.strip('"').lower() in f"{article.title}\n{article.body}".lower()
        case EntityIs(text=text):
            return any(text.lower() in (e.id, e.name.lower()) for e in article.entities)
        case SourceIs(text=text):
            return text.lower() in (article.source, article.site_name.lower())
        case Published(after=after, before=before):
            at = article.published or article.fetched_at
            return (after is None or at >= after) and (before is None or at < before)
        case ClaimIs():
            return any(_meets(query, one) for one in ([claim] if claim else article.claims))


def _meets(query: ClaimIs, claim: Claim) -> bool:
    stated = [figure for figure in (claim.usd_low, claim.usd_high) if figure is not None]
    tests = {
        "<": float.__lt__,
        "<=": float.__le__,
        ">": float.__gt__,
        ">=": float.__ge__,
        "=": float.__eq__,
    }
    return query.kind in (None, claim.kind) and all(
        any(tests[usd.compare](float(figure), float(usd.amount)) for figure in stated)
        for usd in query.usd
    )


def _words(query: Node) -> Iterator[str]:
    match query:
        case Words(text=text):
            yield text.strip('"')
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from _words(part)


def _marked(text: str, words: Sequence[str]) -> Marked:
    places = ((text.lower().find(word.lower()), len(word)) for word in words)
    return Marked(text, tuple(Span(start=at, end=at + size) for at, size in places if at >= 0))


def _facets(articles: Sequence[Article]) -> dict[str, tuple[FacetCount, ...]]:
    sources = Counter((a.source, a.site_name or a.source) for a in articles)
    entities = Counter((e.id, e.name) for a in articles for e in a.entities)
    kinds = Counter((k, kind_words(k)) for a in articles for k in {c.kind for c in a.claims})
    months = Counter((f"{a.published:%Y-%m}",) * 2 for a in articles if a.published)
    return {
        name: tuple(FacetCount(value, label, n) for (value, label), n in counts.most_common())
        for name, counts in (
            ("source", sources),
            ("entity", entities),
            ("claim", kinds),
            ("month", months),
        )
    }


def _claim_hit(article: Article, claim: Claim) -> ClaimHit:
    at = claim.sentence.start
    evidence = Span(start=claim.start - at, end=claim.end - at)
    return ClaimHit(
        claim=claim,
        article_id=article.id,
        url=article.url,
        title=article.title,
        source=article.source,
        site_name=article.site_name,
        published=article.published,
        sentence=Marked(article.body[at : claim.sentence.end], (evidence,)),
    )
