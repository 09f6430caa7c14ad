"""Small matters of English in what is shown."""


def counted(number: int, noun: str) -> str:
    """``1 article``, ``1,200 articles``."""
    return f"{number:,} {noun}{'s' * (number != 1)}"
