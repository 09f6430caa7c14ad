"""What every ``Store`` promises of runs that put events once more: ``services.store.replays``."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from services.store import Store
from services.store.replays import Replay

OpenStore = Callable[[], Store]
NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def replay(name: str = "r", **changes: Any) -> Replay:
    given: dict[str, Any] = {"asked": "--stage read", "work": "read", "since": NOON}
    given |= {"began_at": NOON, "changed_at": NOON} | changes
    return Replay(id=name, **given)


class ReplaysContract:
    """Bind it with a fixture ``open_store`` that opens the same empty store once more."""

    def test_a_run_comes_back_as_it_was(self, open_store: OpenStore) -> None:
        whole = replay(
            until=NOON + timedelta(days=1),
            source="led'ger",
            limit=7,
            notify=True,
            next={0: 5, 11: 2**40},
            ends={0: 9},
            before={3: 4},
            published=3,
        )
        with open_store() as store:
            assert store.replay_run("r") is None
            assert store.put_replay(whole)
        with open_store() as store:
            assert store.replay_run("r") == whole
            assert store.running_replays() == [whole]

    def test_those_that_run_come_in_the_order_of_their_beginnings(
        self, open_store: OpenStore
    ) -> None:
        late, early = replay("a", began_at=NOON + timedelta(hours=1)), replay("b")
        done = replay("c", state="done")
        with open_store() as store:
            for each in (late, early, done):
                assert store.put_replay(each)
            assert store.running_replays() == [early, late]

    def test_of_two_that_go_on_at_once_one_does(self, open_store: OpenStore) -> None:
        further = [msgspec.structs.replace(replay(), turn=2, published=n) for n in range(8)]
        with open_store() as store:
            assert not store.put_replay(further[0])
            assert store.put_replay(replay())
            assert not store.put_replay(replay())
            with ThreadPoolExecutor(8) as threads:
                taken = list(threads.map(store.put_replay, further))
            assert sum(taken) == 1
            assert store.replay_run("r") == further[taken.index(True)]
