"""Figures and dates of a text: money, counts of chips and people, dates, periods."""

from datetime import date

from spacy.tokens import Doc

from processors.nlp.components import component
from processors.nlp.parts import runs_of, text_of
from processors.nlp.quantities.counts import find_counts
from processors.nlp.quantities.dates import find_dates
from processors.nlp.quantities.money import find_money, find_numbers
from processors.nlp.quantities.quantity import MAX_TEXT, Other, Quantity, Taken, readable
from processors.nlp.runs import Runs

VERSION = "beatwire-quantities-v1"

__all__ = [
    "MAX_TEXT",
    "VERSION",
    "Other",
    "Quantity",
    "find_counts",
    "find_dates",
    "find_money",
    "find_numbers",
    "find_quantities",
    "quantities",
]


def find_quantities(
    text: str, published: date | None = None, runs: Runs | None = None
) -> list[Quantity]:
    """All quantities of a text in order of their places; money and dates win over counts.

    Linear in the length of the text, of which the first ``MAX_TEXT`` characters are read.
    Never raises for any text. ``runs`` are the text's, where they are known.
    """
    text = readable(text)
    runs = runs or Runs(text)
    numbers = find_numbers(text, runs)
    money = find_money(numbers)
    dates = find_dates(text, published, runs)
    sure = Taken(len(text), ((q.start, q.end) for q in (*money, *dates)))
    counts = [q for q in find_counts(numbers) if not sure.meets(q.figure, q.end)]
    return sorted((*money, *dates, *counts), key=lambda q: (q.start, q.end))


@component(VERSION, gives=("quantities",))
def quantities(doc: Doc) -> Doc:
    """Set ``doc._.quantities``; relative dates are read against ``doc._.published``."""
    published = doc._.published
    day = published.date() if published else None
    doc._.quantities = find_quantities(text_of(doc), day, runs_of(doc))
    return doc
