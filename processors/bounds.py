"""What is kept of words, in bounds."""

from itertools import islice
from typing import Any

PARTS = 16


def make_room(kept: dict[Any, Any]) -> None:
    """Forget the oldest sixteenth.

    To forget all at once would free much memory that others take meanwhile, in pieces, so that the
    process takes more each time.
    """
    for oldest in list(islice(kept, 1 + len(kept) // PARTS)):
        del kept[oldest]
