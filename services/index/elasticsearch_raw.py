"""What the index asks of the server, asked again by the client alone: our own part shows."""

from collections.abc import Callable
from typing import Any, Self

from elasticsearch import Elasticsearch

from services.index import Index
from services.index.elasticsearch import ElasticsearchIndex
from services.index.elasticsearch_names import parse_address


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
