"""A real store on a file of its own, which lasts as long as its object.

``open_message`` does what decisions would have done.
"""

import shutil
import weakref
from pathlib import Path
from tempfile import mkdtemp

import msgspec
from sqlalchemy import Engine, insert

from services.store.alert_tables import alerts, message_alerts, messages
from services.store.alerting import Message, Noted
from services.store.engine import open_engine, writing
from services.store.rows import insert_new
from services.store.store import SqlStore


class AlertStore(SqlStore):
    """Topics, channels and messages of one test."""

    def __init__(self) -> None:
        folder = Path(mkdtemp(prefix="beatwire-test-"))
        super().__init__(open_engine(f"sqlite:///{folder}/store.sqlite"))
        weakref.finalize(self, _remove, self._engine, folder)

    def open_message(self, message: Message, *told: Noted) -> Message:
        """A message with the alerts that it tells of."""
        with writing(self._engine) as connection:
            row = msgspec.structs.asdict(message)
            connection.execute(insert(messages).values(**row, closed=True))
            for each in told:
                alert = each.alert
                row = {
                    "seq": each.seq,
                    "articles": each.articles,
                    "muted": each.muted,
                    "body": msgspec.json.encode(alert),
                }
                for name in ("id", "topic", "owner", "kind", "article_id", "event_id", "at"):
                    row[name] = getattr(alert, name)
                insert_new(connection, alerts, row)
                insert_new(connection, message_alerts, {"message": message.id, "alert": alert.id})
        return message


def _remove(engine: Engine, folder: Path) -> None:
    engine.dispose()
    shutil.rmtree(folder, ignore_errors=True)
