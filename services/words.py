"""Small matters of English in what is shown."""


def counted(number: int, noun: str, nouns: str = "") -> str:
    """``1 article``, ``1,200 articles``; ``nouns`` where an s does not make several."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def signed(score: float) -> str:
    """``+0.45``, ``−0.45``."""
    return f"{score:+.2f}".replace("-", "−")


def printable(text: str, instead: str = "?") -> str:
    """Text from outside for a terminal, a log or a name: none of its control characters is left."""
    return "".join(char if char.isprintable() else instead for char in text)
