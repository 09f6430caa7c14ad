"""What the tests of Elasticsearch's faults share: load, and what is on the server."""

from contextlib import closing

from processors.records import Article, encode
from services.bootstrap import open_bus
from services.bus import Event
from services.index.elasticsearch_client import connect
from services.index.elasticsearch_names import KINDS, Address
from services.settings import load_settings
from tests.support.articles import article, claim


def indices(where: Address) -> dict[str, list[str]]:
    """The test's indices and their aliases."""
    with closing(connect(where, timeout=30)) as client:
        found = client.indices.get_alias(index=f"{where.names.prefix}-*").body
    return {name: sorted(told["aliases"]) for name, told in sorted(found.items())}


def stories(count: int, claims: int = 2, hours: float = 0) -> list[Article]:
    return [
        article(
            f"s{n}",
            f"Text of {hours}.",
            hours=hours,
            claims=tuple(claim(low=float(1 + place)) for place in range(claims)),
        )
        for n in range(count)
    ]


def counts(where: Address) -> dict[str, int]:
    """Documents of each kind, as they are now."""
    with closing(connect(where, timeout=30)) as client:
        names = [where.names.read(kind) for kind in KINDS]
        client.indices.refresh(index=names)
        return {
            kind: client.count(index=name).body["count"]
            for kind, name in zip(KINDS, names, strict=True)
        }


def event(made: Article) -> Event:
    return Event(
        id=f"{made.id}-{made.fetched_at:%H}",
        type="article/1",
        key=made.id,
        time=made.fetched_at,
        data=encode(made),
    )


def publish(articles: list[Article]) -> None:
    with open_bus(load_settings()) as bus:
        bus.publish("articles", [event(one) for one in articles])
