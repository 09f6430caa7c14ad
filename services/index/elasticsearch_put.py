"""``put`` on Elasticsearch, where an article and its claims are documents of their own.

The engine has no transactions, so what keeps them together is an order and a number:

- An article's version counts its writes. A writer reads version n, decides, and writes n + 1 as an
  external version: the engine takes that only while n is still the last. Whoever comes second
  reads again and decides again.
- Claims go before their article, under a version that begins with the one it will have and ends
  with the writer's lot; the article names it. A writer that wrote claims and came second has made
  a mess, and it does not end before it wrote the article that there is to be, with all its claims,
  under the next version.
- So a kill at any point is mended when the event is delivered again: where nothing is to be
  written of the article, its claims are looked at, and written again unless all are its own.
- Revisions go first. Their version counts down with the time of their fetch, so that of those with
  one text the earliest stays, whoever writes it and when.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from processors.records import Article
from services.errors import Reject, TryLater
from services.index import PutOutcome
from services.index.changes import Known, decide
from services.index.documents import micros, moment
from services.index.elasticsearch_admin import CLAIMS_VERSION, FreshNames
from services.index.elasticsearch_bulk import Item, Patience, Verdict, patience_for, send
from services.index.elasticsearch_names import Kind, Names
from services.index.elasticsearch_schema import (
    article_document,
    claim_documents,
    revision_document,
)

REVISIONS_FROM = 2**60
"""Above any time in microseconds; a version is no less than 0."""
LOTS = 2**24
"""Writers of one version that draw the same one of so many are told apart no more."""
ROUNDS = 12
"""Others may come first this often before the batch is put off."""
REQUEST_SECONDS = 10.0


class Found(msgspec.Struct, frozen=True):
    """What the index has under an article's id."""

    known: Known | None = None
    version: int = 0
    claims_version: int = 0
    index: str = ""


class Plan(msgspec.Struct, frozen=True):
    """What a batch does with one id: an outcome an article, what to have, what to keep."""

    outcomes: tuple[PutOutcome, ...]
    known: Known | None
    revisions: tuple[Article, ...]


def plan(known: Known | None, articles: Iterable[Article]) -> Plan:
    """All articles of one id, in order."""
    outcomes: list[PutOutcome] = []
    revisions: list[Article] = []
    wanted: Known | None = None
    for article in articles:
        change = decide(wanted or known, article)
        outcomes.append(change.outcome)
        wanted = change.known or wanted
        revisions += change.revisions
    return Plan(tuple(outcomes), wanted, tuple(revisions))


class Task:
    """One id of a batch on its way into the index."""

    def __init__(self, articles: list[Article]) -> None:
        self.id = articles[0].id
        self.outcomes: tuple[PutOutcome, ...] = ()
        self.refusal = ""
        self.found = Found()
        self.wanted: Known | None = None
        self._articles = articles
        self._revisions: tuple[Article, ...] = ()
        self._came_second = self._in_pieces = False
        self._claims_version = 0
        # A killed writer of the same articles may have left claims at any of these places.
        self._places = max(len(article.claims) for article in articles)

    def look(self, found: Found, lot: int) -> bool:
        """Decide what to write; whether anything is left to do."""
        tried, self.found, self._revisions = self.wanted, found, ()
        if found.known is not None:
            self._places = max(self._places, len(found.known.article.claims))
        if self.refusal:
            self.wanted = found.known
        elif self._came_second and found.known == tried:
            # By this writer, whose answer was lost; or by one that wrote the same.
            if found.claims_version == self._claims_version and not self._in_pieces:
                return False
        else:
            made = plan(found.known, self._articles)
            self.outcomes, self.wanted, self._revisions = made.outcomes, made.known, made.revisions
            if self._came_second and self.wanted is None:
                self.wanted = found.known
        # Its own claims of the last round are overtaken too.
        self._claims_version = max(self._claims_version + 1, (found.version + 1) * LOTS + lot)
        self._in_pieces = False
        return True

    @property
    def is_idle(self) -> bool:
        """Nothing is to be written of the article: its claims are expected to be there."""
        return self.wanted is None and not self.refusal

    @property
    def is_nothing(self) -> bool:
        """The article is refused, and there is none to go back to: no claim shall stay."""
        return self.wanted is None and bool(self.refusal)

    def overtake(self, versions: dict[str, int]) -> None:
        """Delete the claims that there are, whoever wrote them; versions are those of any claims.

        Where none are, nothing is written: the versions of deleted ones, which cannot be seen,
        may be higher.
        """
        there = [versions[key] for key in self.claim_keys() if key in versions]
        if there:
            self._claims_version = max(self._claims_version, 1 + max(there))
        else:
            self._places = 0

    def is_whole(self, versions: dict[str, int]) -> bool:
        """Whether exactly the claims of the article that was found are there."""
        count = len(self.found.known.article.claims) if self.found.known else 0
        wanted = dict.fromkeys(self.claim_keys()[:count], self.found.claims_version)
        return wanted == {key: versions[key] for key in self.claim_keys() if key in versions}

    def claim_keys(self) -> list[str]:
        """The ids of all claims that may be there."""
        return [f"{self.id}#{place}" for place in range(self._places)]

    def first(self, names: Names) -> Iterator[Item]:
        """What is written before the article."""
        for revision in self._revisions:
            key, document = revision_document(revision)
            yield Item(
                op="index",
                index=names.write("revisions"),
                id=key,
                version=REVISIONS_FROM - micros(revision.fetched_at),
                version_type="external",
                document=document,
            )
        if self.is_idle:
            return
        claims = dict(claim_documents(self.wanted)) if self.wanted else {}
        for key in self.claim_keys():
            yield Item(
                op="index" if key in claims else "delete",
                index=names.write("claims"),
                id=key,
                version=self._claims_version,
                version_type="external_gte",
                document=claims.get(key),
            )

    def last(self, names: Names) -> Iterator[Item]:
        """The article itself."""
        if self.wanted is not None:
            yield Item(
                op="index",
                index=names.write("articles"),
                id=self.id,
                version=self.found.version + 1,
                version_type="external",
                document=article_document(self.wanted) | {CLAIMS_VERSION: self._claims_version},
            )

    def ended(self, first: list[Verdict], last: list[Verdict]) -> bool:
        """Take note of what was written; whether this task is done."""
        both = [*first, *last]
        refused = [one.reason for one in both if one.status == "refused"]
        if refused and not self.refusal:
            self.refusal = refused[0]
            return False  # what was written of it goes again, or is what it was
        if self.is_idle:
            return True
        generations = {one.index.rpartition("-")[2] for one in both if one.index}
        moved = not generations <= {self.found.index.rpartition("-")[2]}
        claims = first[len(self._revisions) :]
        # Claims that another writer left, even one that died, have to be overtaken; and the
        # aliases may have been moved by a rebuild in between.
        self._in_pieces = moved or any(one.status == "newer" for one in claims)
        self._came_second = self._in_pieces or any(one.status == "newer" for one in last)
        return not self._came_second


