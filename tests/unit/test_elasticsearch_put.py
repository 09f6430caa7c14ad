"""``put`` keeps an article and its claims together, whoever else writes and whenever one dies."""

import json
import threading
from collections.abc import Callable, Sequence
from itertools import count, permutations

import msgspec
import pytest
from elastic_transport import ConnectionTimeout
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.records import Article
from services.errors import Reject, TryLater
from services.index import PutOutcome
from services.index.changes import Known
from services.index.documents import moment, revision_key
from services.index.elasticsearch_bulk import Patience
from services.index.elasticsearch_names import KINDS, Names
from services.index.elasticsearch_put import plan, put
from services.index.elasticsearch_schema import claim_documents
from tests.support.articles import article, claim
from tests.support.fake_elasticsearch import Answer, FakeElasticsearch, client_of, ok

NAMES = Names("t")
TICKS = count()
LOST = "lost"
"""A request is done, and its answer does not arrive."""
DIES = "dies"


class DiedError(BaseException):
    """The writer's process was killed."""


def server() -> FakeElasticsearch:
    made = FakeElasticsearch()
    aliases(made, 1)
    return made


def aliases(there: FakeElasticsearch, generation: int) -> None:
    for kind in KINDS:
        for alias in (NAMES.read(kind), NAMES.write(kind)):
            there.aliases[alias] = NAMES.concrete(kind, generation)


def hasty(lots: list[float] | None = None) -> Patience:
    def chance() -> float:
        """No two are alike."""
        return (lots.pop(0) if lots else 0.5) + next(TICKS) / 1e6 % 0.1

    return Patience(clock=lambda: 0.0, sleep=lambda _: None, chance=chance)


def write(
    there: FakeElasticsearch,
    articles: Sequence[Article],
    answer: Callable[[str, str, bytes], Answer] | None = None,
    lots: list[float] | None = None,
) -> list[PutOutcome]:
    return put(client_of(answer or there.answer), NAMES, articles, hasty(lots))


def known(there: FakeElasticsearch, key: str) -> Known | None:
    doc = there.live(NAMES.read("articles")).get(key)
    if doc is None or doc.source is None:
        return None
    return Known(msgspec.convert(doc.source["record"], Article), moment(doc.source["seen"]))


def assert_whole(there: FakeElasticsearch, *keys: str) -> None:
    """Each article has its claims, all of them, as they are now; and there are no others."""
    found = [known(there, key) for key in keys]
    wanted = dict(pair for one in found if one for pair in claim_documents(one))
    claims = there.live(NAMES.read("claims"))
    as_sent = json.loads(json.dumps(wanted))
    assert {key: doc.source for key, doc in claims.items()} == as_sent


def version(text: int, hours: int, claims: int, reading: int = 1, slug: str = "story") -> Article:
    """One reading of a version of one page; its claims tell it from all others."""
    made = tuple(
        claim(low=float(1 + place), subject=f"{text}-{hours}-{reading}") for place in range(claims)
    )
    return article(
        slug, f"Text {text}.", hours=hours, claims=made, made_by={"claims": str(reading)}
    )


VERSIONS = st.builds(
    version, st.integers(1, 2), st.integers(0, 2), st.integers(0, 3), st.integers(1, 2)
)


@settings(max_examples=300, deadline=None)
@given(st.lists(VERSIONS, min_size=1, max_size=8), st.lists(st.integers(1, 4), max_size=8))
def test_any_batches_end_as_the_rules_say(versions: list[Article], cuts: list[int]) -> None:
    there, told, rest = server(), list[PutOutcome](), versions
    for cut in [*cuts, len(versions)]:
        told += write(there, rest[:cut])
        rest = rest[cut:]
    live: Known | None = None
    wanted, kept = list[PutOutcome](), set[str]()
    for one in versions:
        made = plan(live, [one])
        live = made.known or live
        wanted += made.outcomes
        kept |= {revision_key(revision) for revision in made.revisions}
    assert told == wanted
    assert known(there, versions[0].id) == live
    assert there.live(NAMES.read("revisions")).keys() == kept
    assert_whole(there, versions[0].id)


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_the_same_event_five_times_in_any_order(order: tuple[int, ...]) -> None:
    there = server()
    versions = [version(text, text, claims=3 - text) for text in range(3)]
    for at in order:
        for _ in range(5):
            write(there, [versions[at]])
    assert known(there, versions[0].id) == Known(versions[2], versions[2].fetched_at)
    assert len(there.live(NAMES.read("revisions"))) == 2
    assert_whole(there, versions[0].id)


