"""What ``beatwire bench crawl`` says."""

from services.bench.crawl import CrawlBench, DecisionBench


def crawl_text(found: CrawlBench) -> str:
    """A few lines for people."""
    ours, bare = (
        f"{rate:,} pages/s, {round(sum(run.cpu_seconds for run in runs), 1)} CPU s in all"
        for rate, runs in (
            (found.beatwire_pages_per_second, found.beatwire),
            (found.bare_pages_per_second, found.bare),
        )
    )
    return (
        f"{found.pages:,} pages of {found.hosts} hosts on loopback, {len(found.bare)} rounds\n"
        f"beatwire (robots.txt, frontier, log): {ours}\n"
        f"bare Scrapy spider, bodies to files: {bare}\n"
        f"ratio {found.ratio} in pages a second, {found.cpu_ratio} by CPU time"
    )


def decision_text(found: DecisionBench) -> str:
    """A few lines for people."""
    lines = [
        f"a feed of 100 links, {found.known:,} addresses known (filled in {found.build_seconds} s)"
    ]
    for name, figures in (("all known", found.unchanged), ("ten new", found.changed)):
        p50, p95, most, cpu = (figures[key] for key in ("p50", "p95", "max", "cpu"))
        lines.append(f"{name}: p50 {p50} ms, p95 {p95} ms, worst {most} ms; CPU {cpu} ms")
    return "\n".join(lines)
