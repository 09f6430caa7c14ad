"""One loaded reader for all tests: the model takes seconds to load."""

from functools import cache

from processors.nlp.reader import Reader, load_reader


@cache
def shared_reader() -> Reader:
    """The reader without a user's own names."""
    return load_reader()
