"""An index for a trial on a server that others use too: names of its own, gone at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex
from urllib.parse import urlsplit

from elasticsearch import Elasticsearch

from services.index.elasticsearch_client import WRITE_SECONDS, connect, explained
from services.index.elasticsearch_names import KINDS, Names, parse_address


@contextmanager
def trial_index(address: str) -> Iterator[str]:
    """The address of an empty index. Raises TryLater when the server is away."""
    own = urlsplit(address)._replace(path=f"/trial-{token_hex(6)}").geturl()
    where = parse_address(own)
    try:
        yield own
    finally:
        with explained(where), connect(where, timeout=WRITE_SECONDS) as client:
            remove(client, where.names)


def remove(client: Elasticsearch, names: Names) -> None:
    """Remove the indices and the templates of a prefix."""
    patterns = [names.pattern(kind) for kind in KINDS]
    if there := sorted(client.indices.get(index=patterns, expand_wildcards="all").body):
        client.indices.delete(index=there)
    for kind in KINDS:
        client.options(ignore_status=404).indices.delete_index_template(name=names.template(kind))
