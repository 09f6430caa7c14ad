"""How long it takes until somebody else finds what was just indexed."""

from datetime import UTC, datetime
from time import perf_counter, sleep

from msgspec.structs import replace

from processors.ids import content_hash
from processors.query.terms import terms
from processors.query.tree import Words
from services.bench.newsprint import newsprint
from services.bootstrap import open_index
from services.errors import UserError
from services.settings import Settings

TIMES = 20
LOOK_SECONDS = 0.005
PATIENCE = 30.0
PROBE = 10**9
"""The number of the one article that is put again and again, each time with another headline."""


def searchable(settings: Settings, times: int = TIMES) -> list[float]:
    """Seconds from the start of a put to the first search of another reader that finds it."""
    (article,) = newsprint(range(PROBE, PROBE + 1))
    found = []
    with open_index(settings, write=True) as writer, open_index(settings) as reader:
        for _ in range(times):
            now = datetime.now(UTC)
            word = f"probe{int(now.timestamp() * 1e6)}x"
            probe = replace(
                article, title=word, content_hash=content_hash(word, article.body), fetched_at=now
            )
            wanted = Words(terms(word), word, where="title")
            start = perf_counter()
            writer.put([probe])
            while not reader.search(wanted, limit=1).total:
                if perf_counter() - start > PATIENCE:
                    raise UserError(f"bench search: nothing was found within {PATIENCE:.0f} s")
                sleep(LOOK_SECONDS)
            found.append(perf_counter() - start)
    return found
