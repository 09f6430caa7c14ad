"""The part of ``SqlStore`` about what is not kept for ever."""

from datetime import datetime, timedelta

from services.store import old
from services.store.engine import reading
from services.store.keeping import Old
from services.store.sql_trails import SqlTrails


class SqlKeeping(SqlTrails):
    """See ``Keeping``. Each method is one transaction; threads may share an object."""

    def count_old(self, kind: Old, before: datetime) -> int:
        with reading(self._engine) as connection:
            return old.count(connection, kind, before)

    def drop_old(self, kind: Old, before: datetime, most: int) -> int:
        return self._write(lambda connection: old.drop(connection, kind, before, most))

    def first_open_letter(self) -> int | None:
        with reading(self._engine) as connection:
            return old.first_open_letter(connection)

    def begin_chore(self, name: str, now: datetime, every: timedelta, within: timedelta) -> bool:
        return self._write(lambda connection: old.begin(connection, name, now, every, within))
