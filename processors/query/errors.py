"""What is wrong with a query, where, and what would be right."""

LINE = 100
"""Characters of a query that an error shows around its place."""


class QueryError(ValueError):
    """A query that cannot be understood.

    ``position`` counts characters of ``text``, the query as typed; ``hint`` may be empty.
    """

    def __init__(self, message: str, position: int, hint: str = "", text: str = "") -> None:
        super().__init__(message, position, hint, text)
        self.message = message
        self.position = position
        self.hint = hint
        self.text = text

    def __str__(self) -> str:
        return f"{self.message} (character {self.position + 1})" + (
            f"; {self.hint}" * bool(self.hint)
        )

    def render(self) -> str:
        """Three lines or four: the query, a caret under the place, the message, the hint."""
        at = min(self.position, len(self.text))
        start = max(0, at - LINE // 2)
        shown = self.text[start : start + LINE]
        line = "".join(char if char.isprintable() else " " for char in shown)
        lines = [line, " " * (at - start) + "^", self.message]
        return "\n".join([*lines, self.hint] if self.hint else lines)
