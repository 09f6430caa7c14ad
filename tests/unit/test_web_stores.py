"""A store that is opened late: once, at its first use, and tried again after a failure."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest

from services.errors import TryLater
from services.store import Store
from services.web.stores import LateStore, no_store
from tests.support.visitor import newsroom


class Opened:
    closed = 0

    def close(self) -> None:
        self.closed += 1


def test_it_is_opened_once_and_closed() -> None:
    made: list[Opened] = []

    def open_store() -> Store:
        made.append(Opened())
        return cast("Store", made[-1])

    with LateStore(open_store) as store:
        assert not made
        with ThreadPoolExecutor(8) as pool:
            found = set(pool.map(lambda _: store(), range(50)))
        assert found == {cast("Store", made[0])}
    assert len(made) == made[0].closed == 1


def test_a_store_that_was_away_is_tried_again() -> None:
    answers: list[Exception | Opened] = [TryLater("away"), Opened()]

    def open_store() -> Store:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return cast("Store", answer)

    with LateStore(open_store) as store:
        with pytest.raises(TryLater, match="away"):
            store()
        assert isinstance(store(), Opened)


def test_one_that_was_never_opened_has_nothing_to_close() -> None:
    with LateStore(no_store) as store, pytest.raises(TryLater, match="without a store"):
        store()


def test_pages_about_people_say_that_the_store_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise TryLater("postgresql://ada:secret@db.example is away")

    with newsroom(tmp_path) as room:
        room.add_user("ada", "operator")
        ada = room.logged_in("ada")
        for name in ("api_keys", "saved_searches", "user"):
            monkeypatch.setattr(room.store, name, away)
        answers = (ada.get("/account"), ada.get("/saved"), room.visitor().log_in("ada"))
        for answer in answers:
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
            assert "Accounts cannot be looked up now" in answer.text
            assert "secret" not in answer.text
