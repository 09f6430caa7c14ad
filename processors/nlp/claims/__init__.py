"""Claims: typed, normalised statements with the words that make them (``docs/claims.md``)."""

from collections.abc import Iterable, Iterator
from itertools import batched

from spacy.language import Language
from spacy.tokens import Doc

from processors.nlp.claims.candidates import candidates
from processors.nlp.claims.engine import VERSION as RULES
from processors.nlp.claims.engine import claims_of
from processors.nlp.claims.explain import SentenceNote, explain
from processors.nlp.claims.export import find_controls
from processors.nlp.claims.matching import prepare
from processors.nlp.claims.merging import join_repeated
from processors.nlp.claims.plain import plain
from processors.nlp.claims.scene import Scene
from processors.nlp.claims.scenes import scenes_of
from processors.nlp.claims.taking import take
from processors.nlp.components import declare
from processors.nlp.currency import with_dollars
from processors.nlp.parts import Steps
from processors.records import Claim

VERSION = "beatwire-claims-v2"

__all__ = ["RULES", "VERSION", "ClaimsStep", "SentenceNote"]

declare(VERSION, needs=("mentions", "references", "quantities"), gives=("claims",))


@Language.factory(VERSION, default_config={"everywhere": False})
def make_claims(nlp: Language, name: str, everywhere: bool) -> "ClaimsStep":  # noqa: ARG001 - spaCy's form
    """The step for spaCy; ``everywhere`` parses each sentence, to compare with."""
    prepare()
    return ClaimsStep(Steps(nlp, "tok2vec", "tagger", "parser"), everywhere=everywhere)


class ClaimsStep:
    """Sets ``doc._.claims``; parses the sentences of a batch that can hold a claim at once."""

    def __init__(self, grammar: Steps, *, everywhere: bool = False) -> None:
        self._grammar = grammar
        self._everywhere = everywhere

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 32) -> Iterator[Doc]:
        for docs in batched(stream, batch_size):
            texts = [scenes_of(doc) for doc in docs]
            self._parse([scene for scenes in texts for scene in self._wanted(scenes)])
            for doc, scenes in zip(docs, texts, strict=True):
                doc._.claims = _claims(doc, scenes)
                yield doc

    def explain(self, doc: Doc) -> list[SentenceNote]:
        """Notes on the sentences of a text that the pipeline has read, and why each figure fell."""
        scenes = scenes_of(doc)
        self._parse(self._wanted(scenes))
        taken = take([scene for scene in scenes if scene.part is not None])
        return explain(scenes, taken, doc._.claims)

    def _wanted(self, scenes: list[Scene]) -> list[Scene]:
        return scenes if self._everywhere else candidates(scenes)

    def _parse(self, scenes: list[Scene]) -> None:
        for scene in scenes:
            scene.part = plain(
                scene.span,
                [(n.start - scene.at, n.end - scene.at, n.type) for n in scene.own_names],
                [
                    (q.figure - scene.at, q.end - scene.at)
                    for q in scene.quantities
                    if q.sort == "money"
                ],
            )
        self._grammar.run([scene.part.doc for scene in scenes if scene.part is not None])


def _claims(doc: Doc, scenes: list[Scene]) -> list[Claim]:
    """The claims of a text in order of their places."""
    parsed = [scene for scene in scenes if scene.part is not None]
    found = [*claims_of(take(parsed)), *find_controls(parsed, RULES)]
    found = [with_dollars(claim, doc._.published) for claim in found]
    return join_repeated(sorted(found, key=lambda claim: (claim.start, claim.end, claim.kind)))
