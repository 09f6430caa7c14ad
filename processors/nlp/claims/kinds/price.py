"""List prices of model interfaces, chips and subscriptions."""

from processors.nlp.claims.kinds.base import BUSINESSES, Kind, Trigger, forms, words
from processors.nlp.quantities import Quantity


def _unit(quantity: Quantity) -> float:
    sizes = {"per_million_tokens": 1.5, "per_chip": 1.2, "per_month": 1.0, "per_user": 0.9}
    if quantity.size > 2e5:
        return 0.0
    return sizes.get(quantity.per or "", 0.6 if quantity.per in {"per_year", "per_hour"} else 0.0)


def _of_a_list(quantity: Quantity) -> bool:
    """List prices of one thing are small; yen, yuan and won have more digits."""
    if quantity.per == "per_share":
        return False
    western = quantity.currency in {"USD", "EUR", "GBP", "CHF", "CAD", "AUD"}
    return quantity.size < (1e5 if western and quantity.per is None else 4e6)


KIND = Kind(
    name="price",
    sort="money",
    triggers=(
        Trigger("charges", forms("charge ask quote") + r"(?! of)|(?<!\w)(?:bills|billed|billing)(?= {model}| {product}| {chip}| at| US| {money}| customers)", 0.95, subject="agent by owner"),
        Trigger("costs", words(r"cost(?:s|ing)?", r"pric(?:e|es|ed|ing)", r"sells? for", r"sold for", r"retails?", r"goes for", r"going rate", r"list price", r"dearer", r"cheaper", r"starts? at", r"fetch(?:es|ed)?"), 0.85, subject="agent patient owner of for"),
        Trigger("subscription", words(r"subscriptions?", r"a month", r"monthly", r"per month", r"tier", r"per chip", r"apiece"), 0.7, subject="agent owner patient for"),
        Trigger("wants", rf"{forms('want demand pay/paid')}\W(?:[\w'’-]+\W){{0,2}}?{{money}}\W(?:for|per)\W(?:a single|each|every|one|an?)\W", 1.2, subject="agent"),
        Trigger("for_each", r"{money} (?:for|per) (?:each|a single|one|every|a) (?:\w+ )?(?:{chip}|{product}|chip|GPU|card)", 1.2, subject="agent by from owner"),
        Trigger("in_and_out", r"{money} (?:in|out)(?=[,;.]| and )", 1.0, subject="owner agent before", context=r"tokens"),
        Trigger("for_every", r"for (?:every|each) {chip}[^.;]{0,80}?{money}", 1.3, subject="from by owner"),
        Trigger("hands", r"(?:{chip}|{product}|{model}|GPU|card|subscription|licence)(?:\W[\w'’-]+){0,6}?\W(?:for|at|from)\W(?:[\w'’-]+\W){0,3}?{money}(?! (?:valuation|round))", 0.8, subject="agent owner patient of"),
        Trigger("tokens", words(r"(?:input|output|million) tokens"), 0.9, subject="agent by owner"),
    ),
    subject="agent owner by of patient from",
    subject_types=BUSINESSES,
    spare_types=frozenset({"product", "model", "chip"}),
    base=_unit,
    fits=_of_a_list,
    excludes=r"GPU[- ]hours?",
    object="patient of for agent",
    object_types=frozenset({"product", "model", "chip"}),
)  # fmt: skip