class Turns:
    """Lets several writers go on by one request at a time, in an order that the test gives."""

    def __init__(
        self, there: FakeElasticsearch, order: Sequence[int], lots: Sequence[float]
    ) -> None:
        self._there = there
        self._lots = list(lots)
        self._order = list(order)
        self._moved = threading.Condition()
        self._waiting: dict[int, bool] = {}
        self._turn: int | None = None

    def run(self, writers: Sequence[Sequence[list[Article]]], plots: Sequence[list[str]]) -> None:
        """Each writer puts its batches; ``plots`` say what befalls its requests, one by one."""
        threads = [
            threading.Thread(target=self._write, args=(number, batches, list(plots[number])))
            for number, batches in enumerate(writers)
        ]
        self._waiting = dict.fromkeys(range(len(writers)), False)
        for thread in threads:
            thread.start()
        with self._moved:
            while self._waiting:
                self._moved.wait_for(lambda: self._turn is None and all(self._waiting.values()))
                if self._waiting:
                    there = sorted(self._waiting)
                    self._turn = there[(self._order.pop(0) if self._order else 0) % len(there)]
                    self._moved.notify_all()
        for thread in threads:
            thread.join()

    def _write(self, number: int, batches: Sequence[list[Article]], plot: list[str]) -> None:
        try:
            for batch in batches:
                while True:
                    try:
                        write(self._there, batch, self._answer(number, plot), self._lots)
                        break
                    except (DiedError, TryLater):
                        pass  # the event is delivered again
        finally:
            with self._moved:
                del self._waiting[number]
                self._moved.notify_all()

    def _answer(self, number: int, plot: list[str]) -> Callable[[str, str, bytes], Answer]:
        def answer(method: str, path: str, body: bytes) -> Answer:
            with self._moved:
                self._waiting[number] = True
                self._moved.notify_all()
                self._moved.wait_for(lambda: self._turn == number)
                told = self._there.answer(method, path, body)
                self._waiting[number], self._turn = False, None
                self._moved.notify_all()
            match plot.pop(0) if plot else "":
                case "lost":
                    raise ConnectionTimeout("10 s")
                case "dies":
                    raise DiedError
            return told

        return answer


CHANCES = st.lists(st.sampled_from([0.0, 0.25, 0.75, 0.9]), max_size=20)
ORDER = st.lists(st.integers(0, 5), max_size=40)
PLOT = st.lists(st.sampled_from(["", "", "", LOST, DIES]), max_size=12)
PLOTS = st.tuples(PLOT, PLOT, PLOT)
BATCHES = st.lists(st.lists(VERSIONS, min_size=1, max_size=2), min_size=1, max_size=2)


@settings(max_examples=400, deadline=None)
@given(VERSIONS | st.none(), VERSIONS, VERSIONS, ORDER, CHANCES)
def test_two_writers_end_as_one_after_the_other(
    first: Article | None, one: Article, other: Article, order: list[int], lots: list[float]
) -> None:
    there = server()
    before = [first] if first else []
    write(there, before)
    Turns(there, order, lots).run([[[one]], [[other]]], [[], []])
    ends = [plan(None, [*before, *turn]).known for turn in ([one, other], [other, one])]
    assert known(there, one.id) in ends
    assert_whole(there, one.id)


