"""Dead letters for tests, with only what a test is about spelled out."""

from datetime import UTC, datetime
from typing import Any

from processors.records import DeadLetter

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def dead_letter(**fields: Any) -> DeadLetter:
    """Of a page that stage ``read`` gave up."""
    given: dict[str, Any] = {
        "stage": "read",
        "topic": "pages",
        "partition": 3,
        "offset": 17,
        "key": "ledger.example",
        "event_id": "e17",
        "error_class": "Reject",
        "reason": "not a record",
        "attempts": 1,
        "failed_at": NOON,
        "code_version": "0.1.0",
        "data": b"{",
    }
    return DeadLetter(**(given | fields))
