"""Later and shorter names of an entity within one text: surnames, first words, acronyms."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from processors.nlp.annotations import Mention
from processors.nlp.marks import Marks
from processors.nlp.wordlists import words

_FAMILY_FIRST = words("family_first")
_SUFFIX = re.compile(r"^(?:Jr|Sr|II|III|IV)\.?$")
_LEGAL = re.compile(
    r",? (?:Inc|Corp|Corporation|Ltd|Limited|LLC|Co|PLC|plc|AG|SE|SA|GmbH|NV|Holdings|Group)\.?$"
)
_ORGANISATIONS = frozenset({"company", "lab", "fund", "agency", "other"})
_SPEAKER = re.compile(r" [A-Z][a-z]+ (?:said|told)")
_NAME_BEFORE = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][a-z]+ $")
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|President|Judge|Senator|Commissioner|When|While|But|And"
    r"|If|As|For|With|In|Sir|Minister|Chancellor|Secretary|Governor|Both)\.? $"
)
_BRACKETS = re.compile(r" \((?:the )?\"?(?P<short>[A-Z][A-Za-z&.]{1,9}s?)\"?\)")


def link(mentions: Sequence[Mention], text: str) -> list[Mention]:
    """``mentions`` with shorter names added and given the id of the fuller one.

    ``text`` is folded. A short form of two different entities goes to the one named last before.
    """
    named = sorted(mentions, key=lambda mention: mention.start)
    named = _merge_forms(named)
    shorts: dict[str, list[Mention]] = {}
    for mention in named:
        for short in dict.fromkeys(_short_forms(mention, text)):
            shorts.setdefault(short, []).append(mention)
    taken = Marks(len(text), ((mention.start, mention.end) for mention in named))
    added = []
    for short, fulls in shorts.items():
        for start, end in _places(short, text):
            if not taken.touch(start, end):
                added.append(_as(_latest(fulls, start), start, end))
                taken.add(start, end)
    linked = [_relinked(mention, shorts, text) for mention in named]
    return sorted([*linked, *added], key=lambda mention: mention.start)


def _short_forms(mention: Mention, text: str) -> Iterator[str]:
    parts = text[mention.start : mention.end].split()
    found = _BRACKETS.match(text, mention.end)
    if found and mention.type in _ORGANISATIONS and _initials(found["short"], parts):
        yield found["short"]
    if mention.type == "person":
        full = [word for word in parts if not _SUFFIX.match(word)]
        yield from surnames(full)
    elif mention.type in _ORGANISATIONS and mention.how == "model" and len(parts) > 1:
        plain = _LEGAL.sub("", " ".join(parts))
        if plain != " ".join(parts):
            yield plain


def surnames(parts: Sequence[str]) -> Iterator[str]:
    """The family name of a full name, in either order (``Liang Wenfeng``, ``Jensen Huang``)."""
    if len(parts) < 2:
        return
    if parts[0] in _FAMILY_FIRST and parts[-1] not in _FAMILY_FIRST:
        if parts[0] != "He":  # rather the pronoun
            yield parts[0]
    else:
        small = next((i for i, word in enumerate(parts[1:], 1) if word[0].islower()), None)
        if small:
            yield " ".join(parts[small:])
        yield parts[-1]


def _initials(short: str, parts: Sequence[str]) -> bool:
    first = short.rstrip("s").replace(".", "")
    return "".join(word[0] for word in parts if word[0].isupper()).startswith(
        first[:2].upper()
    ) or (first[0].upper() == parts[0][0].upper())


def _places(short: str, text: str) -> Iterator[tuple[int, int]]:
    """Where ``short`` stands alone, not as part of a longer capitalised name."""
    start = text.find(short)
    while start >= 0:
        end = start + len(short)
        alone = not (_joins(text[start - 1 : start]) or text[start - 1 : start] == "&")
        if alone and not _joins(text[end : end + 1]) and not _SPEAKER.match(text, end):
            before = text[max(0, start - 20) : start]
            if not _NAME_BEFORE.search(before) or _TITLED.search(before):
                yield start, end
        else:
            end = start + 1
        start = text.find(short, end)


def _joins(sign: str) -> bool:
    """Whether a word goes on with a sign."""
    return sign.isalnum() or sign == "_"


def _relinked(mention: Mention, shorts: dict[str, list[Mention]], text: str) -> Mention:
    """A recogniser's mention that is a short form of another entity takes its id and type; a bare
    surname is the one of that name who was named last.
    """
    written = text[mention.start : mention.end]
    if mention.type == "person" and " " not in written and written in shorts:
        named = [full for full in shorts[written] if full.start < mention.start]
        return _as(named[-1], mention.start, mention.end) if named else mention
    if mention.how != "model" or written not in shorts:
        return mention
    full = _latest(shorts[written], mention.start)
    return _as(full, mention.start, mention.end)


def _merge_forms(mentions: Iterable[Mention]) -> list[Mention]:
    """One id for a name with a version whose parts come in another order; one fullest name."""
    first: dict[tuple[str, ...], Mention] = {}
    fullest: dict[str, str] = {}
    merged = []
    for mention in mentions:
        if mention.how == "shape":
            key = tuple(sorted(mention.entity_id.split("-")))
            full = first.setdefault(key, mention)
            fullest[full.entity_id] = max(fullest.get(full.entity_id, ""), mention.name, key=len)
            merged.append(_as(full, mention.start, mention.end))
        else:
            merged.append(mention)
    return [_as(m, m.start, m.end, fullest.get(m.entity_id, m.name)) for m in merged]


def _latest(fulls: Sequence[Mention], place: int) -> Mention:
    return fulls[max(0, bisect_right(fulls, place, key=lambda full: full.start) - 1)]


def _as(full: Mention, start: int, end: int, name: str | None = None) -> Mention:
    return Mention(start, end, full.entity_id, name or full.name, full.type, full.how)
