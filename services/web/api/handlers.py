"""``/api/v1``: each handler turns the values of an address into one answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from processors.query.explain import explain
from processors.query.syntax import parse_query
from processors.query.tree import (
    And,
    ClaimIs,
    EntityIs,
    EventIs,
    Near,
    Node,
    Original,
    PartyIs,
    StoryIs,
    Words,
    sought,
)
from processors.records import Article, Entity
from services.answers import alert_shapes, shapes, source_shapes
from services.answers import disagreements as ledger
from services.answers.history import history_of
from services.answers.revision_shapes import Revisions, told_revisions
from services.errors import TryLater
from services.index import Index, Results, Stats
from services.operations.report import Operations
from services.sources.overview import chosen, overviews
from services.store import Store
from services.web.api.alerting import alerts_page, topics_page
from services.web.api.problems import NotThere, WrongParameter
from services.web.stores import no_store
from services.web.who import Who

MAX_ID = 200
"""Characters of an id; what is longer is none."""
LOOKED_AT = 20
"""Articles in which the name of an entity is looked for."""
MENTIONED_WITH = 20


class Handlers:
    """The answers over one index; ``now`` is the clock that ``after:7d`` counts back from.

    They raise what ``problems.of_error`` knows.
    """

    def __init__(
        self,
        index: Index,
        now: Callable[[], datetime],
        store: Callable[[], Store] = no_store,
        look: Callable[[], Operations] | None = None,
    ) -> None:
        self._index = index
        self._now = now
        self._store = store
        self._look = look

    def articles(self, values: dict[str, Any]) -> shapes.Articles:
        found = self._index.search(
            self.query(values["q"]),
            limit=values["limit"],
            sort=values["sort"],
            facets=values["facets"],
            fold=values["fold"],
            after=values["after"],
        )
        return self._told(found)

    def article(self, values: dict[str, Any]) -> shapes.ToldArticle:
        return shapes.told_article(self._article(values["id"]))

    def revisions(self, values: dict[str, Any]) -> Revisions:
        found = history_of(self._index, self._article(values["id"]))
        return told_revisions(found, values["limit"], text=values["text"])

    def claims(self, values: dict[str, Any]) -> shapes.Claims:
        found = self._index.claims(
            self.query(values["q"]),
            limit=values["limit"],
            sort=values["sort"],
            after=values["after"],
        )
        return shapes.claims(found)

    def disagreements(self, values: dict[str, Any]) -> ledger.Disagreements:
        found = self._index.disputes(self.query(values["q"]), limit=values["limit"])
        return ledger.disagreements(found)

    def story(self, values: dict[str, Any]) -> shapes.Story:
        found = self._index.search(
            StoryIs(_id(values["id"])),
            limit=values["limit"],
            sort="oldest",
            facets=True,
            after=values["after"],
        )
        if not found.total:
            raise NotThere(f"no story {values['id'][:40]!r} is in this index")
        told = self._told(found)
        return shapes.Story(
            id=values["id"],
            total=told.total,
            hits=told.hits,
            sources=told.facets["source"],
            next=told.next,
            event=told.hits[0].event if told.hits else "",
            origins=self._origins(told.hits[0].event) if told.hits else 0,
        )

    def _origins(self, event: str) -> int:
        return self._index.search(And((EventIs(event), Original())), limit=1).total

    def entity(self, values: dict[str, Any]) -> shapes.EntityPage:
        wanted = _id(values["id"])
        found = self._index.search(EntityIs(wanted), limit=LOOKED_AT, sort="newest", facets=True)
        entity = _named(wanted, [hit.article for hit in found.hits])
        about = ClaimIs(conditions=(PartyIs("subject", entity.id),))
        newest = found.hits[0].article
        others = [each for each in found.facets["entity"] if each.value != entity.id]
        return shapes.EntityPage(
            id=entity.id,
            name=entity.name,
            type=entity.type,
            articles=found.total,
            claims=self._index.claims(about, limit=1).total,
            newest=newest.published or newest.fetched_at,
            mentioned_with=tuple(others[:MENTIONED_WITH]),
            days=found.days,
        )

    def explain(self, values: dict[str, Any]) -> shapes.Explanation:
        node = self.query(values["q"])
        return shapes.Explanation(
            q=values["q"],
            meaning=explain(node),
            suggestions=self._index.suggest(typed_words(node)),
        )

    def stats(self, _: dict[str, Any]) -> Stats:
        return self._index.stats()

    def operations(self, _: dict[str, Any]) -> Operations:
        if self._look is None:
            raise TryLater("nothing looks at the whole here")
        return self._look()

    def topics(self, values: dict[str, Any]) -> alert_shapes.Topics:
        found = self._store().topics(_owner(values))
        return topics_page(found, values["after"], values["limit"])

    def alerts(self, values: dict[str, Any]) -> alert_shapes.Alerts:
        return alerts_page(
            self._store(),
            owner=_owner(values),
            topic=values["topic"],
            since=values["since"],
            cursor=values["after"],
            limit=values["limit"],
        )

    def sources(self, values: dict[str, Any]) -> source_shapes.Sources:
        every = overviews(self._store(), self._now())
        state, kind = values["state"], values["kind"]
        found = chosen(every, (state,) if state else (), (kind,) if kind else ())
        rows = tuple(source_shapes.source_row(each) for each in found)
        return source_shapes.Sources(total=len(rows), sources=rows)

    def _told(self, found: Results) -> shapes.Articles:
        edits = self._index.edits([hit.article for hit in found.hits])
        return shapes.articles(found, edits)

    def query(self, q: str) -> Node:
        return parse_query(q, self._now())

    def _article(self, wanted: str) -> Article:
        found = self._index.get(_id(wanted))
        if found is None:
            raise NotThere(f"no article {wanted[:40]!r} is in this index")
        return found


def typed_words(node: Node) -> list[str]:
    """The words that a query looks for, as they were typed."""
    texts = [part.text for part in sought(node) if isinstance(part, Words | Near)]
    return list(dict.fromkeys(word for text in texts for word in text.split()))


def _owner(values: dict[str, Any]) -> str | None:
    """Whose topics are meant; None: everybody's."""
    who: Who = values["who"]
    if not values["everybody"]:
        return who.name
    if who.role != "operator":
        raise WrongParameter("everybody is for operators; leave it out")
    return None


def _id(given: str) -> str:
    if len(given) > MAX_ID:
        raise NotThere("no id is so long")
    return given


def _named(wanted: str, articles: list[Article]) -> Entity:
    """The entity of this id, as the newest article names it."""
    for article in articles:
        for entity in article.entities:
            if entity.id == wanted:
                return entity
    raise NotThere(
        f"no entity has the id {wanted[:40]!r}; entities of a search, with their ids: "
        "/api/v1/articles?facets=true"
    )
