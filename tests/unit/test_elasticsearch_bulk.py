"""Each item of a bulk request ends as it should, and only what must be is sent again."""

import json
from collections import Counter
from collections.abc import Callable

import pytest
from elastic_transport import ConnectionError as NoConnection
from elastic_transport import ConnectionTimeout
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from services.errors import TryLater
from services.index import elasticsearch_bulk as bulk
from services.index.elasticsearch_bulk import Item, Patience, Verdict, send
from tests.support.fake_elasticsearch import PRODUCT, Answer, client_of, ok

AGAIN = st.sampled_from([429, 500, 502, 503, 504])
LAST = st.sampled_from([200, 201, 409, 400])
SCRIPT = st.tuples(st.lists(AGAIN, max_size=4), LAST).map(lambda pair: [*pair[0], pair[1]])
VERDICTS = {200: "done", 201: "done", 409: "newer", 400: "refused"}


class Waits:
    """Time that passes by sleeping alone."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def patience(self, seconds: float = 1e6, chance: float = 0.5) -> Patience:
        return Patience(
            seconds,
            clock=lambda: sum(self.slept),
            sleep=self.slept.append,
            chance=lambda: chance,
        )


def items(count: int) -> list[Item]:
    return [
        Item(
            op="index",
            index="a",
            id=f"i{n}",
            version=1,
            version_type="external_gte",
            document={"n": n},
        )
        for n in range(count)
    ]


def ids_of(body: bytes) -> list[str]:
    actions = [json.loads(line) for line in body.splitlines()]
    return [action["index"]["_id"] for action in actions if "index" in action]


def result(key: str, status: int, kind: str = "some_exception") -> dict[str, object]:
    told: dict[str, object] = {"_index": "a-000001", "_id": key, "status": status}
    if status >= 400:
        told["error"] = {"type": kind, "reason": f"told {status}"}
    return {"index": told}


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def deliver(answers: list[Answer | Exception], count: int, waits: Waits) -> list[Verdict]:
    """Send to a server that gives these answers first, and then does everything."""
    left = list(answers)

    def answer(method: str, path: str, body: bytes) -> Answer:
        if not left:
            return ok({"items": [result(key, 201) for key in ids_of(body)]})
        first = left.pop(0)
        if isinstance(first, Exception):
            raise first
        return first

    found = send(client_of(answer), items(count), waits.patience(), require_alias=True)
    assert not left
    return found


@settings(max_examples=1000, deadline=None)
@given(st.lists(SCRIPT, min_size=1, max_size=30))
def test_any_mix_of_statuses(scripts: list[list[int]]) -> None:
    waits, sent = Waits(), Counter[str]()
    left = {f"i{n}": list(script) for n, script in enumerate(scripts)}

    def answer(method: str, path: str, body: bytes) -> Answer:
        sent.update(ids_of(body))
        return ok({"items": [result(key, left[key].pop(0)) for key in ids_of(body)]})

    before = counted("beatwire_index_bulk_retries_total")
    verdicts = send(client_of(answer), items(len(scripts)), waits.patience(), require_alias=True)
    assert [one.status for one in verdicts] == [VERDICTS[script[-1]] for script in scripts]
    assert sent == {f"i{n}": len(script) for n, script in enumerate(scripts)}
    assert len(waits.slept) == max(map(len, scripts)) - 1
    assert all(1 <= seconds <= 30 for seconds in waits.slept)
    more = counted("beatwire_index_bulk_retries_total") - before
    assert more == sum(map(len, scripts)) - len(scripts)


def test_what_happened_is_counted() -> None:
    name = "beatwire_index_bulk_items_total"
    before = {status: counted(name, status=status) for status in ("done", "again", "refused")}
    waited = counted("beatwire_index_bulk_wait_seconds_total")
    waits = Waits()
    deliver([ok({"items": [result("i0", 429), result("i1", 400)]})], 2, waits)
    after = {status: counted(name, status=status) for status in before}
    assert {status: after[status] - before[status] for status in before} == {
        "done": 1,
        "again": 1,
        "refused": 1,
    }
    assert counted("beatwire_index_bulk_wait_seconds_total") - waited == sum(waits.slept) > 0


@pytest.mark.parametrize(
    "answer",
    [
        (200, PRODUCT, b'{"took":1,"errors":false,"items":[{"index":{"_i'),
        (200, {"content-type": "text/html"}, b"<html>Please wait</html>"),
        (200, PRODUCT | {"content-type": "text/html"}, b"<html>Please wait</html>"),
        (200, PRODUCT, b"[]"),
        (200, PRODUCT, b""),
        ok({"items": [result("i0", 201)]}),
        ok({"items": [result("i0", 201), result("other", 201)]}),
        ok({"items": [result("i0", 201), {"delete": {}}]}),
        (502, {"content-type": "text/html"}, b"<html>Bad gateway</html>"),
        ok({"error": {"type": "es_rejected_execution_exception"}}, 429),
        NoConnection("refused"),
        ConnectionTimeout("10 s"),
    ],
    ids=str,
)
def test_an_answer_that_says_nothing_is_asked_for_again(answer: Answer | Exception) -> None:
    waits = Waits()
    assert [one.status for one in deliver([answer], 2, waits)] == ["done", "done"]
    assert len(waits.slept) == 1


def test_the_server_may_ask_for_a_longer_wait() -> None:
    waits = Waits()
    late = (429, {**PRODUCT, "retry-after": "17"}, b"{}")
    nonsense = (503, {**PRODUCT, "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, b"{}")
    endless = (429, {**PRODUCT, "retry-after": "99999999"}, b"{}")
    deliver([late, nonsense, endless], 1, waits)
    assert waits.slept == [17, 6, 30]


def test_waits_grow_and_stay_below_the_limit() -> None:
    waits = Waits()
    patience = waits.patience(chance=1)
    for _ in range(7):
        patience.wait("")
    assert waits.slept == [4, 8, 16, 30, 30, 30, 30]


def test_patience_ends() -> None:
    waits = Waits()
    client = client_of(lambda *_: ok({"items": [result("i0", 429)]}))
    with pytest.raises(TryLater, match=r"1 of 1 writes .* status 429: some_exception: told 429"):
        send(client, items(1), waits.patience(20), require_alias=True)
    assert waits.slept == [3, 6]


def limited(most: int, sent: list[int]) -> Callable[[str, str, bytes], Answer]:
    def answer(method: str, path: str, body: bytes) -> Answer:
        sent.append(len(body))
        if len(body) > most:
            return 413, {"content-type": "text/html"}, b"<h1>Request Entity Too Large</h1>"
        return ok({"items": [result(key, 201) for key in ids_of(body)]})

    return answer


def test_what_is_too_large_goes_in_halves() -> None:
    sent: list[int] = []
    batch = items(64)
    large = Item(op="index", index="a", id="large", document={"text": "x" * 2000})
    client = client_of(limited(1000, sent))
    verdicts = send(client, [*batch, large], Waits().patience(), require_alias=True)
    assert [one.status for one in verdicts] == ["done"] * 64 + ["refused"]
    assert verdicts[-1].reason.startswith("status 413")


def test_a_request_is_never_larger_than_its_limit() -> None:
    sent: list[int] = []
    batch = [
        Item(op="index", index="a", id=f"i{n}", document={"text": "x" * 3_000_000})
        for n in range(10)
    ]
    client = client_of(limited(bulk.MOST_BYTES, sent))
    send(client, batch, Waits().patience(), require_alias=True)
    assert len(sent) == 4
    assert max(sent) <= bulk.MOST_BYTES


def test_a_request_that_is_refused_whole_is_cut_down_to_the_item() -> None:
    def answer(method: str, path: str, body: bytes) -> Answer:
        keys = ids_of(body)
        if "i3" in keys:
            return ok({"error": {"type": "validation", "reason": "id is too long"}}, 400)
        return ok({"items": [result(key, 201) for key in keys]})

    verdicts = send(client_of(answer), items(8), Waits().patience(), require_alias=True)
    assert [one.status for one in verdicts] == ["done"] * 3 + ["refused"] + ["done"] * 4
    assert verdicts[3].reason == "status 400: validation: id is too long"


@pytest.mark.parametrize("status", [403, 429])
def test_a_read_only_index_is_waited_for_elsewhere(status: int) -> None:
    waits = Waits()
    blocked = result("i1", status, "cluster_block_exception")
    with pytest.raises(TryLater, match=r"^index read-only: cluster_block_exception"):
        deliver([ok({"items": [result("i0", 201), blocked]})], 2, waits)
    whole = {"error": {"type": "cluster_block_exception", "reason": "blocked"}}
    with pytest.raises(TryLater, match=r"^index read-only: "):
        deliver([ok(whole, status)], 2, waits)
    assert not waits.slept


def test_a_missing_index_is_held_against_no_item() -> None:
    missing = result("i0", 404, "index_not_found_exception")
    assert [one.status for one in deliver([ok({"items": [missing]})], 1, Waits())] == ["done"]


def test_deleting_what_is_gone_is_done() -> None:
    gone = {"delete": {"_index": "a-000001", "_id": "i0", "status": 404, "result": "not_found"}}
    client = client_of(lambda *_: ok({"items": [gone]}))
    item = Item(op="delete", index="a", id="i0", version=3, version_type="external_gte")
    (verdict,) = send(client, [item], Waits().patience(), require_alias=True)
    assert (verdict.status, verdict.index) == ("done", "a-000001")
