"""What every ``Store`` promises of messages: see ``services.store.alerting``."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from services.store import Store
from services.store.alerting import Again, Failed, Parcel, Sent
from tests.contracts.alerting import (
    NOON,
    after,
    alone,
    arrived,
    channel,
    ready,
    topic,
    waiting,
)

OpenStore = Callable[[], Store]


class MessagesContract:
    """Bind it with a fixture ``open_store`` that opens the same empty store once more."""

    @pytest.fixture
    def store(self, open_store: OpenStore) -> Store:
        return open_store()

    def test_a_message_is_taken_by_one_and_gathers_no_more(self, store: Store) -> None:
        one = ready(store)
        arrived(store, [one], alone(1), alone(2))
        assert store.take(NOON, after(30)) == []
        assert store.next_due() == after(0.5)
        [parcel] = store.take(after(1), after(30))
        assert isinstance(parcel, Parcel)
        assert parcel.topic == one
        assert parcel.channel == channel()
        assert [noted.alert.article_id for noted in parcel.alerts] == [alone(1).id, alone(2).id]
        assert store.take(after(1), after(30)) == []
        arrived(store, [one], alone(3), at=after(2))
        assert store.take(after(3), after(30)) == [], "one at a time"
        [again] = store.take(after(31), after(60))
        assert again.message.id == parcel.message.id
        assert again.message.alerts == 2
        assert again.message.attempts == 1

    def test_what_is_sent_stays_as_it_was(self, store: Store) -> None:
        arrived(store, [ready(store)], alone(1))
        [parcel] = store.take(after(1), after(30))
        assert store.freeze(parcel.message.id, b"one") == b"one"
        assert store.freeze(parcel.message.id, b"two") == b"one"
        [again] = store.take(after(31), after(60))
        assert again.message.body == b"one"
        store.end(parcel.message.id, Sent(), after(32))
        [sent] = store.messages(topic="t1")
        assert (sent.state, sent.sent_at, sent.body) == ("sent", after(32), b"one")
        assert store.take(after(100), after(200)) == []

    def test_a_channel_that_fails_waits_and_holds_up_no_other(self, store: Store) -> None:
        ready(store)
        store.add_channel(channel("c2"))
        one = topic(channels=("c1", "c2"))
        store.change_topic(one)
        arrived(store, [one], alone(1))
        taken = store.take(after(1), after(30), 10)
        assert {each.channel.id for each in taken} == {"c1", "c2"}
        failing, well = sorted(taken, key=lambda each: each.channel.id)
        store.end(failing.message.id, Again(after(600), "it is down"), after(2))
        store.end(well.message.id, Sent(), after(2))
        arrived(store, [one], alone(2), at=after(3))
        [other] = store.take(after(10), after(40), 10)
        assert other.channel.id == "c2"
        assert store.next_due() == after(40)
        store.end(other.message.id, Sent(), after(11))
        changed = store.channel("c1")
        assert changed
        assert (changed.failures, changed.failing_since) == (1, after(2))
        [again] = store.take(after(600), after(630), 10, ["webhook"])
        assert again.message.id == failing.message.id
        store.end(again.message.id, Sent(), after(601))
        changed = store.channel("c1")
        assert changed
        assert (changed.failures, changed.failing_since, changed.retry_at) == (0, None, None)

    def test_a_message_that_is_refused_waits_alone(self, store: Store) -> None:
        one = ready(store)
        arrived(store, [one], alone(1))
        [refused] = store.take(after(1), after(30))
        store.end(refused.message.id, Again(after(600), "it answered 400", alone=True), after(2))
        [waits] = waiting(store)
        assert (waits.retry_at, waits.error) == (after(600), "it answered 400")
        assert store.next_due() == after(600)
        for number in (2, 3):
            arrived(store, [one], alone(number), at=after(number))
            assert store.next_due() == after(number + 0.5)
            [later] = store.take(after(number + 0.5), after(40))
            assert later.message.id != refused.message.id
            store.end(later.message.id, Sent(), after(number + 0.6))
        assert store.take(after(599), after(700)) == []
        arrived(store, [one], alone(4), at=after(599))
        [again] = store.take(after(600), after(700))
        assert again.message.id == refused.message.id, "the oldest that may go"
        assert again.message.attempts == 1

    def test_a_refusal_shows_that_the_receiver_is_there(self, store: Store) -> None:
        arrived(store, [ready(store)], alone(1))
        for end, failures, retry_at in (
            (Again(after(10), "it is down"), 1, after(10)),
            (Again(after(20), "it is down"), 2, after(20)),
            (Again(after(30), "it answered 400", alone=True), 0, None),
            (Again(after(40), "it is down"), 1, after(40)),
        ):
            now = store.next_due()
            assert now
            [parcel] = store.take(now, now + timedelta(minutes=2))
            store.end(parcel.message.id, end, now)
            found = store.channel("c1")
            assert found
            assert (found.failures, found.retry_at) == (failures, retry_at)
            assert found.failing_since == after(0.5), "nothing was delivered since"
            assert store.next_due() == end.at

    def test_a_channel_that_waits_makes_no_other_seem_to(self, store: Store) -> None:
        one = ready(store)
        arrived(store, [one], alone(1))
        [parcel] = store.take(after(1), after(30))
        store.end(parcel.message.id, Again(after(600), "it is down"), after(2))
        store.add_channel(channel("c2"))
        other = topic("t2", channels=("c2",))
        store.add_topic(other)
        arrived(store, [one, other], alone(10), at=after(5))
        assert store.next_due() == after(5.5)
        assert store.next_due(["email"]) is None

    def test_what_failed_for_good_can_be_sent_again(self, store: Store) -> None:
        arrived(store, [ready(store)], alone(1))
        [parcel] = store.take(after(1), after(30))
        store.freeze(parcel.message.id, b"one")
        store.end(parcel.message.id, Failed("gone", disable="410"), after(2))
        [message] = store.messages()
        assert (message.state, message.error) == ("failed", "gone")
        found = store.channel("c1")
        assert found
        assert found.disabled == "410"
        assert store.replay([message.id, "other"], after(3)) == 1
        assert store.take(after(4), after(30)) == [], "the channel is disabled"
        store.change_channel(channel())
        [again] = store.take(after(4), after(30))
        assert (again.message.id, again.message.body) == (parcel.message.id, b"one")

    def test_the_cap_holds_back_and_counts(self, store: Store) -> None:
        one = ready(store, cap=2)
        for number in range(4):
            at = after(10 * number)
            arrived(store, [one], alone(number), at=at)
            for parcel in store.take(at + timedelta(seconds=1), at + timedelta(seconds=9)):
                store.end(parcel.message.id, Sent(), at + timedelta(seconds=2))
        [held] = waiting(store)
        assert (held.alerts, held.held) == (2, 2)
        assert held.due_at == after(3600.5)

    def test_what_a_mute_topic_finds_is_noted_and_not_sent(self, store: Store) -> None:
        one = ready(store)
        store.change_topic(msgspec.structs.replace(one, muted_until=after(3600)))
        arrived(store, [one], alone(2), at=after(2))
        assert waiting(store) == []
        assert [noted.muted for noted in store.alerts()] == [True]
        assert store.muted_since("t1", NOON) == 1
        arrived(store, [one], alone(3), at=after(3601))
        assert len(waiting(store)) == 1

    def test_what_was_found_before_a_topic_was_mute_is_sent_after_it(self, store: Store) -> None:
        one = ready(store)
        arrived(store, [one], alone(1))
        store.change_topic(msgspec.structs.replace(one, muted_until=after(3600)))
        for second in (1, 1800, 3599):
            assert store.take(after(second), after(second + 30)) == []
        assert store.muted_since("t1", NOON) == 0
        (parcel,) = store.take(after(3660), after(3690))
        assert [noted.alert.article_id for noted in parcel.alerts] == [alone(1).id]
        assert parcel.message.attempts == 0

    def test_a_topic_that_is_removed_sends_nothing_more(self, store: Store) -> None:
        one = ready(store)
        arrived(store, [one], alone(1))
        assert store.remove_topic("t1")
        assert not store.remove_topic("t1")
        assert store.take(after(1), after(30)) == []
        assert store.alerts() == []
        assert arrived(store, [one], alone(1)) == [()]
