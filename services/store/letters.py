"""The part of the port ``Store`` about dead letters: what became of each."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

LetterState = Literal["open", "retrying", "retried", "dropped"]
"""open      nobody did anything about it yet
retrying  its event is about to be put on its topic once more
retried   it was put there
dropped   somebody said that it is not worth it, and why
"""


OPEN: tuple[LetterState, ...] = ("open",)


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one dead letter but for its event, which is on the log."""

    id: str
    """Stage, topic, partition and offset of the event that it holds, so that it has one row
    however often it was published."""
    at: int
    """Its offset on the topic of dead letters."""
    stage: str
    topic: str
    partition: int
    offset: int
    key: str
    event_id: str
    error_class: str
    reason: str
    attempts: int
    failed_at: datetime
    code_version: str
    state: LetterState = "open"
    changed_at: datetime | None = None
    changed_by: str = ""
    note: str = ""
    """Why it was dropped."""
    ends: Mapping[int, int] = {}
    """Where each partition of its topic ended before its event was to be put there again."""
    after: str = ""
    """The retried letter whose event failed once more: this one."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which letters: those that fit all that is given."""

    ids: tuple[str, ...] = ()
    states: tuple[LetterState, ...] = ()
    stage: str = ""
    error_class: str = ""
    event_id: str = ""
    since: datetime | None = None
    """Failed then or later."""


class Letters(Protocol):
    """Each method is one transaction. A letter is marked; only ``Keeping`` removes what is old."""

    def letters_read(self) -> int:
        """The first offset of the topic of dead letters that was not noted yet."""

    def note_letters(self, letters: Sequence[Letter], upto: int) -> None:
        """Note letters that are not known yet, and that all below ``upto`` were read, no more.

        One whose event was retried before names that letter in ``after``.
        """

    def letters(self, wanted: Wanted, *, limit: int, before: int | None = None) -> list[Letter]:
        """The newest first; ``before``: an ``at``, to go on after the last of an earlier answer."""

    def count_letters(self) -> dict[tuple[str, str, LetterState], int]:
        """Stage, class of the error and state to number."""

    def mark_letters(
        self,
        ids: Collection[str],
        state: LetterState,
        *,
        now: datetime,
        by: str,
        note: str = "",
        ends: Mapping[int, int] | None = None,
        instead: Collection[LetterState] = OPEN,
        stale: datetime | None = None,
    ) -> list[Letter]:
        """Give the letters among these that are in a state of ``instead`` another one.

        With ``stale`` only those that were last changed before it. The answer has those that were
        changed, as they are now; of two that ask at once one gets each letter.
        """
