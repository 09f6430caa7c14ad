"""A document cut into scenes: its sentences with their figures and names."""

import re
from bisect import bisect_left
from collections.abc import Iterator

import msgspec
from spacy.tokens import Doc, Span

from processors.nlp.annotations import Mention, Reference
from processors.nlp.claims.scene import MAX_FIGURES, MAX_SENTENCE, Name, Scene
from processors.nlp.parts import text_of
from processors.nlp.quantities import Quantity


def names_of(doc: Doc) -> list[Name]:
    """Mentions and resolved references together, in order."""
    mentions: list[Mention] = doc._.mentions or []
    references: list[Reference] = doc._.references or []
    heads = {m.entity_id: m for m in reversed(mentions)}
    names = [Name(m.start, m.end, m.entity_id, m.name, m.type, m.how != "model") for m in mentions]
    for ref in references:
        head = heads.get(ref.entity_id)
        if head is not None:
            known = head.how != "model"
            names.append(
                Name(ref.start, ref.end, head.entity_id, head.name, head.type, known, True)
            )
    return sorted(names, key=lambda n: (n.start, n.end))


def _from[T](row: list[T], starts: list[int], start: int, end: int) -> list[T]:
    """Those of a sorted row that start in a stretch."""
    return row[bisect_left(starts, start) : bisect_left(starts, end)]


def _whole(doc: Doc, names: list[Name]) -> Iterator[Span]:
    """The sentences, those joined that a name reaches across (``Character.AI``)."""
    begin: int | None = None
    starts = [n.start for n in names]
    for span in doc.sents:
        begin = span.start if begin is None else begin
        end, before = span.end_char, bisect_left(starts, span.end_char)
        if any(n.end > end for n in names[max(0, before - 3) : before]):
            continue
        yield doc[begin : span.end]
        begin = None


def _within_name(figure: Quantity, names: list[Name]) -> bool:
    """Whether a bare number is part of a designation (``Ascend 910``)."""
    return figure.sort == "number" and any(
        n.start <= figure.figure and figure.end <= n.end for n in names if not n.reference
    )


def _of_named_chips(figure: Quantity, names: list[Name], doc: Doc) -> Quantity:
    """A bare number right before a chip's name counts such chips (``30,000 Kunlun P800s``)."""
    if figure.sort != "number":
        return figure
    for name in names:
        gap = name.start - figure.end
        if name.type == "chip" and 0 < gap <= 24 and not name.reference:
            between = text_of(doc)[figure.end : name.start]
            if _ADJACENT.fullmatch(between):
                noun = text_of(doc)[figure.end : name.end].strip()
                return msgspec.structs.replace(figure, sort="chips", noun=noun, end=name.end)
    return figure


_ADJACENT = re.compile(r"[\s-](?:[A-Za-z][\w'’-]* )?")


def scenes_of(doc: Doc) -> list[Scene]:
    """One scene a sentence; tables (``MAX_SENTENCE``, ``MAX_FIGURES``) are left out."""
    names, quantities = names_of(doc), doc._.quantities or []
    name_starts, figure_starts = [n.start for n in names], [q.start for q in quantities]
    scenes: list[Scene] = []
    for place, span in enumerate(_whole(doc, names)):
        start, end = span.start_char, span.end_char
        if end - start > MAX_SENTENCE:
            continue
        near = [n for n in _from(names, name_starts, start, end) if n.end <= end]
        here: list[Quantity] = [
            q
            for q in _from(quantities, figure_starts, start, end)
            if q.end <= end and not _within_name(q, near)
        ]
        here = [_of_named_chips(q, near, doc) for q in here]
        if len(here) > MAX_FIGURES:
            continue
        scene = Scene(doc, span, place, here, near, scenes[-6:])
        if scenes:
            scenes[-1].later.append(scene)
        scenes.append(scene)
    return scenes
