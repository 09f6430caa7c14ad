"""Who and what the text names: known names first, then forms, then the recogniser's finds."""

from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from processors.nlp import gazetteer as names
from processors.nlp.annotations import Mention
from processors.nlp.capitals import governments
from processors.nlp.components import Step, declare
from processors.nlp.context import accept, survey
from processors.nlp.linking import link
from processors.nlp.lookup import Hit, Lookup
from processors.nlp.names import introduced, recognised

VERSION = "beatwire-entities-v1"

declare(VERSION, gives=("mentions",))


@Language.factory(VERSION, default_config={"gazetteer": None})
def make_entities(nlp: Language, name: str, gazetteer: str | None) -> Step:  # noqa: ARG001 - spaCy's form
    """The step for spaCy; ``gazetteer`` is the path of the user's own file."""
    entries = names.load(Path(gazetteer) if gazetteer else None)
    lookup = Lookup(entries.values())
    capitals = {city: entry for entry in entries.values() for city in entry.capitals}

    def find(doc: Doc) -> Doc:
        around = survey(doc)
        known = accept(lookup.hits(around.text), around)
        known += governments(doc, known, capitals)
        others = recognised(doc, known, around, lookup.knows)
        others += introduced([*known, *others], around)
        doc._.mentions = link(_joined(doc, known, others), around.text)
        return doc

    return find


def _joined(doc: Doc, known: list[Hit], others: list[Mention]) -> list[Mention]:
    """Known names as mentions, without those inside a longer name of ``others``."""
    text = doc.text
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
