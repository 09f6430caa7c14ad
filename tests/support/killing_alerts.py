"""Alerts in the tests of kills: topics that everything meets, a receiver, and what must come of it.

Two topics: one of everything, which folds copies, and one of every claim, which does not.
"""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sqlalchemy import select

from processors.records import Alert, decode
from services.alerts.rules import new_secret
from services.bootstrap import open_store
from services.bus import Bus
from services.settings import load_settings
from services.store.alert_tables import alert_articles, alerts, message_alerts, messages
from services.store.alerting import AlertTopic, Channel
from services.store.engine import open_engine, reading
from services.topics import ALERTS
from tests.support.bus import log_of
from tests.support.killing_traps import DELIVERY, Strike

EVERYTHING, CLAIMS = "everything", "claims"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class Hooks:
    """A web server that takes webhooks: what it got by id, each body as often as it came."""

    def __init__(self) -> None:
        self.got: dict[str, list[bytes]] = {}
        hooks, lock = self, threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                with lock:
                    hooks.got.setdefault(self.headers["webhook-id"], []).append(body)
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/in"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def hooks() -> Iterator[Hooks]:
    found = Hooks()
    try:
        yield found
    finally:
        found.close()


def subscribe(receiver: Hooks) -> None:
    """Make both topics, each with a channel of its own that leads to the receiver."""
    now = datetime.now(UTC) - timedelta(hours=1)
    with open_store(load_settings()) as store:
        for name, query in ((EVERYTHING, ""), (CLAIMS, "claim:any")):
            store.add_channel(
                Channel(
                    id=f"to-{name}",
                    owner="ada",
                    kind="webhook",
                    address=receiver.url,
                    secrets=(new_secret(),),
                    created_at=now,
                )
            )
            store.add_topic(
                AlertTopic(
                    id=name,
                    owner="ada",
                    name=name,
                    query=query,
                    copies=name == CLAIMS,
                    channels=(f"to-{name}",),
                    cap=1000,
                    created_at=now,
                    since=LONG_AGO,
                )
            )


def sending() -> bool:
    """Whether messages wait to be sent."""
    with open_store(load_settings()) as store:
        return store.next_due() is not None


def wrong_alerts(
    bus: Bus, receiver: Hooks, articles: set[str], with_claims: set[str], strikes: Sequence[Strike]
) -> Iterator[str]:
    """What does not hold of alerts once all is drained."""
    engine = open_engine(load_settings().store_url)
    try:
        with reading(engine) as connection:
            told = connection.execute(select(alert_articles)).all()
            rows = connection.execute(select(alerts.c.id, alerts.c.topic, alerts.c.articles)).all()
            sent = connection.execute(
                select(messages.c.id, messages.c.state, messages.c.channel)
            ).all()
            inside = connection.execute(select(message_alerts.c.alert)).scalars().all()
    finally:
        engine.dispose()
    for topic, wanted in ((EVERYTHING, articles), (CLAIMS, with_claims)):
        found = {row.article_id for row in told if row.topic == topic}
        if found != wanted:
            yield f"topic {topic}: lost {len(wanted - found)}, too many {len(found - wanted)}"
    counted = Counter(row.alert for row in told)
    if {row.id: row.articles for row in rows} != counted:
        yield "the articles of an alert are not those that it counts"
    ids = sorted(row.id for row in rows)
    if sorted(inside) != ids:
        yield f"{len(rows)} alerts, {len(inside)} places in messages"
    if unsent := [row.id for row in sent if row.state != "sent"]:
        yield f"{len(unsent)} messages were not sent"
    if {row.id for row in sent} != receiver.got.keys():
        yield "what was received is not what was sent"
    if altered := [each for each, bodies in receiver.got.items() if len({*bodies}) > 1]:
        yield f"{len(altered)} messages came a second time with other words"
    # A process that dies may have one message of each channel between sending and noting.
    kills = sum(strike.point in DELIVERY for strike in strikes)
    channel_of = {row.id: row.channel for row in sent}
    twice = Counter(
        channel_of.get(each) for each, bodies in receiver.got.items() for _ in bodies[1:]
    )
    if twice and max(twice.values()) > kills:
        yield f"messages came a second time: {twice}, after {kills} kills"
    published = {alert.id for stored in log_of(bus, ALERTS.name) if (alert := _alert(stored.event))}
    if published != {*ids}:
        yield f"{len(ids)} alerts, {len(published)} on the log"


def _alert(event: Any) -> Alert | None:
    found = decode(event.data)
    return found if isinstance(found, Alert) else None
