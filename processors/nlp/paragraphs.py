"""Line breaks end sentences, so that neither a parse nor a name runs from a heading into a text."""

from spacy.tokens import Doc

from processors.nlp.components import component

VERSION = "beatwire-paragraphs-v1"


@component(VERSION)
def split_paragraphs(doc: Doc) -> Doc:
    """Start a sentence at the first token of every line; runs before the parser, which keeps it."""
    broken = False
    for token in doc[1:] if len(doc) else ():
        before = doc[token.i - 1]
        broken = (broken and before.is_space) or "\n" in before.text
        if broken and not token.is_space:
            token.is_sent_start = True
    return doc
