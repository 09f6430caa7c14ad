"""The part of the port ``Store`` about events that are put on the log once more, on purpose."""

from datetime import datetime
from typing import Literal, Protocol

import msgspec

ReplayState = Literal["running", "done"]


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """How far one such run is: begun by a command, gone on with by whoever gives it again."""

    id: str
    """Made of what was asked for, so that the same command finds it."""
    asked: str
    """The options of the command, for people."""
    work: Literal["read", "index"]
    since: datetime
    until: datetime | None = None
    source: str = ""
    limit: int | None = None
    notify: bool = False
    began_at: datetime
    changed_at: datetime
    state: ReplayState = "running"
    turn: int = 1
    """Goes up by one with every change."""
    next: dict[int, int] = {}
    """Of each partition: the first offset that was not looked at."""
    ends: dict[int, int] = {}
    """Of each partition: where the run ends."""
    before: dict[int, int] = {}
    """While a part of the log is under way: where the partitions of the topic that takes the
    events ended before. Who comes after a killed one looks from there for what it had put."""
    last: int = 0
    """While a part of the log is under way: its last offset."""
    published: int = 0


class Replays(Protocol):
    """Each method is one transaction."""

    def replay_run(self, replay_id: str) -> Replay | None: ...

    def running_replays(self) -> list[Replay]:
        """Those that are not done, in the order in which they were begun."""

    def put_replay(self, replay: Replay) -> bool:
        """Add it, or replace what is there when that is one ``turn`` behind.

        False when another one is there: somebody else goes on with it.
        """
