"""Bulk requests to Elasticsearch: what each item came to, and what is sent again.

``judge`` decides, ``send`` acts. An item that was sent twice is harmless, because each is a write
with a version or a ``create``: so whatever is not known to be done is sent again.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import msgspec
from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError

from services.errors import TryLater
from services.metrics import BULK_ITEMS, BULK_RETRIES, BULK_WAIT_SECONDS

MOST_BYTES = 10 * 1024 * 1024
"""Of one request; an item that is larger alone goes alone."""
LONGEST_WAIT_SECONDS = 30.0
PATIENCE_SECONDS = 15.0
MOST_PATIENCE_SECONDS = 120.0
"""Of one ``put``. With the last request it stays below the deadline of a slice of one event."""

READ_ONLY = "index read-only"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One write."""

    op: Literal["index", "create", "delete"]
    index: str
    id: str
    version: int | None = None
    version_type: Literal["external", "external_gte"] | None = None
    document: dict[str, Any] | None = None


class Verdict(msgspec.Struct, frozen=True):
    """What became of one item.

    ``newer``: the index has another version, so that this one is not needed or not allowed.
    ``refused``: it can never pass. ``blocked``: the index takes no writes until someone acts.
    """

    status: Literal["done", "newer", "again", "refused", "blocked"]
    reason: str = ""
    after: float = 0.0
    """Seconds that the server asked to wait."""
    index: str = ""
    """The index behind the alias that was written to."""


