"""Penalties, damages and settlements."""

from processors.nlp.claims.kinds.base import BUSINESSES, Kind, Trigger, forms, words

KIND = Kind(
    name="fine",
    sort="money",
    triggers=(
        Trigger("fined", words(r"fin(?:ed|ing|es)", r"to fine"), 1.35, subject="patient after owner", reach=20),
        Trigger("fine", words(r"fines?", r"penalt(?:y|ies)", r"sanctions?"), 1.3, subject="on against owner patient for agent at", reach=18),
        Trigger("settlement", words(r"settlements?", r"damages", r"compensation", r"out[- ]of[- ]court"), 1.25, subject="owner agent by with from against of", reach=18, manner="planned"),
        Trigger("settled", words(r"settl(?:e|es|ed|ing)"), 1.25, subject="agent by owner patient", reach=20, manner="planned"),
        Trigger("ordered", words(r"ordered to pay", r"must pay", r"(?:to|will) pay (?:\w+ ){0,2}?{money}[^.;]{0,50}?(?:settle|over|claims|lawsuit|case|breach|violat)", r"disgorge\w*", r"lawsuit", r"forfeit\w*"), 1.0, subject="agent patient by"),
        Trigger("hit", rf"{forms('slap hit/hit impose levy')}[^.;]{{0,40}}?{{money}}", 0.85, subject="patient on with after"),
        Trigger("owes", forms("owe"), 0.75, subject="agent"),
    ),
    subject="patient agent owner on against",
    subject_types=BUSINESSES,
    spare_types=frozenset({"product", "person"}),
    fits=lambda q: q.size >= 1e2,
    object="agent by to with in",
    object_types=frozenset({"agency", "country", "company", "other"}),
)  # fmt: skip
