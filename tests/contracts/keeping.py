"""What every ``Store`` promises of what is not kept for ever: see ``services.store.keeping``."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import get_args

import msgspec
import pytest

from services.store import Store
from services.store.alerting import Sent
from services.store.keeping import Old
from services.store.letters import Wanted
from tests.contracts.alerting import NOON, after, alone, arrived, ready
from tests.contracts.letters import letter
from tests.contracts.store import end

OpenStore = Callable[[], Store]
DAY = timedelta(days=1)
LATER = NOON + 400 * DAY


class KeepingContract:
    """Bind it with a fixture ``open_store`` that opens the same empty store once more."""

    @pytest.fixture
    def store(self, open_store: OpenStore) -> Store:
        return open_store()

    def test_old_outcomes_go_in_parts(self, store: Store) -> None:
        store.finish([end(number) for number in range(7)])
        store.finish([msgspec.structs.replace(end(7), at=NOON + DAY)])
        assert store.count_old("outcomes", NOON + DAY) == 7
        assert [store.drop_old("outcomes", NOON + DAY, 4) for _ in range(3)] == [4, 3, 0]
        assert store.outcomes() == {"read": {"stored": 1}}

    def test_messages_that_are_still_to_be_sent_stay_with_their_alerts(self, store: Store) -> None:
        topic = ready(store)
        arrived(store, [topic], alone(1))
        [parcel] = store.take(after(1), after(30))
        store.freeze(parcel.message.id, b"one")
        store.end(parcel.message.id, Sent(), after(2))
        arrived(store, [topic], alone(2), at=after(3))
        assert store.count_old("messages", LATER) == store.count_old("alerts", LATER) == 1
        assert store.drop_old("messages", LATER, 9) == 1
        assert [each.state for each in store.messages()] == ["open"]
        assert store.drop_old("alerts", LATER, 9) == 1
        assert [noted.alert.article_id for noted in store.alerts()] == [alone(2).id]
        [parcel] = store.take(after(60), after(90))
        assert [noted.alert.article_id for noted in parcel.alerts] == [alone(2).id]

    def test_letters_go_once_somebody_settled_them(self, store: Store) -> None:
        store.note_letters([letter(at) for at in range(4)], 4)
        assert store.first_open_letter() == 0
        for at, state in ((0, "retried"), (1, "dropped"), (3, "dropped")):
            store.mark_letters([letter(at).id], state, now=NOON, by="ada")  # type: ignore[arg-type]
        assert store.first_open_letter() == 2
        assert store.drop_old("letters", NOON, 9) == 0
        assert store.drop_old("letters", LATER, 9) == 3
        assert [each.id for each in store.letters(Wanted(), limit=9)] == [letter(2).id]
        assert store.letters_read() == 4
        store.mark_letters([letter(2).id], "dropped", now=NOON, by="ada")
        assert store.first_open_letter() is None

    @pytest.mark.parametrize("kind", get_args(Old))
    def test_nothing_is_dropped_where_nothing_is(self, store: Store, kind: Old) -> None:
        assert (store.count_old(kind, LATER), store.drop_old(kind, LATER, 9)) == (0, 0)

    def test_a_chore_is_begun_by_one_in_its_time(self, open_store: OpenStore) -> None:
        stores = [open_store() for _ in range(4)]

        def begun(now: datetime) -> int:
            with ThreadPoolExecutor(4) as threads:
                return sum(threads.map(lambda one: begin(one, now), stores))

        days = (0, 0.5, 1, 1.5, 2, 31.9, 62)
        assert [begun(NOON + day * DAY) for day in days] == [0, 0, 1, 0, 1, 1, 0]
        assert not begin(stores[0], NOON + 2 * DAY, "another")

    def test_a_clock_that_was_ahead_holds_up_no_chore(self, store: Store) -> None:
        clocks = [NOON, LATER, NOON, NOON + DAY / 2, NOON + DAY]
        assert [begin(store, now) for now in clocks] == [False, False, False, False, True]


def begin(store: Store, now: datetime, name: str = "c") -> bool:
    return store.begin_chore(name, now, DAY, 30 * DAY)