class Patience:
    """Waits between tries, longer each time and never in step with others, up to a bound."""

    def __init__(
        self,
        seconds: float = PATIENCE_SECONDS,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._clock, self._sleep, self._chance = clock, sleep, chance
        self._until = clock() + seconds
        self._round = 0

    def lot(self, count: int) -> int:
        """One of so many numbers, by chance."""
        return int(self._chance() * count)

    def wait(self, reason: str, at_least: float = 0.0) -> None:
        """Sleep for a limit that doubles, or down to half of it; raises TryLater at the end."""
        self._round += 1
        limit = min(LONGEST_WAIT_SECONDS, 2.0 * 2**self._round)
        seconds = max(at_least, limit * (1 + self._chance()) / 2)
        if self._clock() + seconds > self._until:
            raise TryLater(reason)
        BULK_WAIT_SECONDS.inc(seconds)
        self._sleep(seconds)


def patience_for(articles: int) -> float:
    """Seconds for so many: to begin again costs more the more is done."""
    return min(PATIENCE_SECONDS + articles, MOST_PATIENCE_SECONDS)


def send(
    client: Elasticsearch, items: Sequence[Item], patience: Patience, *, require_alias: bool
) -> list[Verdict]:
    """Write all items; for each ``done``, ``newer`` or ``refused``, in order.

    Raises TryLater when the index takes no writes now, or not all within ``patience``.
    """
    lines = [encode(item) for item in items]
    ended: dict[int, Verdict] = {}
    waiting = list(range(len(items)))
    while waiting:
        verdicts: dict[int, Verdict] = {}
        for part in parts(waiting, lines):
            verdicts |= _ask(client, items, lines, part, require_alias)
        for verdict in verdicts.values():
            BULK_ITEMS.labels(verdict.status).inc()
            if verdict.status == "blocked":
                raise TryLater(f"{READ_ONLY}: {verdict.reason}")
        again = [verdict for verdict in verdicts.values() if verdict.status == "again"]
        waiting = [at for at, verdict in verdicts.items() if verdict.status == "again"]
        ended |= verdicts
        if again:
            patience.wait(
                f"{len(again)} of {len(items)} writes to the index did not pass: {again[0].reason}",
                max(verdict.after for verdict in again),
            )
            BULK_RETRIES.inc(len(again))
    return [ended[at] for at in range(len(items))]


def encode(item: Item) -> bytes:
    """The lines of one item."""
    action: dict[str, object] = {"_index": item.index, "_id": item.id}
    versioned = {"version": item.version, "version_type": item.version_type}
    action |= {name: value for name, value in versioned.items() if value is not None}
    lines = [msgspec.json.encode({item.op: action})]
    if item.document is not None:
        lines.append(msgspec.json.encode(item.document))
    return b"\n".join(lines) + b"\n"


def parts(waiting: Sequence[int], lines: Sequence[bytes]) -> Iterator[list[int]]:
    """Runs of items that fit into one request."""
    part: list[int] = []
    size = 0
    for at in waiting:
        if part and size + len(lines[at]) > MOST_BYTES:
            yield part
            part, size = [], 0
        part.append(at)
        size += len(lines[at])
    if part:
        yield part


def judge(items: Sequence[Item], answer: object) -> list[Verdict]:
    """A verdict for each item; an answer that does not speak of these items says nothing."""
    told = answer.get("items") if isinstance(answer, dict) else None
    if not isinstance(told, list) or len(told) != len(items):
        return [Verdict("again", "the answer is no answer to a bulk request")] * len(items)
    return [_judge_one(item, one) for item, one in zip(items, told, strict=True)]


def judge_error(status: int, error: object, after: float) -> Verdict | None:
    """The verdict on all items of a request that was refused as a whole; None: send it in halves.

    What is wrong with the server or the way to it is never held against an item.
    """
    kind, reason = _reason(error)
    if kind == "cluster_block_exception":
        return Verdict("blocked", reason)
    if status in (400, 413):
        return None
    return Verdict("again", f"status {status}: {reason}", after)


def _judge_one(item: Item, told: object) -> Verdict:  # noqa: PLR0911 - one return a status
    result = told.get(item.op) if isinstance(told, dict) else None
    if not isinstance(result, dict) or result.get("_id") != item.id:
        return Verdict("again", "the answer is one to another item")
    status, (kind, reason) = result.get("status"), _reason(result)
    if kind == "cluster_block_exception":
        return Verdict("blocked", reason)
    match status:
        case 200 | 201:
            return Verdict("done", index=str(result.get("_index", "")))
        case 404 if item.op == "delete" and not kind:
            return Verdict("done", index=str(result.get("_index", "")))
        case 409:
            return Verdict("newer", reason)
        case 400 | 413:
            return Verdict("refused", reason)
        case _:
            # Also a missing index or right: the operator's matter, not the item's.
            return Verdict("again", f"status {status}: {reason}")


def _reason(answer: object) -> tuple[str, str]:
    """The class of an error and its words, with those of its causes."""
    error = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(error, dict):
        return "", str(error or "")[:500]
    kind, words = str(error.get("type", "")), list[str]()
    cause: Any = error
    while isinstance(cause, dict) and len(words) < 5:
        words.append(f"{cause.get('type')}: {cause.get('reason')}")
        cause = cause.get("caused_by")
    return kind, "; ".join(words)[:500]


def _ask(
    client: Elasticsearch,
    items: Sequence[Item],
    lines: Sequence[bytes],
    part: list[int],
    require_alias: bool,
) -> dict[int, Verdict]:
    """One request; in halves, down to single items, where the server takes no more at once."""
    try:
        answer = client.bulk(operations=[lines[at] for at in part], require_alias=require_alias)  # type: ignore[misc]
    except UnsupportedProductError as error:
        whole: Verdict | None = Verdict("again", f"something else answered: {error.message}")
    except ApiError as error:
        whole = judge_error(error.meta.status, error.body, _retry_after(error))
        if whole is None and len(part) == 1:
            words = _reason(error.body)[1]
            whole = Verdict("refused", f"status {error.meta.status}: {words or error.message}")
    except TransportError as error:
        whole = Verdict("again", f"{type(error).__name__}: {error}"[:500])
    else:
        verdicts = judge([items[at] for at in part], answer.body)
        return dict(zip(part, verdicts, strict=True))
    if whole is not None:
        return dict.fromkeys(part, whole)
    middle = len(part) // 2
    return _ask(client, items, lines, part[:middle], require_alias) | _ask(
        client, items, lines, part[middle:], require_alias
    )


def _retry_after(error: ApiError) -> float:
    """Seconds, as Elasticsearch gives them; a date or nonsense counts as none."""
    value = str(error.meta.headers.get("retry-after", ""))
    return min(float(value), LONGEST_WAIT_SECONDS) if value.isdecimal() else 0.0
