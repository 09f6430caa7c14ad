"""How far imports are."""

from datetime import datetime

from sqlalchemy import Connection, select

from services.store.intake_tables import imports
from services.store.rows import upsert


def done(connection: Connection, file: str) -> int:
    found = select(imports.c.records).where(imports.c.file == file)
    return connection.execute(found).scalar() or 0


def note(connection: Connection, file: str, records: int, now: datetime) -> None:
    upsert(connection, imports, [{"file": file, "records": records, "at": now}])
