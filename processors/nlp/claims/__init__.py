"""Claims: typed, normalised statements with the words that make them (``docs/claims.md``)."""

from spacy.tokens import Doc

from processors.nlp.claims.engine import VERSION as RULES
from processors.nlp.claims.engine import claims_of
from processors.nlp.claims.export import find_controls
from processors.nlp.claims.merging import join_repeated
from processors.nlp.claims.scenes import scenes_of
from processors.nlp.claims.taking import take
from processors.nlp.components import component
from processors.nlp.currency import with_dollars
from processors.records import Claim

VERSION = "beatwire-claims-v1"

__all__ = ["RULES", "VERSION", "claims", "find_claims"]


def find_claims(doc: Doc) -> list[Claim]:
    """The claims of a text in order of their places, from what earlier steps left on ``doc``."""
    scenes = scenes_of(doc)
    found = [*claims_of(take(scenes)), *find_controls(scenes, RULES)]
    found = [with_dollars(claim, doc._.published) for claim in found]
    return join_repeated(sorted(found, key=lambda claim: (claim.start, claim.end, claim.kind)))


@component(VERSION, needs=("mentions", "references", "quantities"), gives=("claims",))
def claims(doc: Doc) -> Doc:
    """Set ``doc._.claims``."""
    doc._.claims = find_claims(doc)
    return doc
