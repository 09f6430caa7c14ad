"""Tables in Markdown documents, written between two lines that stay where they are."""

from collections.abc import Sequence

Cells = tuple[str, ...]


def table(head: Cells, rows: Sequence[Cells]) -> str:
    """Rows under a head; nothing in a cell ends it, its row or the table."""
    lines = [map(cell, head), ("---",) * len(head), *(map(cell, row) for row in rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def cell(text: str) -> str:
    """A text on one line, in which no bar and no tag counts as one."""
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())
