"""What a dead letter says outside, so that tools that know nothing of our records can route it."""

from datetime import UTC

from processors.records import DeadLetter
from services.words import printable

MOST = 500
"""Characters of one value."""


def labels_of(letter: DeadLetter) -> tuple[tuple[str, str], ...]:
    """Names begin with ``dlq-``; ``dlq-error-class`` stays the same from release to release.

    The reason, which may quote what somebody sent, is one line without control characters.
    """
    found = (
        ("dlq-original-topic", letter.topic),
        ("dlq-original-partition", str(letter.partition)),
        ("dlq-original-offset", str(letter.offset)),
        ("dlq-original-key", letter.key),
        ("dlq-error-class", letter.error_class),
        ("dlq-reason", printable(" ".join(letter.reason.split()))),
        ("dlq-attempts", str(letter.attempts)),
        ("dlq-failed-at", letter.failed_at.astimezone(UTC).isoformat()),
        ("dlq-stage", letter.stage),
        ("dlq-code-version", letter.code_version),
    )
    return tuple((name, value[:MOST]) for name, value in found)
