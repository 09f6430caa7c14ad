"""How an index beside the live one differs, for the one who decides whether it is better."""

from collections.abc import Iterator

from services.replay.compare import GROUPS, HOWS, WHOLE, Example, OtherVersion, Report, Tally
from services.words import counted, printable


def render(report: Report) -> str:
    """Counts of each group and kind, the versions that differ, then the examples."""
    lines = [_line(group, report.groups[group]) for group in GROUPS]
    if report.is_empty:
        return "\n".join([*lines, "The two say the same.", ""])
    lines += [""]
    for group in GROUPS:
        for kind, tally in sorted(report.kinds[group].items()):
            if tally.differs and kind != WHOLE:
                lines.append(_line(_name(group, kind), tally))
    if report.versions:
        lines += ["", *map(_version, report.versions)]
    return "\n".join([*lines, "", *_examples(report), ""])


def _version(found: OtherVersion) -> str:
    was, now = found.before or "not there", found.after or "not there"
    many = counted(found.articles, "article")
    return f"{found.component} {was} → {now}: {many}, {found.differing:,} of them say otherwise"


def _examples(report: Report) -> Iterator[str]:
    for group in GROUPS:
        for kind, tally in sorted(report.kinds[group].items()):
            for how in HOWS:
                found = [each for each in tally.examples if each.how == how]
                if found:
                    yield f"{_name(group, kind)}, {how}"
                    yield from map(_example, found)


def _example(found: Example) -> str:
    says = f"  {printable(found.says)}\n" if found.says else ""
    return f"{says}      {printable(found.title)}  {printable(found.url)}"


def _name(group: str, kind: str) -> str:
    return group if kind == WHOLE else f"{group}: {kind}"


def _line(name: str, tally: Tally) -> str:
    counts = f"{tally.before:>9,} → {tally.after:<9,}" if tally.before or tally.after else " " * 21
    hows = "  ".join(f"{getattr(tally, how):>6,} {how}" for how in HOWS)
    return f"{name:<28} {counts} {hows}"
