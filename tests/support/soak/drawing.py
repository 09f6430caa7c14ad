"""The plot of a soak: freshness, memory and backlog over time, with the faults behind. Pure.

Colours are those of the web pages (``style.css``), light and dark; where there is no colour, lines
differ by their dashes.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

import msgspec

from tests.support.soak.judging import MOST_SECONDS, freshness
from tests.support.soak.measuring import Sample
from tests.support.soak.running import Measured, Soak

WIDTH, LEFT, RIGHT = 760, 52, 12
HEIGHT, GAP, TOP = 120, 44, 56
MOST_POINTS = 200
"""Of a line that goes all the way; more would not show."""
STYLE = """
svg { font: 12px system-ui, sans-serif; --paper: #fdfcfa; --ink: #1c1b19; --dim: #5c5953;
  --line: #d9d5cc; --accent: #0b5fa5; --mark: #fbe9a7; --other: #a94d08 }
@media (prefers-color-scheme: dark) { svg { --paper: #171614; --ink: #eae7e1; --dim: #a8a49b;
  --line: #3b3833; --accent: #7fbcf0; --mark: #55470f; --other: #f0965a } }
.paper { fill: var(--paper) } text { fill: var(--dim) }
.title { fill: var(--ink); font-weight: 600 }
.grid { stroke: var(--line) } .fault { fill: var(--mark); fill-opacity: 0.6 }
.end { text-anchor: end }
.middle { text-anchor: middle } polyline { fill: none; stroke-width: 1.5; stroke: var(--dim) }
.limit { stroke: var(--ink); stroke-dasharray: 2 4 } .main { stroke: var(--accent) }
.worker { stroke: var(--other); stroke-dasharray: 7 3 } .dispatcher { stroke-dasharray: 2 2 }
"""
DISPATCHERS = ("read", "index", "alert")


class Line(msgspec.Struct, frozen=True):
    kind: str
    """Its class in the style."""
    points: Sequence[tuple[float, float]]
    """Seconds since the run began, and the figure."""


class Panel(msgspec.Struct, frozen=True):
    title: str
    lines: Sequence[Line]
    least: float
    """The top of the scale is this at least."""
    limit: float = 0.0


def drawn(soak: Soak, measured: Measured) -> str:
    """An SVG of its own, some 30 KB."""
    panels = _panels(soak, measured)
    last = max(soak.seconds, *(one.at for one in measured.samples), 1.0)
    height = TOP + len(panels) * (HEIGHT + GAP)
    title = f"{soak.account.events:,} events on {soak.machine.cores} cores, {soak.began:%Y-%m-%d}"
    bands = f"Bands: {len(soak.windows)} faults, each until all was made up for."
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>Soak: {title}</title><style>{STYLE}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
        f'<text class="title" x="{LEFT}" y="20">{title}</text>',
        f'<text x="{LEFT}" y="37">{bands}</text>',
        *(
            part
            for number, panel in enumerate(panels)
            for part in _panel(panel, TOP + number * (HEIGHT + GAP) + 20, last, soak)
        ),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _panels(soak: Soak, measured: Measured) -> list[Panel]:
    stretch = max(10.0, soak.seconds / MOST_POINTS)
    fresh = [*freshness(measured.waits, soak.began, stretch)]
    step = -(-len(measured.samples) // MOST_POINTS)
    waiting = [(one.at, float(sum(one.lag.values()))) for one in measured.samples if one.lag]
    return [
        Panel(
            "Freshness: seconds from fetch to index, p95 (dotted: the limit)",
            [Line("main", fresh)],
            MOST_SECONDS,
            MOST_SECONDS,
        ),
        Panel(
            "Memory in MB: who reads (solid), their Celery workers (dashed), dispatchers (dotted)",
            [*_memory(measured.samples, step)],
            100.0,
        ),
        Panel("Events that wait, in all stages", [Line("main", thinned(waiting, step))], 100.0),
    ]


def _memory(samples: Iterable[Sample], step: int) -> Iterator[Line]:
    found: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for sample in samples:
        for one in sample.processes:
            found.setdefault((one.role, one.pid), []).append((sample.at, one.rss / 1e6))
    kinds = {"child": "main", "worker": "worker", **dict.fromkeys(DISPATCHERS, "dispatcher")}
    for (role, _), points in found.items():
        if role in kinds:
            yield Line(kinds[role], thinned(points, step))


def _panel(panel: Panel, y: int, last: float, soak: Soak) -> Iterator[str]:
    most = top([panel.least, *(value for line in panel.lines for _, value in line.points)])
    wide = WIDTH - LEFT - RIGHT

    def place(at: float, value: float) -> str:
        return f"{LEFT + at / last * wide:.1f},{y + HEIGHT - value / most * HEIGHT:.1f}"

    yield f'<text class="title" x="{LEFT}" y="{y - 7}">{escape(panel.title)}</text>'
    for one in soak.windows:
        start = (one.start - soak.began).total_seconds() / last * wide
        width = max(one.seconds / last * wide, 1.0)
        yield (
            f'<rect class="fault" x="{LEFT + start:.1f}" y="{y}" width="{width:.1f}" '
            f'height="{HEIGHT}"><title>{one.harm}, {one.seconds:.0f} s</title></rect>'
        )
    for share in (0.0, 0.5, 1.0):
        level = y + HEIGHT * (1 - share)
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{level}" y2="{level}"/>'
        yield (f'<text class="end" x="{LEFT - 6}" y="{level + 4}">{_figure(most * share)}</text>')
    for minutes in _ticks(last / 60):
        x = LEFT + minutes * 60 / last * wide
        yield f'<text class="middle" x="{x:.1f}" y="{y + HEIGHT + 15}">{minutes:g} min</text>'
    if panel.limit:
        ends = f"{place(0, panel.limit)} {place(last, panel.limit)}"
        yield f'<polyline class="limit" points="{ends}"/>'
    for line in panel.lines:
        points = " ".join(place(*point) for point in line.points)
        yield f'<polyline class="{line.kind}" points="{points}"/>'


def top(values: Iterable[float]) -> float:
    """The first round number that no value is above: half of it is round too."""
    highest = max(values)
    power = 10.0 ** (len(str(int(highest))) - 1)
    return next(power * step for step in (1, 2, 3, 4, 5, 6, 8, 10) if power * step >= highest)


def thinned(points: Sequence[tuple[float, float]], step: int) -> list[tuple[float, float]]:
    """Of each ``step`` points the highest, so that peaks stay."""
    if step <= 1:
        return [*points]
    parts = (points[first : first + step] for first in range(0, len(points), step))
    return [max(part, key=lambda point: point[1]) for part in parts]


def _ticks(minutes: float) -> list[float]:
    """Five places at most, at round minutes."""
    step = next((each for each in (1, 2, 5, 10, 20, 30, 60, 120) if minutes / each <= 5), 240)
    return [each * step for each in range(int(minutes / step) + 1)]


def _figure(value: float) -> str:
    return f"{value:,.0f}"
