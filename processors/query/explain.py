"""A query tree in words, for the line that says how a query was understood."""

from datetime import datetime

from processors.figures import amount, kind_words
from processors.query import tree

_FIGURE = {"<": "under", "<=": "at most", ">": "over", ">=": "at least", "=": "exactly"}
_DAY = {"<": "before", "<=": "by the end of", ">": "after", ">=": "from", "=": "in"}
_PARTY = {"subject": "about", "object": "concerning", "speaker": "said by"}
_CONTRARY = {
    "names ": "does not name ",
    "comes ": "does not come ",
    "stands ": "does not stand ",
    "tells ": "does not tell ",
    "is ": "is not ",
    "a claim": "no claim",
}
_TYPES = {
    ("person",): "a person ",
    ("model",): "a model ",
    ("chip",): "a chip ",
    ("company", "lab", "fund", "agency"): "an organisation ",
}


def explain(node: tree.Node) -> str:  # noqa: PLR0911 - one return a kind of node
    """``“lower cost” and a claim of training cost under $10M``."""
    match node:
        case tree.And(parts=parts):
            return " and ".join(_bracketed(part, isinstance(part, tree.Or)) for part in parts)
        case tree.Or(parts=parts):
            return " or ".join(_bracketed(part, isinstance(part, tree.And)) for part in parts)
        case tree.Not(part=tree.Original()):
            return "is a copy"
        case tree.Not(part=part):
            return _denied(_bracketed(part, isinstance(part, tree.And | tree.Or)))
        case tree.Words(text=text, where=where):
            return f"“{text}”" + " in the title" * bool(where)
        case tree.Near(text=text, gap=gap, where=where):
            return f"“{text}” within {gap} words of each other" + " in the title" * bool(where)
        case tree.Prefix(start=start, where=where):
            return f"a word that begins with “{start}”" + " in the title" * bool(where)
        case tree.ClaimIs():
            return _claim(node)
        case tree.Published():
            return _published(node)
        case leaf:
            return _filter(leaf)


def _denied(words: str) -> str:
    """``does not come from wire`` for ``comes from wire``."""
    for start, contrary in _CONTRARY.items():
        if words.startswith(start):
            return contrary + words.removeprefix(start)
    return f"not {words}"


def _filter(node: tree.Node) -> str:  # noqa: PLR0911 - one return a kind of node
    match node:
        case tree.EntityIs(text=text, types=types):
            return f"names {_TYPES.get(types, '')}{text}"
        case tree.MoodIs(text=text, compare=compare, score=score):
            bound = f"{_FIGURE[compare]} {score:+g}".replace("-", "−")
            return f"the mood towards {text} is {bound}"
        case tree.SourceIs(text=text):
            return f"comes from {text}"
        case tree.AuthorIs(text=text):
            return f"is written by {text}"
        case tree.LanguageIs(code=code):
            return f"is in language {code}"
        case tree.SectionIs(text=text):
            return f"stands in section {text}"
        case tree.StoryIs(id=story):
            return f"tells story {story}"
        case tree.EventIs(id=event):
            return f"is about event {event}"
        case tree.Original():
            return "is no copy"
        case _:
            return "everything" if isinstance(node, tree.All) else explain(node)


def _bracketed(node: tree.Node, brackets: bool) -> str:
    return f"({explain(node)})" if brackets else explain(node)


def _published(node: tree.Published) -> str:
    parts = []
    if node.after is not None:
        parts.append(f"published from {_moment(node.after)}")
    if node.before is not None:
        parts.append(f"published before {_moment(node.before)}")
    return " and ".join(parts) or "everything"


def _moment(when: datetime) -> str:
    whole_day = (when.hour, when.minute, when.second, when.microsecond) == (0, 0, 0, 0)
    return when.strftime("%Y-%m-%d" if whole_day else "%Y-%m-%d %H:%M UTC")


def _claim(node: tree.ClaimIs) -> str:
    kind = f"a claim of {kind_words(node.kind)}" if node.kind else "a claim"
    return " ".join([kind, ", ".join(map(_condition, node.conditions))]).strip()


def _condition(condition: tree.Condition) -> str:
    match condition:
        case tree.Amount(unit=unit, compare=compare, value=value):
            thing = amount(value, "USD") if unit == "usd" else f"{amount(value)} chips or people"
            return f"{_FIGURE[compare]} {thing}"
        case tree.Dated(compare=compare, date=date):
            return f"dated {_DAY[compare]} {date}"
        case tree.PartyIs(role=role, text=text):
            return f"{_PARTY[role]} {text}"
        case tree.ModalityIs(modality=modality):
            return f"that is {modality}"
        case tree.BoundIs(bound=bound):
            return f"whose figure is {kind_words(bound)}"
