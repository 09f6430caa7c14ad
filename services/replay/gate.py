"""Whether an index that was read again may take the live one's place, decided from the report."""

from services.replay.compare import GROUPS, Report, Tally


def refusals(report: Report, *, max_removed: float | None, max_changed: float | None) -> list[str]:
    """Why it may not: each group of which a greater share, in percent, is removed or changed.

    Shares are of what the live index has; what is added has no bound.
    """
    found = []
    for group in GROUPS:
        tally = report.groups[group]
        for what, number, most in (
            ("removed", tally.removed, max_removed),
            ("changed", tally.changed, max_changed),
        ):
            share = _share(number, tally)
            if most is not None and not share <= most:  # a bound that is no number holds nothing
                found.append(
                    f"{group}: {number:,} of {tally.before:,} {what}, {share:.2f} %; "
                    f"at most {most:g} % may be"
                )
    return found


def _share(number: int, tally: Tally) -> float:
    return 100 * number / tally.before if tally.before else 0.0
