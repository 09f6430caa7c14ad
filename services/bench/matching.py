"""``beatwire bench match``: very many topics against articles, and Lucene Monitor on the same."""

import gc
from collections.abc import Callable, Sequence
from resource import RUSAGE_SELF, getrusage
from time import perf_counter

import msgspec

from processors.query.match import Matcher
from processors.query.syntax import parse_query
from processors.query.tree import Node
from processors.records import Article
from services.bench.lucene import Monitored, missing, monitor
from services.bench.machine import Machine, seconds, this_machine
from services.bench.newsprint import newsprint
from services.bench.topics import topic_queries
from services.errors import UserError

WARM = 1_500
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
    """To add one more topic: the median."""
    megabytes: int
    """Of the whole process with all topics, at the most."""
    beatwire: Side
    lucene: Side | None
    """None where it was not asked for or cannot run."""
    ratio: float | None
    missing: str
    """What it lacks to run here."""


def bench_match(
    topics: int, articles: int, rounds: int, *, lucene: bool, tell: Callable[[str], None]
) -> MatchBench:
    """Register the topics, then match every article so many times on one core.

    Raises UserError when Lucene Monitor finds other topics for an article, because then no figure
    is true.
    """
    tell(f"making {topics:,} topics and {articles:,} articles")
    queries = list(topic_queries(range(topics + MORE)))
    warm = list(newsprint(range(articles, articles + WARM)))
    asked = list(newsprint(range(articles)))
    nodes: list[Node] = []
    gc.disable()  # as a worker does that loads its topics: nothing of it is garbage
    parsing = seconds(lambda: nodes.extend(map(parse_query, queries)))
    del queries
    tell("registering")
    ours, registering, more = _registered(nodes, topics)
    gc.enable()
    gc.freeze()
    megabytes = getrusage(RUSAGE_SELF).ru_maxrss // 1024
    tell("matching")
    found, matching = _matched(ours, warm, asked, rounds)
    lacks, theirs = missing() if lucene else "", None
    if lucene and not lacks:
        tell("the same with Lucene Monitor")
        pairs = ((f"{number}", node) for number, node in enumerate(nodes))
        theirs = monitor(pairs, warm, asked, rounds)
        _check(found, theirs)
    return MatchBench(
        machine=this_machine(),
        topics=topics,
        articles=articles,
        rounds=rounds,
        topics_per_article=round(sum(map(len, found)) / articles, 1),
        parse_seconds=round(parsing, 1),
        microseconds_more=round(more * 1e6, 1),
        megabytes=megabytes,
        beatwire=Side(round(registering, 1), round(articles / matching, 1)),
        lucene=theirs and Side(round(theirs.registered, 1), round(articles / theirs.matched, 1)),
        ratio=theirs and round(theirs.matched / matching, 2),
        missing=lacks,
    )


def _registered(nodes: Sequence[Node], topics: int) -> tuple[Matcher, float, float]:
    """The matcher, the seconds that it took, and those of one of the rest, which come last."""
    made, took = Matcher(), list[float]()
    start = perf_counter()
    for number in range(topics):
        made.add(f"{number}", nodes[number])
    registering = perf_counter() - start
    for number in range(topics, len(nodes)):
        start = perf_counter()
        made.add(f"{number}", nodes[number])
        took.append(perf_counter() - start)
    return made, registering, sorted(took)[len(took) // 2]


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
