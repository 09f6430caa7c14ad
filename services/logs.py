"""What long-running processes write on standard error: one line a record, as text or as JSON.

Fields that machines look for are given apart from the sentence (``extra=``), or bound for a while
to everything that is logged in it: the stage and the slice that a warning belongs to. Text from
outside cannot fake a line in either form: in text, control characters become spaces.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from services.settings import Settings
from services.words import printable

LONGEST_TEXT = 2_000
"""Characters of a line of text; JSON, which machines read, has all."""
_BOUND: ContextVar[dict[str, Any]] = ContextVar("bound", default={})  # noqa: B039 - never changed
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every record has; all else was given with ``extra``."""
_TALKATIVE = ("elastic_transport", "kafka")
"""They tell of every request that failed, which the adapters' own errors do better."""


@contextmanager
def bound(**fields: Any) -> Iterator[None]:
    """Give these fields to whatever this thread or task logs inside the block."""
    token = _BOUND.set(_BOUND.get() | fields)
    try:
        yield
    finally:
        _BOUND.reset(token)


def start_logs(settings: Settings) -> None:
    """Write on standard error what the settings ask for; a second call changes nothing."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if settings.log == "json" else TextLines())
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler])
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)


class TextLines(logging.Formatter):
    """``WARNING services.stages.runner: dead letter: ... stage=read``, never a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        fields = "".join(f" {name}={value}" for name, value in fields_of(record).items())
        error = f": {record.exc_info[1]!r}" if record.exc_info and record.exc_info[1] else ""
        text = f"{record.levelname} {record.name}: {record.getMessage()}{error}{fields}"
        return " ".join(printable(text, " ").split())[:LONGEST_TEXT]


class JsonLines(logging.Formatter):
    """One JSON object a line: ``time``, ``level``, ``logger``, ``message``, then the fields."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "pid": record.process,
        }
        line |= {name: value for name, value in fields_of(record).items() if name not in line}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        # In ASCII, so that lone surrogates and separators of lines are escaped, too.
        return json.dumps(line, default=str)


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """What is bound, and what was given with the record, which wins."""
    given = {name: value for name, value in vars(record).items() if name not in _OWN}
    return _BOUND.get() | given
