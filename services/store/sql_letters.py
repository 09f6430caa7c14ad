"""The part of ``SqlStore`` about dead letters."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from services.store import dead_letters
from services.store.engine import reading
from services.store.letters import OPEN, Letter, LetterState, Wanted
from services.store.sql_intake import SqlIntake


class SqlLetters(SqlIntake):
    """See ``Letters``. Each method is one transaction; threads may share an object."""

    def letters_read(self) -> int:
        with reading(self._engine) as connection:
            return dead_letters.read_upto(connection)

    def note_letters(self, letters: Sequence[Letter], upto: int) -> None:
        self._write(lambda connection: dead_letters.note(connection, letters, upto))

    def letters(self, wanted: Wanted, *, limit: int, before: int | None = None) -> list[Letter]:
        with reading(self._engine) as connection:
            return dead_letters.find(connection, wanted, limit, before)

    def count_letters(self) -> dict[tuple[str, str, LetterState], int]:
        with reading(self._engine) as connection:
            return dead_letters.count(connection)

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
        return self._write(
            lambda connection: dead_letters.mark(
                connection,
                ids,
                state,
                now=now,
                by=by,
                note=note,
                ends=ends,
                instead=instead,
                stale=stale,
            )
        )
