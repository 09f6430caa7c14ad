"""``beatwire analyze --explain``: why each figure of a text is a claim or none, for people."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from services.cli.results import plain

if TYPE_CHECKING:
    from processors.nlp.reader import SentenceNote


def print_notes(console: Console, title: str, notes: Iterable["SentenceNote"]) -> None:
    """Each sentence with its names, then its figures, each with its outcome and the rules."""
    console.print(Text(plain(title), style="bold"))
    for number, note in enumerate(notes, 1):
        console.print(Text(f"{number}. {plain(note.text)}"))
        for line, style in _lines(note):
            console.print(Padding(Text(plain(line), style=style), (0, 0, 0, 3)))


def _lines(note: "SentenceNote") -> Iterable[tuple[str, str]]:
    names = [
        f"{'“' + one.text + '” = ' if one.reference else ''}{one.entity_id} ({one.type})"
        for one in note.names
    ]
    if names:
        yield f"names: {', '.join(names)}", "dim"
    if not note.parsed and note.figures:
        yield "not parsed: its words hold no claim", "dim"
    for figure in note.figures:
        yield f"{figure.text} [{figure.sort}]: {figure.outcome}", "green" if figure.claimed else ""
        for one in figure.weighed:
            yield f"   {one.score:.2f}  {one.rule}  “{one.words}”", "dim"
    for control in note.controls:
        yield control, "green"
