"""What the index asks of the server, asked again by the client alone: our own part shows."""

from collections.abc import Callable, Sequence
from typing import Any, Self

from elasticsearch import Elasticsearch

from processors.records import Article
from services.index import Index, PutOutcome
from services.index.elasticsearch import ElasticsearchIndex
from services.index.elasticsearch_admin import prepare
from services.index.elasticsearch_names import KINDS, parse_address


class RawSearches:
    """An index whose requests can be sent again, by a client as its makers deliver it."""

    def __init__(self, address: str) -> None:
        where = parse_address(address)
        self._index = _Recorded(address)
        self._raw = Elasticsearch(where.url, basic_auth=where.user)

    @property
    def index(self) -> Index:
        return self._index

    def record(self, search: Callable[[], object]) -> Callable[[], None]:
        """Make a search; what is returned sends the same requests and reads their answers."""
        self._index.requests.clear()
        search()
        requests = tuple(self._index.requests)

        def again() -> None:
            for method, path, options in requests:
                self._raw.perform_request(method, path, **options)

        return again

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._raw.close()
        self._index.close()


class RawPuts:
    """An index whose writes can be sent again to one beside, by a client as its makers deliver it.

    Both addresses are of the same server, with other prefixes.
    """

    engine = "elasticsearch"

    def __init__(self, address: str, beside: str) -> None:
        where, there = parse_address(address), parse_address(beside)
        self._index = _Bulks(address)
        self._names = [
            (where.names.write(kind).encode(), there.names.write(kind).encode()) for kind in KINDS
        ]
        self._raw = Elasticsearch(there.url, basic_auth=there.user)
        prepare(self._raw, there.names)

    def put(self, articles: Sequence[Article]) -> list[PutOutcome]:
        """As the port."""
        self._index.bulks.clear()
        return self._index.put(articles)

    def alone_put(self, articles: Sequence[Article]) -> Callable[[], None]:
        """What sends the bulk requests of the last ``put``, which was of these articles, again."""
        del articles  # the requests have them
        requests = [[self._renamed(line) for line in lines] for lines in self._index.bulks]
        assert requests, "nothing was put"

        def again() -> None:
            for lines in requests:
                self._raw.bulk(operations=lines)  # type: ignore[arg-type]

        return again

    def _renamed(self, line: bytes) -> bytes:
        for own, other in self._names:
            line = line.replace(b'"_index":"%s"' % own, b'"_index":"%s"' % other, 1)
        return line

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._raw.close()
        self._index.close()


class _Recorded(ElasticsearchIndex):
    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.requests: list[tuple[str, str, dict[str, Any]]] = []
        send = self._client.perform_request

        def recorded(method: str, path: str, **options: Any) -> Any:
            self.requests.append((method, path, options))
            return send(method, path, **options)

        # Every call of the client's goes through this one method of it.
        self._client.perform_request = recorded  # type: ignore[method-assign]


class _Bulks(ElasticsearchIndex):
    """Keeps the lines of its bulk requests, whichever copy of its client sends them."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.bulks: list[Sequence[bytes]] = []
        transport = self._client.transport
        send = transport.perform_request

        def recorded(method: str, target: str, *, body: Any = None, **options: Any) -> Any:
            if target.startswith("/_bulk"):
                self.bulks.append(body)
            return send(method, target, body=body, **options)

        transport.perform_request = recorded  # type: ignore[method-assign]