def put(
    client: Elasticsearch,
    names: Names,
    articles: Sequence[Article],
    patience: Patience | None = None,
) -> list[PutOutcome]:
    """See the port. Several processes may put at the same time.

    Raises Reject, with nothing left of them, when the index refuses one of the articles.
    """
    batch: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        batch[article.id].append(article)
    tasks = {key: Task(group) for key, group in batch.items()}
    patience = patience or Patience(patience_for(len(articles)))
    writer = _Writer(client.options(request_timeout=REQUEST_SECONDS), names, patience)
    pending = list(tasks.values())
    for turn in range(ROUNDS):
        if not pending:
            break
        if turn > 1:
            patience.wait(f"{len(pending)} articles are written by others at the same time")
        pending = writer.go_round(pending)
    if pending:
        raise TryLater(f"{len(pending)} articles are written by others at the same time")
    if refusals := [task.refusal for task in tasks.values() if task.refusal]:
        raise Reject(f"the index refuses it: {refusals[0]}")
    told = {key: iter(task.outcomes) for key, task in tasks.items()}
    return [next(told[article.id]) for article in articles]


class _Writer:
    """The requests of one ``put``."""

    def __init__(self, client: Elasticsearch, names: Names, patience: Patience) -> None:
        self._client = client
        self._names = names
        self._patience = patience

    def go_round(self, tasks: list[Task]) -> list[Task]:
        """Read, decide, write; the tasks in whose way somebody came."""
        found = self._found([task.id for task in tasks])
        tasks = [task for task in tasks if task.look(found[task.id], self._patience.lot(LOTS))]
        looked_at = [task for task in tasks if task.is_idle or task.is_nothing]
        versions = self._versions([key for task in looked_at for key in task.claim_keys()])
        for task in looked_at:
            if task.is_nothing:
                task.overtake(versions)
            elif not task.is_whole(versions):
                task.wanted = task.found.known  # a killed writer left its claims in pieces
        first = self._send({task.id: list(task.first(self._names)) for task in tasks})
        sound = [task for task in tasks if all(one.status != "refused" for one in first[task.id])]
        last = self._send({task.id: list(task.last(self._names)) for task in sound})
        return [task for task in tasks if not task.ended(first[task.id], last.get(task.id, []))]

    def _found(self, ids: list[str]) -> dict[str, Found]:
        asked = [{"_id": key, "_source": ["record", "seen", CLAIMS_VERSION]} for key in ids]
        return {one["_id"]: _found(one) for one in self._get("articles", asked)}

    def _versions(self, keys: list[str]) -> dict[str, int]:
        found = self._get("claims", [{"_id": key, "_source": False} for key in keys])
        return {one["_id"]: one["_version"] for one in found if one["found"]}

    def _get(self, kind: Kind, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Documents as they are at this moment, searchable yet or not."""
        if not asked:
            return []
        try:
            answer = self._client.mget(index=self._names.write(kind), docs=asked)
        except (ApiError, TransportError) as error:
            raise TryLater(f"index cannot be read: {error}") from error
        docs = answer.body.get("docs", []) if isinstance(answer.body, dict) else []
        if [one.get("_id") for one in docs] != [one["_id"] for one in asked]:
            raise TryLater("index cannot be read: its answer is one to another question")
        for one in docs:
            if "found" not in one:
                raise TryLater(f"index cannot be read: {one.get('error')}")
        return docs

    def _send(self, items: dict[str, list[Item]]) -> dict[str, list[Verdict]]:
        """One bulk request for all tasks, told apart again."""
        verdicts = iter(
            send(
                self._client,
                [item for group in items.values() for item in group],
                self._patience,
                require_alias=not isinstance(self._names, FreshNames),
            )
        )
        return {key: [next(verdicts) for _ in group] for key, group in items.items()}


def _found(told: dict[str, Any]) -> Found:
    if not told["found"]:
        return Found(index=told["_index"])
    source = told["_source"]
    return Found(
        Known(msgspec.convert(source["record"], Article), moment(source["seen"])),
        told["_version"],
        source.get(CLAIMS_VERSION, 0),
        told["_index"],
    )