@settings(max_examples=400, deadline=None)
@given(st.tuples(BATCHES, BATCHES, BATCHES), ORDER, CHANCES, PLOTS)
def test_any_writers_losses_and_deaths(
    writers: tuple[list[list[Article]], ...],
    order: list[int],
    lots: list[float],
    plots: tuple[list[str], ...],
) -> None:
    there = server()
    Turns(there, order, lots).run(writers, plots)
    every = [each for batches in writers for batch in batches for each in batch]
    found = known(there, every[0].id)
    assert found is not None
    assert found.seen == max(each.fetched_at for each in every)
    revisions = there.live(NAMES.read("revisions")).values()
    kept = {doc.source["record"]["content_hash"] for doc in revisions if doc.source}
    assert {each.content_hash for each in every} <= kept | {found.article.content_hash}
    assert_whole(there, every[0].id)


def test_a_killed_writers_claims_do_not_outlive_a_newer_article() -> None:
    """It wrote five claims and died; a newer version, of one claim, came before it was retried."""
    there, killed = server(), version(2, 1, claims=5)
    requests: list[str] = []

    def dies_before_the_article(method: str, path: str, body: bytes) -> Answer:
        if requests.count("_bulk") == 1:
            raise DiedError
        requests.append(path.rpartition("/")[2])
        return there.answer(method, path, body)

    write(there, [version(1, 0, claims=2)])
    with pytest.raises(DiedError):
        write(there, [killed], dies_before_the_article)
    assert len(there.live(NAMES.read("claims"))) == 5
    assert write(there, [version(3, 2, claims=1)]) == ["stored"]
    assert write(there, [killed]) == ["superseded"]
    assert_whole(there, killed.id)


@pytest.mark.parametrize("kind", ["articles", "claims"])
@pytest.mark.parametrize("there_before", [True, False])
def test_what_is_refused_leaves_nothing_behind(kind: str, there_before: bool) -> None:
    there, good = server(), article("good", claims=(claim(low=1e6),))
    bad, before = version(2, 1, claims=3), [version(1, 0, claims=2)] if there_before else []
    write(there, before)

    def answer(method: str, path: str, body: bytes) -> Answer:
        if path != "/_bulk":
            return there.answer(method, path, body)
        told = []
        lines = [json.loads(line) for line in body.splitlines()]
        while lines:
            ((op, action),) = lines.pop(0).items()
            source = None if op == "delete" else lines.pop(0)
            name = {"articles": bad.id, "claims": f"{bad.id}#1"}[kind]
            if action["_id"] == name and "2-1-1" in json.dumps(source):
                error = {"type": "document_parsing_exception", "reason": "too many words"}
                told.append({op: {"_id": action["_id"], "status": 400, "error": error}})
            else:
                told.append({op: there.write(op, action, source)})
        return ok({"items": told})

    for lot in (0.8, 0.1, 0.5):
        with pytest.raises(Reject, match="document_parsing_exception: too many words"):
            write(there, [good, bad], answer, [lot, lot])
    assert known(there, bad.id) == (plan(None, before).known if before else None)
    assert known(there, good.id) == Known(good, good.fetched_at)
    assert_whole(there, good.id, bad.id)
    assert write(there, [bad], lots=[0.0]) == ["stored"]
    assert_whole(there, good.id, bad.id)


def test_aliases_that_move_in_between_tear_nothing() -> None:
    there = server()
    one = version(1, 0, claims=2)
    bulks: list[str] = []

    def answer(method: str, path: str, body: bytes) -> Answer:
        told = there.answer(method, path, body)
        if path == "/_bulk" and not bulks:
            bulks.append(path)
            aliases(there, 2)
        return told

    assert write(there, [one], answer) == ["stored"]
    assert known(there, one.id) == Known(one, one.fetched_at)
    assert_whole(there, one.id)


def test_a_missing_index_is_a_matter_of_time() -> None:
    missing = {"_id": article().id, "error": {"type": "index_not_found_exception"}}
    with pytest.raises(TryLater, match="index_not_found_exception"):
        write(server(), [article()], lambda *_: ok({"docs": [missing]}))
    with pytest.raises(TryLater, match="cannot be read"):
        write(server(), [article()], lambda *_: ok({"error": {"type": "x"}}, 401))
    with pytest.raises(TryLater, match="another question"):
        write(server(), [article()], lambda *_: ok({"docs": []}))
