"""The addresses of the API: described once, for the routes and for the documents."""

from collections.abc import Callable
from typing import Any

import msgspec

from services.answers import alert_shapes, shapes, source_shapes
from services.answers.disagreements import Disagreements
from services.answers.export import Format
from services.answers.revision_shapes import Revisions
from services.index import Stats
from services.operations.report import Operations
from services.web.api import parameters as p
from services.web.api.handlers import Handlers
from services.web.api.parameters import Parameter

ROOT = "/api/v1"

Handler = Callable[[Handlers, dict[str, Any]], msgspec.Struct]


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One address that answers with JSON."""

    path: str
    """Below ``ROOT``; ``{id}`` stands for an id."""
    name: str
    summary: str
    answer: type[msgspec.Struct]
    handle: Handler
    parameters: tuple[Parameter, ...] = ()

    @property
    def paged(self) -> bool:
        return p.AFTER in self.parameters


class Download(msgspec.Struct, frozen=True, kw_only=True):
    """One address that answers with a file or a feed of any search."""

    path: str
    name: str
    summary: str
    media_type: str
    parameters: tuple[Parameter, ...]
    form: Format | None = None
    """None: a feed."""


OPERATIONS = (
    Operation(
        path="/articles",
        name="searchArticles",
        summary="Articles that match a query",
        answer=shapes.Articles,
        handle=Handlers.articles,
        parameters=(p.Q, p.SORT, p.LIMIT, p.AFTER, p.FOLD, p.FACETS),
    ),
    Operation(
        path="/articles/{id}",
        name="getArticle",
        summary="One article with everything that was read from it",
        answer=shapes.ToldArticle,
        handle=Handlers.article,
    ),
    Operation(
        path="/articles/{id}/revisions",
        name="getRevisions",
        summary="What an article said before, and what each version changed",
        answer=Revisions,
        handle=Handlers.revisions,
        parameters=(p.LIMIT, p.TEXT),
    ),
    Operation(
        path="/claims",
        name="searchClaims",
        summary="Claims that match a query, each with its sentence",
        answer=shapes.Claims,
        handle=Handlers.claims,
        parameters=(p.Q, p.CLAIM_SORT, p.LIMIT, p.AFTER),
    ),
    Operation(
        path="/disagreements",
        name="findDisagreements",
        summary="Where the claims that match disagree",
        answer=Disagreements,
        handle=Handlers.disagreements,
        parameters=(p.Q, p.LIMIT),
    ),
    Operation(
        path="/stories/{id}",
        name="getStory",
        summary="All copies of one story, in order",
        answer=shapes.Story,
        handle=Handlers.story,
        parameters=(p.LIMIT, p.AFTER),
    ),
    Operation(
        path="/entities/{id}",
        name="getEntity",
        summary="Who or what an entity is, and how it is covered",
        answer=shapes.EntityPage,
        handle=Handlers.entity,
    ),
    Operation(
        path="/explain",
        name="explainQuery",
        summary="A query in words, with suggestions for words that no article has",
        answer=shapes.Explanation,
        handle=Handlers.explain,
        parameters=(p.Q,),
    ),
    Operation(
        path="/topics",
        name="listTopics",
        summary="Alert topics of who asks",
        answer=alert_shapes.Topics,
        handle=Handlers.topics,
        parameters=(p.EVERYBODY, p.LIMIT, p.AFTER),
    ),
    Operation(
        path="/alerts",
        name="listAlerts",
        summary="What the alert topics of who asks found, and why",
        answer=alert_shapes.Alerts,
        handle=Handlers.alerts,
        parameters=(p.TOPIC, p.SINCE, p.EVERYBODY, p.LIMIT, p.AFTER),
    ),
    Operation(
        path="/sources",
        name="listSources",
        summary="What is looked at, and which of it is late or silent",
        answer=source_shapes.Sources,
        handle=Handlers.sources,
        parameters=(p.STATE, p.KIND),
    ),
    Operation(
        path="/stats",
        name="getStats",
        summary="What is in the index, and how fresh it is",
        answer=Stats,
        handle=Handlers.stats,
    ),
    Operation(
        path="/operations",
        name="getOperations",
        summary="How stages, dead letters, sources and freshness are, for operators",
        answer=Operations,
        handle=Handlers.operations,
    ),
)
_OF_ARTICLES = (p.Q, p.EXPORT_SORT, p.FOLD, p.FROM_DAY, p.TO_DAY)
_OF_CLAIMS = (p.Q, p.CLAIM_SORT, p.FROM_DAY, p.TO_DAY)
_OF_FEEDS = (p.Q, p.FEED_FOLD, p.FROM_DAY, p.TO_DAY)
DOWNLOADS = (
    Download(
        path="/articles.csv",
        name="exportArticlesCsv",
        summary="All articles that match, as a table",
        media_type="text/csv",
        parameters=_OF_ARTICLES,
        form="csv",
    ),
    Download(
        path="/articles.jsonl",
        name="exportArticlesJsonLines",
        summary="All articles that match, one JSON object a line",
        media_type="application/jsonl",
        parameters=_OF_ARTICLES,
        form="jsonl",
    ),
    Download(
        path="/claims.csv",
        name="exportClaimsCsv",
        summary="All claims that match, as a table",
        media_type="text/csv",
        parameters=_OF_CLAIMS,
        form="csv",
    ),
    Download(
        path="/claims.jsonl",
        name="exportClaimsJsonLines",
        summary="All claims that match, one JSON object a line",
        media_type="application/jsonl",
        parameters=_OF_CLAIMS,
        form="jsonl",
    ),
    Download(
        path="/feed.atom",
        name="feedAtom",
        summary="The 50 newest articles that match, as Atom",
        media_type="application/atom+xml",
        parameters=_OF_FEEDS,
    ),
    Download(
        path="/feed.rss",
        name="feedRss",
        summary="The 50 newest articles that match, as RSS",
        media_type="application/rss+xml",
        parameters=_OF_FEEDS,
    ),
    Download(
        path="/feed.json",
        name="feedJson",
        summary="The 50 newest articles that match, as JSON Feed",
        media_type="application/feed+json",
        parameters=_OF_FEEDS,
    ),
)
"""Addresses of pages work here too: parameters that do not say what is found are passed over."""
DESCRIPTION = f"{ROOT}/openapi.json"
ANSWERS = (*(ROOT + operation.path for operation in OPERATIONS), DESCRIPTION)
"""Paths of what answers with JSON, as the routes have them."""
FILES = tuple(download.path for download in DOWNLOADS)
"""Paths of exports and feeds."""
