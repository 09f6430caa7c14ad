"""The sender: what it takes, how it stops, and what it does when others fail."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import REGISTRY

from services.alerts import sending
from services.alerts.carrier import Carrier
from services.alerts.schedule import Tried
from services.alerts.sending import OUR_FAULT, Sender
from services.errors import TryLater
from services.store.alerting import Again, ChannelKind, Parcel, SendEnd
from tests.support.alert_store import AlertStore
from tests.support.alerting import channel
from tests.support.post_office import PostOffice


class Hand:
    """A carrier that does what its test says."""

    def __init__(
        self,
        kind: ChannelKind = "webhook",
        most: int = 10,
        carry: Callable[[Parcel], Awaitable[Tried]] | None = None,
    ) -> None:
        self.kind, self.most = kind, most
        self._carry = carry
        self.carried: list[str] = []
        self.closed = False

    def write(self, parcel: Parcel) -> bytes:
        return parcel.message.id.encode()

    async def carry(self, parcel: Parcel, body: bytes) -> Tried:
        assert body == parcel.message.id.encode()
        self.carried.append(parcel.message.id)
        return await self._carry(parcel) if self._carry else Tried()

    async def close(self) -> None:
        self.closed = True


def office(count: int = 1, store: AlertStore | None = None) -> PostOffice:
    """So many channels with a message each."""
    made = PostOffice(*(channel(f"c{n}") for n in range(count)), store=store)
    for n in range(count):
        made.post(f"msg_{n}", f"c{n}")
    return made


def states(post: PostOffice) -> list[str]:
    return [each.state for each in sorted(post.store.messages(), key=lambda each: each.id)]


def run(
    post: PostOffice,
    *hands: Carrier,
    stop_after: float | None = None,
    beat: Callable[[], None] = lambda: None,
) -> float:
    """Send until nothing is due, or until a signal after some seconds; the seconds that it took."""

    async def go() -> None:
        stop = asyncio.Event()
        sender = Sender(post.store, hands, now=lambda: post.now, soon=timedelta(), beat=beat)
        if stop_after is not None:
            asyncio.get_running_loop().call_later(stop_after, stop.set)
        await sender.run(stop, drained=(lambda: True) if stop_after is None else None)

    began = time.monotonic()
    asyncio.run(go())
    return time.monotonic() - began


def test_each_kind_has_its_carrier_and_what_has_none_waits() -> None:
    post = PostOffice(channel("c1"), channel("c2", "email"))
    post.post("msg_1", "c1")
    post.post("msg_2", "c2")
    hand = Hand()
    run(post, hand)
    assert hand.carried == ["msg_1"]
    assert states(post) == ["sent", "open"]
    assert [each.attempts for each in post.store.messages(channel="c2")] == [0]
    run(post, Hand(), Hand("email"))
    assert states(post) == ["sent", "sent"]


def test_no_more_are_out_at_once_than_a_carrier_takes() -> None:
    out, most, room, full = 0, 0, 3, asyncio.Event()

    async def slowly(_: Parcel) -> Tried:
        nonlocal out, most
        out += 1
        most = max(most, out)
        if most < room:  # the store gives them one by one, however busy the machine is
            await full.wait()
        full.set()
        await asyncio.sleep(0.01)
        out -= 1
        return Tried()

    post = office(12)
    run(post, Hand(most=room, carry=slowly))
    assert most == room
    assert states(post) == ["sent"] * 12


def test_a_signal_lets_what_is_out_end_and_takes_nothing_more() -> None:
    async def slowly(_: Parcel) -> Tried:
        await asyncio.sleep(0.5)
        return Tried()

    post = office(3)
    hand = Hand(most=1, carry=slowly)
    assert run(post, hand, stop_after=0.2) < 2
    assert states(post) == ["sent", "open", "open"]
    assert hand.closed


def test_what_does_not_end_in_time_is_left_to_be_taken_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "SETTLE_SECONDS", 0.2)

    async def never(_: Parcel) -> Tried:
        await asyncio.sleep(60)
        return Tried()

    post = office()
    assert run(post, Hand(carry=never), stop_after=0.1) < 2
    assert states(post) == ["open"]
    post.now += sending.LEASE
    hand = Hand()
    run(post, hand)
    assert hand.carried == ["msg_0"]


def test_a_fault_of_ours_in_one_message_keeps_no_other(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(parcel: Parcel) -> Tried:
        if parcel.message.id == "msg_0":
            raise RuntimeError("a bug")
        return Tried()

    post = office(3)
    run(post, Hand(carry=broken))
    assert states(post) == ["open", "sent", "sent"]
    assert post.store.messages(channel="c0")[0].error == OUR_FAULT
    assert "RuntimeError: a bug" in caplog.text


class Away(AlertStore):
    """A store that is away for the first calls of one of its methods."""

    def __init__(self, name: str, times: int) -> None:
        super().__init__()
        self._name, self._left = name, times

    def _maybe(self, name: str) -> None:
        if name == self._name and self._left:
            self._left -= 1
            raise TryLater("the store is away")

    def take(self, *args: object, **options: object) -> list[Parcel]:
        self._maybe("take")
        return super().take(*args, **options)  # type: ignore[arg-type]

    def freeze(self, message_id: str, body: bytes) -> bytes:
        self._maybe("freeze")
        return super().freeze(message_id, body)

    def end(self, message_id: str, end: SendEnd, now: datetime) -> None:
        self._maybe("end")
        super().end(message_id, end, now)

    def next_due(self, *args: object, **options: object) -> datetime | None:
        self._maybe("next_due")
        return super().next_due(*args, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["take", "end", "next_due"])
def test_a_store_that_is_away_is_asked_again(name: str) -> None:
    post = office(store=Away(name, 2))
    hand = Hand()
    run(post, hand)
    assert states(post) == ["sent"]
    assert hand.carried == ["msg_0"]


class Slow(AlertStore):
    """A store that takes the end of no message until it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.let, self.asked, self.late = threading.Event(), 0, False

    def end(self, message_id: str, end: SendEnd, now: datetime) -> None:
        self.asked += 1
        self.late |= not self.let.wait(20)
        super().end(message_id, end, now)


