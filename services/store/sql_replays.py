"""The part of ``SqlStore`` about events that are put on the log once more."""

from services.store import replaying
from services.store.engine import reading
from services.store.replays import Replay
from services.store.sql_letters import SqlLetters


class SqlReplays(SqlLetters):
    """See ``Replays``. Each method is one transaction; threads may share an object."""

    def replay_run(self, replay_id: str) -> Replay | None:
        with reading(self._engine) as connection:
            return replaying.find(connection, replay_id)

    def running_replays(self) -> list[Replay]:
        with reading(self._engine) as connection:
            return replaying.running(connection)

    def put_replay(self, replay: Replay) -> bool:
        return self._write(lambda connection: replaying.put(connection, replay))
