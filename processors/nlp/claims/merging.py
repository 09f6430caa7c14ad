"""The same claim made twice in a text: one claim with its further mentions."""

import msgspec

from processors.records import Claim, Span

_TOLERANCE = 0.006
"""Amounts nearer than this are one amount, rounded differently."""
_SURE = {"done": 0, "reported": 1, "planned": 2, "rumoured": 3, "denied": 4}


def join_repeated(claims: list[Claim]) -> list[Claim]:
    """One claim for each statement, at the place of the surest one, in the order of the text.

    Claims are one statement when kind, subject, figure, unit and object agree, no period or date
    contradicts, and neither denies what the other asserts. A claim without a subject stays alone.
    """
    groups: list[list[Claim]] = []
    for claim in claims:
        group = next((g for g in groups if all(_same(claim, one) for one in g)), None)
        if group is None:
            groups.append([claim])
        else:
            group.append(claim)
    return sorted((_joined(group) for group in groups), key=lambda c: (c.start, c.end, c.kind))


def _same(a: Claim, b: Claim) -> bool:
    if (a.kind, a.unit, a.currency) != (b.kind, b.unit, b.currency) or a.subject is None:
        return False
    if (a.subject_id or a.subject) != (b.subject_id or b.subject) or not _may_be_one(a, b):
        return False
    if a.kind == "export_control":
        return a.object == b.object and a.rule == b.rule
    if a.kind == "date":
        return a.object == b.object
    return _one_amount(a, b) and (a.unit is None or a.object == b.object)


def _may_be_one(a: Claim, b: Claim) -> bool:
    """Whether time and modality do not tell the two apart."""
    if (a.modality == "denied") != (b.modality == "denied"):
        return False
    if a.period and b.period and a.period != b.period:
        return False
    return not (a.date and b.date) or a.date.startswith(b.date) or b.date.startswith(a.date)


def _one_amount(a: Claim, b: Claim) -> bool:
    """Whether two figures are equal, whatever their bounds; the ends of ranges must both be."""
    if "vague" in (a.bound, b.bound) or "range" in (a.bound, b.bound):
        return (a.amount_low, a.amount_high, a.bound) == (b.amount_low, b.amount_high, b.bound)
    one, other = _size(a), _size(b)
    return abs(one - other) <= _TOLERANCE * max(abs(one), abs(other))


def _size(claim: Claim) -> float:
    return claim.amount_low if claim.amount_low is not None else claim.amount_high or 0.0


def _joined(group: list[Claim]) -> Claim:
    best = min(group, key=lambda c: (_SURE[c.modality], -len(c.date or ""), -c.confidence, c.start))
    rest = sorted((c.start, c.end) for c in group if (c.start, c.end) != (best.start, best.end))
    spans = tuple(Span(start=start, end=end) for start, end in rest)
    return msgspec.structs.replace(best, mentions=spans) if spans else best
