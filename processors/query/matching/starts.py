"""The beginnings of words that are asked for, looked up for each word, never tried in turn."""

from collections import Counter

from processors.bounds import make_room
from processors.query.terms import forms

MOST_KNOWN = 65_536


class Starts(dict[str, tuple[str, ...]]):
    """For what stands between white space, the beginnings that are asked for and that it has.

    It is kept until another beginning is asked for: texts repeat words.
    """

    def __init__(self) -> None:
        super().__init__()
        self._asked: Counter[str] = Counter()
        self._sizes: Counter[int] = Counter()

    @property
    def any(self) -> bool:
        """Whether a beginning is asked for at all."""
        return bool(self._asked)

    def ask(self, start: str) -> None:
        """Once more; ``drop`` takes it back."""
        self._asked[start] += 1
        if self._asked[start] == 1:
            self._sizes[len(start)] += 1
            self.clear()

    def drop(self, start: str) -> None:
        self._asked[start] -= 1
        if not self._asked[start]:
            del self._asked[start]
            self._sizes[len(start)] -= 1
            self._sizes += Counter()  # without the sizes that nothing has
            self.clear()

    def __missing__(self, word: str) -> tuple[str, ...]:
        if len(self) >= MOST_KNOWN:
            make_room(self)
        starts = (form[:size] for form in forms(word) for size in self._sizes if size <= len(form))
        found = self[word] = tuple({start: None for start in starts if start in self._asked})
        return found
