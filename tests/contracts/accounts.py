"""What every ``Store`` promises about people: see ``services.store.people``."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.store import Store
from services.store.people import ApiKey, LastOperatorError, SavedSearch, Session, User
from tests.support.alerting import channel

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
DAY = timedelta(days=1)

OpenStore = Callable[[], Store]


def user(name: str = "ada", **changes: Any) -> User:
    fields: dict[str, Any] = {"password": f"hash of {name}", "role": "reader", "created_at": NOON}
    return User(name=name, **fields | changes)


def session(digest: str = "aa", name: str = "ada", **changes: Any) -> Session:
    fields: dict[str, Any] = {"created_at": NOON, "expires_at": NOON + DAY}
    return Session(digest=digest, user=name, **fields | changes)


def key(prefix: str = "0123", owner: str = "ada", **changes: Any) -> ApiKey:
    fields: dict[str, Any] = {"digest": "d", "scopes": ("search",), "created_at": NOON}
    return ApiKey(prefix=prefix, owner=owner, **fields | changes)


def saved(saved_id: str = "s1", owner: str = "ada", **changes: Any) -> SavedSearch:
    fields: dict[str, Any] = {"name": "chips", "address": "/?q=chips", "created_at": NOON}
    return SavedSearch(id=saved_id, owner=owner, **fields | changes)


class PeopleContract:
    """Bind it with a fixture ``open_store`` that opens the same empty store once more."""

    @pytest.fixture
    def store(self, open_store: OpenStore) -> Store:
        return open_store()

    # Users

    def test_a_user_comes_back_as_it_was(self, store: Store) -> None:
        ada, bob = user("ada", role="operator"), user("bob", disabled=True)
        assert store.add_user(bob)
        assert store.add_user(ada)
        assert store.user("ada") == ada
        assert store.users() == [ada, bob]
        assert store.user("nobody") is None

    def test_a_name_is_given_once(self, store: Store) -> None:
        assert store.add_user(user())
        assert not store.add_user(user(role="operator"))
        assert store.users() == [user()]

    def test_of_many_at_once_one_gets_the_name(self, open_store: OpenStore) -> None:
        def work(number: int) -> bool:
            with open_store() as store:
                return store.add_user(user(password=str(number)))

        with ThreadPoolExecutor(6) as pool:
            assert sorted(pool.map(work, range(6))) == [False] * 5 + [True]

    def test_what_changes_of_a_user_is_one_thing(self, store: Store) -> None:
        store.add_user(user())
        store.add_user(user("bob"))
        assert store.set_password("ada", "another")
        assert store.set_role("ada", "analyst")
        assert store.set_disabled("ada", disabled=True)
        assert store.users() == [
            user(password="another", role="analyst", disabled=True),
            user("bob"),
        ]

    def test_nobody_cannot_be_changed(self, store: Store) -> None:
        assert not store.set_password("ada", "x")
        assert not store.set_role("ada", "operator")
        assert not store.set_disabled("ada", disabled=True)
        assert not store.remove_user("ada")

    @pytest.mark.parametrize(
        "change",
        [
            lambda store: store.set_role("ada", "reader"),
            lambda store: store.set_disabled("ada", disabled=True),
            lambda store: store.remove_user("ada"),
        ],
        ids=["demoted", "disabled", "removed"],
    )
    def test_the_last_operator_stays(self, store: Store, change: Callable[[Store], bool]) -> None:
        store.add_user(user(role="operator"))
        store.add_user(user("bob", role="operator", disabled=True))
        store.add_session(session())
        with pytest.raises(LastOperatorError, match="ada is the last operator"):
            change(store)
        assert store.user("ada") == user(role="operator")
        assert store.session("aa")
        store.set_disabled("bob", disabled=False)
        assert change(store)

    def test_two_operators_who_remove_each_other_are_not_both_gone(
        self, open_store: OpenStore
    ) -> None:
        def work(name: str) -> bool:
            with open_store() as store:
                try:
                    return store.remove_user(name)
                except LastOperatorError:
                    return False

        for _ in range(10):
            with open_store() as store:
                for name in ("ada", "bob"):
                    store.add_user(user(name, role="operator"))
                with ThreadPoolExecutor(2) as pool:
                    assert sorted(pool.map(work, ("ada", "bob"))) == [False, True]
                assert len(store.users()) == 1

    def test_what_was_a_user_s_is_not_a_namesake_s(self, store: Store) -> None:
        for name in ("ada", "bob"):
            store.add_user(user(name))
            store.add_session(session(f"of {name}", name))
            store.add_key(key(f"of {name}", name))
            store.save_search(saved(f"of {name}", name))
        store.remove_user("ada")
        store.add_user(user())
        assert store.session("of ada") is None
        assert store.api_keys() == [key("of bob", "bob")]
        assert store.saved_searches("ada") == []
        assert store.session("of bob") == (session("of bob", "bob"), user("bob"))
        assert store.saved_searches("bob") == [saved("of bob", "bob")]

    # Sessions

    def test_a_session_comes_with_its_user_as_of_now(self, store: Store) -> None:
        store.add_user(user())
        store.add_session(session())
        assert store.session("aa") == (session(), user())
        store.set_role("ada", "analyst")
        assert store.session("aa") == (session(), user(role="analyst"))
        assert store.session("bb") is None

    def test_a_session_s_end_is_moved(self, store: Store) -> None:
        store.add_user(user())
        store.add_session(session())
        store.move_session("aa", NOON + 3 * DAY)
        store.move_session("bb", NOON + 3 * DAY)
        assert store.session("aa") == (session(expires_at=NOON + 3 * DAY), user())
        assert store.session("bb") is None

    def test_a_session_ends_once(self, store: Store) -> None:
        store.add_user(user())
        store.add_session(session())
        assert store.end_session("aa")
        assert not store.end_session("aa")
        assert store.session("aa") is None

    def test_a_new_password_ends_all_other_sessions(self, store: Store) -> None:
        for name in ("ada", "bob"):
            store.add_user(user(name))
        for digest in ("a1", "a2", "a3"):
            store.add_session(session(digest))
        store.add_session(session("b1", "bob"))
        store.set_password("ada", "another", keep="a2")
        assert [store.session(each) is None for each in ("a1", "a2", "a3", "b1")] == [
            True,
            False,
            True,
            False,
        ]
        store.set_password("ada", "a third")
        assert store.session("a2") is None

    def test_who_is_disabled_has_no_session(self, store: Store) -> None:
        store.add_user(user())
        store.add_session(session())
        store.set_disabled("ada", disabled=True)
        store.set_disabled("ada", disabled=False)
        assert store.session("aa") is None

    def test_nothing_is_sent_for_who_is_disabled(self, store: Store) -> None:
        store.add_user(user())
        gone = "its receiver asked for no more messages"
        for name, owner, why in (("c1", "ada", ""), ("c2", "ada", gone), ("c3", "ben", "")):
            store.add_channel(channel(name, owner=owner, disabled=why))
        store.set_disabled("ada", disabled=True)
        (off,) = {each.disabled for each in store.channels("ada")} - {gone}
        assert off
        assert [each.disabled for each in store.channels("ben")] == [""]
        store.set_disabled("ada", disabled=False)
        assert {each.disabled for each in store.channels("ada")} == {"", gone}

    def test_sessions_that_have_ended_are_forgotten_at_the_next_login(self, store: Store) -> None:
        store.add_user(user())
        store.add_session(session("old"))
        store.add_session(session("young", expires_at=NOON + 2 * DAY))
        assert store.session("old")
        store.add_session(session("new", created_at=NOON + DAY, expires_at=NOON + 9 * DAY))
        assert store.session("old") is None
        assert store.session("young")

    # Keys

    def test_a_key_comes_back_as_it_was(self, store: Store) -> None:
        plain = key("b", created_at=NOON)
        full = key(
            "a",
            "bob",
            label="Bé 新聞",
            scopes=("search", "export"),
            created_at=NOON + DAY,
            used_at=NOON + 2 * DAY,
            revoked_at=NOON + 3 * DAY,
        )
        assert store.add_key(full)
        assert store.add_key(plain)
        assert store.api_keys() == [plain, full]
        assert store.api_keys("bob") == [full]
        assert store.api_key("a") == full
        assert store.api_key("c") is None

    def test_a_prefix_is_given_once(self, store: Store) -> None:
        assert store.add_key(key())
        assert not store.add_key(key(owner="bob"))
        assert store.api_keys() == [key()]

    def test_the_last_use_never_moves_back(self, store: Store) -> None:
        store.add_key(key())
        for at in (NOON, NOON + DAY, NOON):
            store.note_key_use("0123", at)
        assert store.api_key("0123") == key(used_at=NOON + DAY)

    def test_a_key_is_revoked_once_and_by_its_owner(self, store: Store) -> None:
        store.add_key(key())
        assert not store.revoke_key("0123", NOON, "bob")
        assert store.api_key("0123") == key()
        assert store.revoke_key("0123", NOON, "ada")
        assert not store.revoke_key("0123", NOON + DAY, "ada")
        assert not store.revoke_key("0123", NOON + DAY)
        assert store.api_key("0123") == key(revoked_at=NOON)
        store.add_key(key("4567"))
        assert store.revoke_key("4567", NOON)

    # Saved searches

    def test_saved_searches_are_their_owner_s_alone(self, store: Store) -> None:
        mine = [saved("1", name="b"), saved("2", name="a", address="/claims?q=%C3%A9")]
        for each in (*mine, saved("3", "bob")):
            assert store.save_search(each)
        assert store.saved_searches("ada") == mine[::-1]
        assert store.saved_search("ada", "1") == mine[0]
        assert store.saved_search("ada", "3") is None
        assert store.saved_search("bob", "3") == saved("3", "bob")
        assert not store.remove_saved_search("ada", "3")
        assert store.remove_saved_search("bob", "3")
        assert not store.remove_saved_search("bob", "3")

    def test_a_name_is_used_once_by_each(self, store: Store) -> None:
        assert store.save_search(saved("1"))
        assert not store.save_search(saved("2", address="/?q=other"))
        assert not store.save_search(saved("1", "bob"))
        assert store.save_search(saved("3", "bob"))
        assert store.saved_searches("ada") == [saved("1")]

    def test_names_may_be_any_text(self, store: Store) -> None:
        odd = "a\0b \ud800 😀"
        store.save_search(saved(name=odd))
        [found] = store.saved_searches("ada")
        assert found.name == "a\ufffdb \ufffd 😀"