def test_a_store_that_takes_no_ends_does_not_hold_up_the_loop() -> None:
    """It would be taken for one that stands still, and what was sent be sent once more."""
    post = office(6, store=(store := Slow()))
    beats = 0

    def beat() -> None:
        nonlocal beats
        beats += store.asked >= 4  # as many as may ask for messages at once
        if beats > 3:
            store.let.set()

    run(post, Hand(), beat=beat)
    assert not store.late
    assert states(post) == ["sent"] * 6


def test_nothing_is_sent_that_could_not_be_noted_before() -> None:
    post = office(store=Away("freeze", 1))
    hand = Hand()
    run(post, hand)
    assert not hand.carried
    post.now += sending.LEASE
    run(post, hand)
    assert hand.carried == ["msg_0"]


def test_a_message_that_comes_while_it_runs_is_sent_soon() -> None:
    post = PostOffice(channel("c0"))
    sent_at = 0.0

    async def noted(_: Parcel) -> Tried:
        nonlocal sent_at
        sent_at = time.monotonic()
        return Tried()

    async def go() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(
            Sender(post.store, [Hand(carry=noted)], now=lambda: post.now).run(stop)
        )
        await asyncio.sleep(0.5)
        post.post("msg_0", "c0")
        posted = time.monotonic()
        while not sent_at:
            await asyncio.sleep(0.01)
        stop.set()
        await running
        assert sent_at - posted < 0.5

    asyncio.run(go())


def test_a_drain_waits_for_what_is_due_in_a_moment() -> None:
    post = PostOffice(channel("c0"))
    post.now = datetime.now(UTC)
    due = post.now + sending.SOON / 6
    post.post("msg_0", "c0")
    post.store.end("msg_0", Again(due, "not yet"), post.now)

    async def go() -> None:
        await Sender(post.store, [Hand()]).run(asyncio.Event(), drained=lambda: True)

    asyncio.run(go())
    assert states(post) == ["sent"]
    assert datetime.now(UTC) >= due


def test_tries_are_counted_by_kind_and_outcome() -> None:
    def counted(outcome: str) -> float:
        labels = {"channel": "webhook", "outcome": outcome}
        return REGISTRY.get_sample_value("beatwire_alert_deliveries_total", labels) or 0.0

    async def answer(parcel: Parcel) -> Tried:
        return {
            "msg_0": Tried(),
            "msg_1": Tried(error="away"),
            "msg_2": Tried(error="gone", for_good=True, disable="gone"),
            "msg_3": Tried(error="no", for_good=True),
        }[parcel.message.id]

    before = {name: counted(name) for name in ("sent", "again", "disabled", "failed")}
    run(office(4), Hand(carry=answer))
    assert {name: counted(name) - count for name, count in before.items()} == dict.fromkeys(
        before, 1.0
    )
    count = "beatwire_alert_delivery_latency_seconds_count"
    assert (REGISTRY.get_sample_value(count, {"channel": "webhook"}) or 0.0) >= 1
