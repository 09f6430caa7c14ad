"""``beatwire bench search``: what a reader waits for, over made-up coverage of any size."""

import gc
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

import msgspec

from processors.query.syntax import parse_query
from services.bench.freshness import searchable
from services.bench.html import Html, html
from services.bench.machine import Machine, seconds, this_machine
from services.bench.printed import Build, printed
from services.bench.questions import KINDS, Question, questions
from services.bench.slices import size
from services.bench.timings import Timing, timing
from services.bootstrap import raw_folder
from services.index import Index
from services.index.highlight import Seeker
from services.settings import Settings

if TYPE_CHECKING:
    from services.index.tantivy_raw import RawTantivy

PAGE = 20


class SearchBench(msgspec.Struct, frozen=True, kw_only=True):
    """What one run found.

    All times of searches are of the whole page's data: hits with highlights, copies folded,
    facets and days.
    """

    machine: Machine
    articles: int
    claims: int
    megabytes: int
    build: Build | None
    """None where the folder was full already."""
    all: Timing
    kinds: dict[str, Timing]
    without_facets: Timing
    bare: Timing
    """The engine alone: the same queries, compiled, counted, and the first hits as numbers."""
    ratio: float
    """Mean time of the engine alone by that of the whole."""
    facets_cost: float
    """Mean time with facets over mean time without."""
    highlights_cost: float
    """The same for highlights, of searches without facets."""
    html: Html
    searchable: Timing
    """From the start of a put to the first search of another reader that finds it."""
    slowest: tuple[tuple[float, str], ...]


class Looks(msgspec.Struct, frozen=True):
    """Seconds of one question."""

    question: Question
    whole: float
    plain: float
    """Without facets."""
    highlights: float
    bare: float


def bench_search(
    settings: Settings,
    articles: int,
    rounds: int,
    tell: Callable[[str], None],
    progress: Callable[[int, int], None],
) -> SearchBench:
    """Fill the folder of ``settings`` up to ``articles``, then ask each question ``rounds`` times.

    Once more before that, uncounted. Raises UserError when the folder holds anything else.
    """
    there, build = printed(settings, articles, progress)
    with raw_folder(settings) as index:
        tell("warming up")
        _ask(index)
        gc.collect()
        gc.freeze()  # as the server does
        looks = []
        for number in range(rounds):
            tell(f"round {number + 1} of {rounds}")
            looks += _ask(index)
        tell("pages")
        pages = html(index, [question.text for question in questions()])
        stats = index.stats()
    tell("freshness")
    fresh = searchable(settings)
    plain, marked = sum(look.plain for look in looks), sum(look.highlights for look in looks)
    slow = sorted(((look.whole, look.question.text) for look in looks), reverse=True)
    return SearchBench(
        machine=this_machine(),
        articles=there,
        claims=stats.claims,
        megabytes=size(settings.index_folder) // 10**6,
        build=build,
        all=timing([look.whole for look in looks]),
        kinds={
            kind: timing([look.whole for look in looks if look.question.kind == kind])
            for kind in KINDS
        },
        without_facets=timing([look.plain for look in looks]),
        bare=timing([look.bare for look in looks]),
        ratio=round(sum(look.bare for look in looks) / sum(look.whole for look in looks), 2),
        facets_cost=round(sum(look.whole for look in looks) / plain, 2),
        highlights_cost=round(plain / (plain - marked), 2),
        html=pages,
        searchable=timing(fresh),
        slowest=tuple((round(1000 * took, 1), text) for took, text in slow[: 5 * rounds : rounds]),
    )


def _ask(index: "RawTantivy") -> list[Looks]:
    return [_look(index, question) for question in questions()]


def page_data(index: Index, question: Question) -> None:
    """What the search page asks for."""
    node = parse_query(question.text)
    index.search(node, sort=question.sort, facets=True, fold=True, limit=PAGE)


def _look(index: "RawTantivy", question: Question) -> Looks:
    start = perf_counter()
    page_data(index, question)
    whole = perf_counter()
    node = parse_query(question.text)
    hits = index.search(node, sort=question.sort, fold=True, limit=PAGE).hits
    plain = perf_counter()
    seeker = Seeker(node)
    for hit in hits:
        seeker.mark(hit.article.title)
        seeker.snippet(hit.article.body, hit.article.summary)
    marked = perf_counter()
    bare = seconds(index.alone_search(node, PAGE))
    return Looks(question, whole - start, plain - whole, marked - plain, bare)
