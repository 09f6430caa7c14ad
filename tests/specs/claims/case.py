"""One row of a table: a text and the claims that it makes."""

from dataclasses import dataclass

from processors.records import Bound, Claim, Modality


@dataclass(frozen=True)
class Said:
    """What a claim must say. A field that is left out (``...``) may be anything."""

    kind: str
    subject: object = ...
    """A name, None for nobody in particular, or ``...`` for anybody."""
    amount: float | tuple[float | None, float | None] | None = None
    currency: str | None = "USD"
    bound: Bound = "exact"
    modality: Modality | tuple[Modality, ...] = ("done", "reported")
    date: str | None = None
    object: str | None = None
    period: str | None = None
    unit: str | None = None

    def agrees(self, claim: Claim) -> bool:
        """Whether a claim says this."""
        return not self.differences(claim)

    def differences(self, claim: Claim) -> list[str]:
        """The names of the fields that differ."""
        out = [] if claim.kind == self.kind else ["kind"]
        if self.subject is not ... and claim.subject != self.subject:
            out.append("subject")
        if self.amount is not None:
            low, high = self.limits()
            out += ["amount"] * ((claim.amount_low, claim.amount_high) != (low, high))
            counted = self.kind in {"headcount", "chip_count"}
            out += ["currency"] * (not counted and claim.currency != self.currency)
            out += ["bound"] * (claim.bound != self.bound)
        manner = self.modality if isinstance(self.modality, tuple) else (self.modality,)
        out += ["modality"] * (claim.modality not in manner)
        for name in ("date", "object", "period", "unit"):
            wanted = getattr(self, name)
            out += [name] * (wanted is not None and getattr(claim, name) != wanted)
        return out

    def limits(self) -> tuple[float | None, float | None]:
        """Lower and upper limit, from one number and the bound where one was given."""
        if isinstance(self.amount, tuple):
            return self.amount
        low = None if self.bound == "at_most" else self.amount
        return low, None if self.bound == "at_least" else self.amount


@dataclass(frozen=True)
class Case:
    """A text, and all its claims of the kinds that figures or controls make."""

    text: str
    says: tuple[Said, ...] = ()
    gap: str = ""
    """Why our reading does not get this row right yet."""
