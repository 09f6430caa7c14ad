"""What every ``Store`` promises of dead letters: see ``services.store.letters``."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.store import Store
from services.store.letters import Letter, LetterState, Wanted

OpenStore = Callable[[], Store]
NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
ODD = "NUL \0, lone \ud800, 'quotes' and \u202e"


def letter(at: int, **changes: Any) -> Letter:
    given: dict[str, Any] = {
        "id": f"read-pages-3-{at}",
        "at": at,
        "stage": "read",
        "topic": "pages",
        "partition": 3,
        "offset": at,
        "key": "ledger.example",
        "event_id": f"e{at}",
        "error_class": "Reject",
        "reason": "not a record",
        "attempts": 1,
        "failed_at": NOON + timedelta(minutes=at),
        "code_version": "0.1.0",
    }
    return Letter(**(given | changes))


class LettersContract:
    """Bind it with a fixture ``open_store`` that opens the same empty store once more."""

    @pytest.fixture
    def store(self, open_store: OpenStore) -> Any:
        with open_store() as found:
            yield found

    def test_letters_come_back_as_they_were_the_newest_first(self, store: Store) -> None:
        made = [letter(at) for at in range(3)]
        store.note_letters(made, 7)
        assert store.letters(Wanted(), limit=10) == made[::-1]
        assert store.letters(Wanted(), limit=1, before=2) == [made[1]]
        assert store.letters_read() == 7

    def test_a_letter_that_is_noted_again_changes_nothing(self, store: Store) -> None:
        store.note_letters([letter(0)], 1)
        store.mark_letters(["read-pages-3-0"], "dropped", now=NOON, by="ada", note="old")
        store.note_letters([letter(0), letter(1)], 2)
        store.note_letters([letter(0)], 1)  # as of a log that was made anew
        assert [each.state for each in store.letters(Wanted(), limit=9)] == ["open", "dropped"]
        assert store.letters_read() == 1

    def test_text_that_no_database_takes_is_kept_as_far_as_it_can_be(self, store: Store) -> None:
        store.note_letters([letter(0, reason=ODD, key=ODD)], 1)
        (found,) = store.letters(Wanted(), limit=1)
        assert found.reason == ODD.replace("\0", "\ufffd").replace("\ud800", "\ufffd")

    @pytest.mark.parametrize(
        ("wanted", "ats"),
        [
            (Wanted(ids=("read-pages-3-1", "nope")), [1]),
            (Wanted(states=("dropped",)), [2]),
            (Wanted(states=("open", "dropped"), stage="read"), [2, 0]),
            (Wanted(stage="index"), [1]),
            (Wanted(error_class="WorkerDied"), [2]),
            (Wanted(event_id="e0"), [0]),
            (Wanted(since=NOON + timedelta(minutes=1)), [2, 1]),
            (Wanted(stage="index", error_class="WorkerDied"), []),
        ],
    )
    def test_letters_are_found_by_all_that_is_given(
        self, store: Store, wanted: Wanted, ats: list[int]
    ) -> None:
        store.note_letters(
            [letter(0), letter(1, stage="index"), letter(2, error_class="WorkerDied")], 3
        )
        store.mark_letters(["read-pages-3-2"], "dropped", now=NOON, by="ada")
        assert [each.at for each in store.letters(wanted, limit=9)] == ats

    def test_marks_say_who_when_and_why_and_only_of_those_in_the_state(self, store: Store) -> None:
        store.note_letters([letter(0), letter(1)], 2)
        ids = ["read-pages-3-0", "read-pages-3-1", "unknown"]
        (first,) = store.mark_letters(ids[:1], "dropped", now=NOON, by="ada", note="a test")
        assert (first.changed_at, first.changed_by, first.note) == (NOON, "ada", "a test")
        (second,) = store.mark_letters(ids, "retrying", now=NOON, by="bob", ends={3: 17})
        assert (second.at, second.ends) == (1, {3: 17})
        assert store.mark_letters(ids, "retrying", now=NOON, by="bob") == []
        assert store.count_letters() == {
            ("read", "Reject", "dropped"): 1,
            ("read", "Reject", "retrying"): 1,
        }

    def test_a_stale_mark_can_be_taken_over_and_keeps_the_ends(self, store: Store) -> None:
        store.note_letters([letter(0)], 1)
        store.mark_letters(["read-pages-3-0"], "retrying", now=NOON, by="ada", ends={3: 5})
        states: tuple[LetterState, ...] = ("retrying",)

        def take(stale: datetime) -> list[Letter]:
            now = NOON + timedelta(hours=1)
            ids = ["read-pages-3-0"]
            return store.mark_letters(
                ids, "retrying", now=now, by="bob", instead=states, stale=stale
            )

        assert take(NOON) == []
        (mine,) = take(NOON + timedelta(seconds=1))
        assert (mine.changed_by, mine.ends) == ("bob", {3: 5})
        assert take(NOON + timedelta(seconds=1)) == []

    def test_of_many_that_ask_at_once_one_gets_each_letter(self, open_store: OpenStore) -> None:
        with open_store() as store:
            store.note_letters([letter(at) for at in range(20)], 20)
            ids = [f"read-pages-3-{at}" for at in range(20)]

            def take(by: int) -> int:
                with open_store() as own:
                    return len(own.mark_letters(ids, "retrying", now=NOON, by=str(by)))

            with ThreadPoolExecutor(4) as pool:
                assert sum(pool.map(take, range(4))) == 20

    def test_what_fails_again_names_the_letter_before_it(self, store: Store) -> None:
        store.note_letters([letter(0, event_id="e")], 1)
        store.mark_letters(["read-pages-3-0"], "retried", now=NOON, by="ada")
        store.note_letters([letter(1, event_id="e"), letter(2, event_id="e", stage="index")], 3)
        found = {each.at: each.after for each in store.letters(Wanted(), limit=9)}
        assert found == {0: "", 1: "read-pages-3-0", 2: ""}
