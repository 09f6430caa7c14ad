"""The connection to Elasticsearch, and what its errors mean for an event or a reader."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from elastic_transport import SerializationError, TransportError
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError
from elasticsearch.serializer import JsonSerializer, NdjsonSerializer

from services.errors import TryLater, UserError
from services.index.elasticsearch_names import Address

READ_SECONDS = 5.0
"""For one answer. The server itself gives up after ``SERVER_SECONDS``."""
SERVER_SECONDS = 3
WRITE_SECONDS = 30.0
_SHOWN = 200
"""Characters of a server's reason that a message repeats."""


class MissingIndexError(Exception):
    """The index, or one document of it, is not there."""


class _Json(JsonSerializer):
    """Some times faster than the client's own on articles."""

    def json_dumps(self, data: Any) -> bytes:
        return msgspec.json.encode(data)

    def json_loads(self, data: bytes) -> Any:
        return msgspec.json.decode(data)


class _Ndjson(_Json, NdjsonSerializer):
    """The same for bulk requests."""


def connect(address: Address, *, timeout: float | None = None) -> Elasticsearch:
    """A client that tries nothing twice: what is tried again, and when, is ours to decide."""
    return Elasticsearch(
        address.url,
        basic_auth=address.user,
        request_timeout=timeout or READ_SECONDS,
        max_retries=0,
        retry_on_timeout=False,
        serializers={
            "application/json": _Json(),
            "application/vnd.elasticsearch+json": _Json(),
            "application/x-ndjson": _Ndjson(),
            "application/vnd.elasticsearch+x-ndjson": _Ndjson(),
        },
    )


@contextmanager
def explained(address: Address) -> Iterator[None]:
    """The client's errors as ours.

    TryLater: the server is away, slow, overloaded or answers what is no answer. MissingIndexError:
    it has no such index or document. UserError: it does not know the user. Anything else is a bug.
    """
    try:
        yield
    except UnsupportedProductError as error:
        raise TryLater(f"index at {address}: what answers is no Elasticsearch 8") from error
    except SerializationError as error:
        raise TryLater(f"index at {address}: its answer is broken off or no JSON") from error
    except TransportError as error:
        reason = type(error).__name__
        raise TryLater(f"index at {address} does not answer ({reason})") from error
    except ApiError as error:
        raise _explained(address, error) from error


def reason_of(error: ApiError) -> str:
    """The server's own words, cut short."""
    body = error.body
    found = body.get("error", body) if isinstance(body, dict) else body
    if isinstance(found, dict):
        causes = found.get("root_cause") or [found]
        found = causes[0].get("reason") or found.get("reason") or found.get("type", "")
    return " ".join(str(found).split())[:_SHOWN]


def _explained(address: Address, error: ApiError) -> Exception:
    status, reason = error.status_code, reason_of(error)
    if status == 404:
        if "index_not_found" in str(error.body) or "X-elastic-product" in error.meta.headers:
            return MissingIndexError(reason)
        return TryLater(f"index at {address}: what answers is no Elasticsearch 8")
    if status in (401, 403) and "read-only" not in reason and "cluster_block" not in str(error):
        return UserError(
            f"index at {address} refuses the user ({status} {reason}); "
            "set BEATWIRE_INDEX with a user that may read and write it"
        )
    if status in (403, 408, 409, 429) or status >= 500:
        return TryLater(f"index at {address} cannot answer now ({status} {reason})")
    return error
