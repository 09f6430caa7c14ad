"""The part of the port ``Store`` about what is not kept for ever."""

from datetime import datetime, timedelta
from typing import Literal, Protocol

Old = Literal["outcomes", "messages", "letters", "alerts"]
"""outcomes  how an event ended in a stage
messages  sent, failed or dropped, with what they were about
letters   dead letters that were retried or dropped
alerts    with the copies that they stand for, unless a message with them is still to be sent
"""


class Keeping(Protocol):
    """Each method is one transaction."""

    def count_old(self, kind: Old, before: datetime) -> int:
        """How many there are from before a time."""

    def drop_old(self, kind: Old, before: datetime, most: int) -> int:
        """Delete up to ``most`` from before a time, any of them; how many it were."""

    def first_open_letter(self) -> int | None:
        """The offset on the topic of dead letters below which all letters are dropped or retried.

        None: all of them are.
        """

    def begin_chore(self, name: str, now: datetime, every: timedelta, within: timedelta) -> bool:
        """Begin a chore, unless somebody began it less than ``every`` ago; whether it is begun.

        Where it was not begun in the time ``within``, or by a clock that is ``every`` ahead, one of
        the two clocks may be wrong: that it was begun is noted, and it is not.
        """
