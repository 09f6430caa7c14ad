"""Which stretches of a text are taken, in time that does not grow with how many there are."""

from collections.abc import Iterable


class Marks:
    """A mark for each character of a text."""

    def __init__(self, length: int, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._marked = bytearray(length + 1)
        for start, end in spans:
            self.add(start, end)

    def add(self, start: int, end: int) -> None:
        self._marked[start:end] = b"\1" * (end - start)

    def touch(self, start: int, end: int) -> bool:
        """Whether any character of the stretch is marked."""
        return self._marked.find(1, start, end) >= 0

    def at(self, place: int) -> bool:
        """Whether the character at ``place`` is marked."""
        return self._marked[place] == 1
