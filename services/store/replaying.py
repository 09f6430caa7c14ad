"""How far the runs are that put events on the log once more."""

import msgspec
from sqlalchemy import Connection, select, update

from services.store.replay_tables import replays
from services.store.replays import Replay
from services.store.rows import insert_new


def find(connection: Connection, replay_id: str) -> Replay | None:
    found = connection.execute(select(replays.c.run).where(replays.c.id == replay_id)).scalar()
    return None if found is None else _read(found)


def running(connection: Connection) -> list[Replay]:
    wanted = select(replays.c.run).where(replays.c.state == "running")
    ordered = wanted.order_by(replays.c.began_at, replays.c.id)
    return [_read(found) for found in connection.execute(ordered).scalars()]


def put(connection: Connection, replay: Replay) -> bool:
    row = {
        "id": replay.id,
        "state": replay.state,
        "turn": replay.turn,
        "began_at": replay.began_at,
        "run": msgspec.json.encode(replay).decode(),
    }
    if replay.turn == 1:
        return insert_new(connection, replays, row)
    before = (replays.c.id == replay.id) & (replays.c.turn == replay.turn - 1)
    return connection.execute(update(replays).where(before).values(**row)).rowcount == 1


def _read(text: str) -> Replay:
    return msgspec.json.decode(text, type=Replay)
