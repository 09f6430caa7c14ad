"""GPUs and AI chips owned, bought, used, made or planned."""

from processors.nlp.claims.kinds.base import Kind, Trigger, forms, words

KIND = Kind(
    name="chip_count",
    sort="chips",
    triggers=(
        Trigger("has", forms("have/has/had own operate run/ran use buy/bought/buying acquire order deploy purchase install amass stockpile rent lease get/got receive stock hoard pack house count comprise contain hold/held book"), 1.0, subject="agent by owner at"),
        Trigger("makes", forms("make/made produce ship build/built turn supply deliver manufacture"), 0.9, subject="agent by owner"),
        Trigger("cluster", words(r"clusters?", r"supercomputers?", r"data[- ]cent(?:re|er)s?", r"machine", r"expand\w*", r"train(?:s|ed|ing)?", r"fitted with", r"equipped with", r"powered by", r"rel(?:y|ies|ied) on", r"snapped up"), 0.9, subject="agent by owner of at"),
    ),
    subject="agent by owner at to",
    subject_types=frozenset({"company", "lab", "fund", "country"}),
    spare_types=frozenset({"product", "model", "other", "agency"}),
    base=lambda _: 0.7,
    fits=lambda q: q.size >= 4 and "watt" not in q.noun.lower() and "nanomet" not in q.noun.lower() and "hours" not in q.noun.lower(),
)  # fmt: skip
