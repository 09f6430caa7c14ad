"""A test message: carried by what carries the channel's alerts, one at a time and not for long."""

import asyncio
import threading
from collections.abc import Sequence

import msgspec

from services.alerts import trial
from services.alerts.carrier import Carrier
from services.alerts.channel_rules import new_channel
from services.alerts.letter import letter
from services.alerts.links import Links
from services.alerts.payload import payload
from services.alerts.schedule import Tried
from services.alerts.trial import AT_ONCE, BUSY, NO_CARRIER, TITLE, send_trial, trial_parcel
from services.store.alerting import ChannelKind, Parcel
from tests.support.coverage import NOW

LINKS = Links("https://news.example")
HOOK = new_channel("ada", "webhook", "https://hooks.example/in", "", now=NOW)
MAIL = new_channel("ada", "email", "ada@news.example", "", now=NOW)


class Van:
    """Takes everything along and notes it."""

    kind: ChannelKind = "webhook"
    most = 1

    def __init__(self, error: str = "") -> None:
        self.error, self.closed = error, False
        self.carried: list[tuple[Parcel, bytes]] = []

    def write(self, parcel: Parcel) -> bytes:
        return payload(parcel, LINKS)

    async def carry(self, parcel: Parcel, body: bytes) -> Tried:
        self.carried.append((parcel, body))
        return Tried(error=self.error)

    async def close(self) -> None:
        self.closed = True


def opening(*vans: Carrier) -> "trial.Open":
    def opened(_: asyncio.Event) -> Sequence[Carrier]:
        return vans

    return opened


def test_it_says_what_it_is_and_what_came_of_it() -> None:
    van, broken = Van(), Van("the receiver answered 500")
    assert send_trial(opening(van), HOOK, LINKS) == ""
    ((parcel, body),) = van.carried
    told = msgspec.json.decode(body)
    assert told["data"]["topic"]["name"] == "Test"
    assert TITLE in body.decode()
    assert parcel.message.id.startswith("msg_test")
    assert van.closed
    assert send_trial(opening(broken), HOOK, LINKS) == "the receiver answered 500"
    assert broken.closed


def test_a_kind_that_nothing_carries_is_told() -> None:
    assert send_trial(opening(Van()), MAIL, LINKS) == NO_CARRIER


def test_a_letter_can_be_made_of_it() -> None:
    said = letter(trial_parcel(MAIL, LINKS, NOW), LINKS)
    assert MAIL.token in said.unsubscribe


def test_few_are_on_their_way_at_once() -> None:
    arrived, go = threading.Semaphore(0), threading.Event()

    class Slow(Van):
        async def carry(self, parcel: Parcel, body: bytes) -> Tried:
            arrived.release()
            await asyncio.to_thread(go.wait, 5)
            return Tried()

    said: list[str] = []
    threads = [
        threading.Thread(target=lambda: said.append(send_trial(opening(Slow()), HOOK, LINKS)))
        for _ in range(AT_ONCE)
    ]
    for each in threads:
        each.start()
        assert arrived.acquire(timeout=5)
    assert send_trial(opening(Van()), HOOK, LINKS) == BUSY
    go.set()
    for each in threads:
        each.join()
    assert said == [""] * AT_ONCE
    assert send_trial(opening(Van()), HOOK, LINKS) == ""
