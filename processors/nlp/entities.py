"""Who and what the text names: known names first, then forms, then the recogniser's finds."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import batched
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Span

from processors.nlp import gazetteer as names
from processors.nlp.annotations import Mention
from processors.nlp.capitals import capitals_of, governments
from processors.nlp.components import declare
from processors.nlp.context import accept, survey
from processors.nlp.gazetteer import Entry, fold
from processors.nlp.linking import link
from processors.nlp.lookup import Hit, Lookup
from processors.nlp.names import introduced, recognised
from processors.nlp.parts import Steps, part_of, runs_of, text_of
from processors.nlp.unknown import unknown_sentences

VERSION = "beatwire-entities-v2"

_SIGNS = frozenset("$€£¥₹₩")

declare(VERSION, gives=("mentions",))


@Language.factory(VERSION, default_config={"gazetteer": None, "everywhere": False})
def make_entities(
    nlp: Language,
    name: str,  # noqa: ARG001 - spaCy's form
    gazetteer: str | None,
    everywhere: bool,
) -> "EntitiesStep":
    """The step for spaCy; ``gazetteer`` is the path of the user's own file.

    ``everywhere`` asks the recogniser about each sentence, to compare with.
    """
    entries = names.load(Path(gazetteer) if gazetteer else None)
    return EntitiesStep(entries, Steps(nlp, "ner"), everywhere=everywhere)


class EntitiesStep:
    """Sets ``doc._.mentions``, and ``doc.ents`` to what the recogniser found."""

    def __init__(
        self, entries: Mapping[str, Entry], recogniser: Steps, *, everywhere: bool = False
    ) -> None:
        self._lookup = Lookup(entries.values())
        self._capitals = capitals_of(entries.values())
        self._recogniser = recogniser
        self._everywhere = everywhere

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 32) -> Iterator[Doc]:
        for docs in batched(stream, batch_size):
            hits = [self._hits(doc) for doc in docs]
            self._recognise(
                [(doc, self._asked(doc, known)) for doc, known in zip(docs, hits, strict=True)]
            )
            for doc, known in zip(docs, hits, strict=True):
                doc._.mentions = self._mentions(doc, known)
                yield doc

    def _hits(self, doc: Doc) -> list[Hit]:
        """Known names; ``US`` before a currency sign is part of a sum."""
        text = fold(text_of(doc))
        found = self._lookup.hits(text, runs_of(doc))
        return [hit for hit in found if text[hit.end : hit.end + 1] not in _SIGNS]

    def _asked(self, doc: Doc, known: list[Hit]) -> list[Span]:
        return list(doc.sents) if self._everywhere else unknown_sentences(doc, known)

    def _recognise(self, asked: list[tuple[Doc, list[Span]]]) -> None:
        """Ask the recogniser about sentences of a whole batch at once."""
        parts = [[part_of(sentence) for sentence in sentences] for _, sentences in asked]
        self._recogniser.run([part for own in parts for part in own])
        for (doc, sentences), own in zip(asked, parts, strict=True):
            found = [
                Span(doc, sentence.start + one.start, sentence.start + one.end, one.label)
                for sentence, part in zip(sentences, own, strict=True)
                for one in part.ents
            ]
            if found:
                doc.set_ents(found)

    def _mentions(self, doc: Doc, hits: list[Hit]) -> list[Mention]:
        around = survey(doc)
        known = accept(hits, around)
        known += governments(doc, known, self._capitals)
        others = recognised(doc, known, around, self._lookup.knows)
        others += introduced([*known, *others], around)
        return link(_joined(doc, known, others), around.text)


def _joined(doc: Doc, known: list[Hit], others: list[Mention]) -> list[Mention]:
    """Known names as mentions, without those inside a longer name of ``others``."""
    text = text_of(doc)
    spans = [(other.start, other.end) for other in others]
    kept = [
        Mention(
            hit.start,
            hit.end,
            hit.entity_id,
            hit.entry.name if hit.how == "gazetteer" else _singular(text[hit.start : hit.end]),
            hit.type,
            hit.how,
        )
        for hit in known
        if not any(start < hit.end and hit.start < end for start, end in spans)
    ]
    return kept + others


def _singular(form: str) -> str:
    """``H100s`` names the chip ``H100``."""
    return form[:-1] if form[-1:] == "s" and form[-2:-1].isdigit() else form
