"""``beatwire bench match``: very many topics against articles, and Lucene Monitor on the same."""

import gc
from collections.abc import Callable, Iterator, Sequence
from resource import RUSAGE_SELF, getrusage
from statistics import median
from time import perf_counter

import msgspec

from processors.query.match import Matcher
from processors.query.syntax import parse_query
from processors.query.tree import Node
from processors.records import Article
from services.bench.lucene import Monitored, missing, monitor
from services.bench.machine import Machine, this_machine
from services.bench.newsprint import newsprint
from services.bench.topics import topic_queries
from services.errors import UserError

WARM = 800
"""Articles before those that count: Java compiles meanwhile, and topics find their places."""
MORE = 1_000
"""Topics that are added one by one to all the others, to see what one takes."""


class Side(msgspec.Struct, frozen=True):
    """One matcher: seconds to register all topics, and articles a second of its best round."""

    register_seconds: float
    articles_per_second: float


class MatchBench(msgspec.Struct, frozen=True):
    """What one run found."""

    machine: Machine
    topics: int
    articles: int
    rounds: int
    topics_per_article: float
    """That matched, on average."""
    parse_seconds: float
    """From the texts of all queries to their trees; not in what registering takes."""
    microseconds_more: float
    """To parse and add one more topic: the median."""
    megabytes: int
    """Of the whole process with all topics registered, at the most."""
    beatwire: Side
    lucene: Side | None
    """None where it was not asked for or cannot run."""
    ratio: float | None
    missing: str
    """What Lucene Monitor lacks to run here."""


class Registered(msgspec.Struct):
    """A matcher with its topics, and the seconds that went into it."""

    matcher: Matcher
    parsing: float = 0.0
    adding: float = 0.0

    def add(self, number: int, query: str) -> float:
        """One more; what it took."""
        start = perf_counter()
        node = parse_query(query)
        parsed = perf_counter()
        self.matcher.add(f"{number}", node)
        end = perf_counter()
        self.parsing += parsed - start
        self.adding += end - parsed
        return end - start


def bench_match(
    topics: int, articles: int, rounds: int, *, lucene: bool, tell: Callable[[str], None]
) -> MatchBench:
    """Register the topics, then match every article so many times on one core.

    Raises UserError when Lucene Monitor finds other topics for an article, because then no figure
    is true.
    """
    tell(f"registering {topics:,} topics")
    ours = _registered(topics)
    megabytes = getrusage(RUSAGE_SELF).ru_maxrss // 1024
    more = median(
        ours.add(topics + at, query)
        for at, query in enumerate(topic_queries(range(topics, topics + MORE)))
    )
    tell(f"making {articles:,} articles")
    warm = list(newsprint(range(articles, articles + WARM)))
    asked = list(newsprint(range(articles)))
    tell("matching")
    found, matching = _matched(ours.matcher, warm, asked, rounds)
    lacks, theirs = missing() if lucene else "", None
    if lucene and not lacks:
        tell("the same with Lucene Monitor")
        theirs = monitor(_nodes(topics + MORE), warm, asked, rounds)
        _check(found, theirs)
    return MatchBench(
        machine=this_machine(),
        topics=topics,
        articles=articles,
        rounds=rounds,
        topics_per_article=round(sum(map(len, found)) / articles, 1),
        parse_seconds=round(ours.parsing, 1),
        microseconds_more=round(more * 1e6, 1),
        megabytes=megabytes,
        beatwire=Side(round(ours.adding, 1), round(articles / matching, 1)),
        lucene=_side(theirs, articles) if theirs else None,
        ratio=round(theirs.matched / matching, 2) if theirs else None,
        missing=lacks,
    )


def _side(theirs: Monitored, articles: int) -> Side:
    return Side(round(theirs.registered, 1), round(articles / theirs.matched, 1))


def _registered(topics: int) -> Registered:
    made = Registered(Matcher())
    # As in a process that loads its topics: they stay, so there is no garbage to look for.
    gc.disable()
    for number, query in enumerate(topic_queries(range(topics))):
        made.add(number, query)
    gc.enable()
    gc.freeze()
    return made


def _nodes(topics: int) -> Iterator[tuple[str, Node]]:
    for number, query in enumerate(topic_queries(range(topics))):
        yield f"{number}", parse_query(query)


def _matched(
    ours: Matcher, warm: Sequence[Article], articles: Sequence[Article], rounds: int
) -> tuple[list[list[str]], float]:
    """The keys for each article, and the seconds of the best round."""
    for article in warm:
        ours.matching(article)
    found: list[list[str]] = []
    best = float("inf")
    for _ in range(rounds):
        start = perf_counter()
        found = [ours.matching(article) for article in articles]
        best = min(best, perf_counter() - start)
    return found, best


def _check(ours: Sequence[Sequence[str]], theirs: Monitored) -> None:
    for number, (one, other) in enumerate(zip(ours, theirs.found, strict=True)):
        if differ := set(one) ^ set(other):
            raise UserError(
                f"bench match: article {number} matches {len(one)} topics, and {len(other)} of "
                f"Lucene Monitor; topic {min(differ)} is one of those that differ"
            )
