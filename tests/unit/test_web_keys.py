"""API keys: shown once, kept as a hash, worth nothing once revoked; and no secret in any log."""

import base64
import logging
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.accounts.tokens import digest, new_key, read_key
from services.errors import TryLater
from services.store.people import Session
from services.web.identify import USE_STEP
from tests.support.visitor import PASSWORD, PUBLIC, Newsroom, newsroom

ROUNDS = int(os.environ.get("TEST_ROUNDS", "1"))
"""With 200 of them the log has 100,000 entries."""
KEY = re.compile(r"bw_[0-9a-f]{12}_[A-Za-z0-9_-]{43}")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path) as made:
        made.add_user("ada", "operator")
        yield made


def made_on_the_page(room: Newsroom, *scopes: str) -> str:
    ada = room.logged_in("ada")
    ada.page("/account")
    answer = ada.send("/account/keys", {"label": "a notebook", "scope": list(scopes)})
    assert answer.status_code == 200
    (key,) = KEY.findall(answer.text)
    assert answer.headers["cache-control"] == "private, no-store"
    assert not KEY.search(ada.get("/account").text)
    return str(key)


def test_a_key_is_shown_once_and_works(room: Newsroom) -> None:
    key = made_on_the_page(room, "metrics", "search")
    assert room.visitor(key=key).get("/metrics").status_code == 200
    page = room.logged_in("ada").get("/account").text
    assert key.split("_")[1] in page
    assert "a notebook" in page
    assert "search, metrics" in page


def test_what_is_kept_opens_nothing(room: Newsroom) -> None:
    key = made_on_the_page(room, "metrics")
    visitor = room.visitor()
    visitor.log_in("ada")
    token = visitor.cookies["__Host-beatwire"]
    room.store.close()
    kept = b"".join(path.read_bytes() for path in room.file.parent.glob("store.sqlite*"))
    for secret in (key.split("_", 2)[2], token, PASSWORD):
        assert secret.encode() not in kept
    assert digest(token).encode() in kept
    assert b"$argon2id$" in kept
    given = read_key(key)
    assert given
    assert given.digest.encode() in kept


def test_a_key_has_32_random_bytes_and_a_prefix_to_find_it_by() -> None:
    keys = [new_key() for _ in range(100)]
    assert len({key.prefix for key in keys}) == len({key.digest for key in keys}) == 100
    for key in keys:
        given = read_key(key.text)
        assert given
        assert (given.prefix, given.digest) == (key.prefix, key.digest)
        assert len(base64.urlsafe_b64decode(key.text.split("_", 2)[2] + "=")) == 32


@pytest.mark.parametrize(
    "change",
    [
        lambda key: key[:-1],
        lambda key: key + "A",
        lambda key: key.replace("bw_", "bx_"),
        lambda key: key[:16] + "A" * 43,
        lambda key: f"bw_{'0' * 12}_{key[16:]}",
        lambda key: key.upper(),
        lambda key: "é" * 20,
        lambda key: "",
    ],
)
def test_a_key_that_is_not_quite_right_is_none(room: Newsroom, change: object) -> None:
    key = room.key("ada", "metrics")
    wrong = change(key)  # type: ignore[operator]
    answer = room.visitor().get("/metrics", headers={"authorization": f"Bearer {wrong}".encode()})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert not wrong or wrong not in answer.text


def test_a_revoked_key_is_worth_nothing_at_once(room: Newsroom) -> None:
    key = made_on_the_page(room, "metrics")
    program = room.visitor(key=key)
    assert program.get("/metrics").status_code == 200
    ada = room.logged_in("ada")
    ada.page("/account")
    assert ada.send(f"/account/keys/{key.split('_')[1]}/revoke").status_code == 303
    assert program.get("/metrics").status_code == 401
    assert key.split("_")[1] not in ada.get("/account").text


def test_a_key_is_never_a_login(room: Newsroom) -> None:
    program = room.visitor(key=room.key("ada", "search", "export", "saved", "metrics"))
    for address in ("/account", "/saved", "/"):
        assert program.get(address).status_code == 403
    assert "set-cookie" not in program.get("/metrics").headers


def test_a_key_that_is_shown_counts_and_no_cookie(room: Newsroom) -> None:
    asks = room.logged_in("ada")
    asks.headers = {"authorization": "Bearer nonsense"}
    assert asks.get("/").status_code == 401


def test_readers_of_feeds_send_the_key_as_a_password_and_only_to_read(room: Newsroom) -> None:
    key = room.key("ada", "metrics")
    basic = "Basic " + base64.b64encode(f"whoever:{key}".encode()).decode()
    asks = room.visitor()
    asks.headers = {"authorization": basic}
    assert asks.get("/metrics").status_code == 200
    # A browser might add it by itself, so it moves nothing.
    assert asks.send("/account/keys", {"scope": "search"}).status_code in {401, 403}
    for broken in ("Basic !!!", "Basic ", "Basic " + base64.b64encode(b"nobody").decode()):
        asks.headers = {"authorization": broken}
        assert asks.get("/metrics").status_code == 401


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"label": "x"}, "needs a scope"),
        ({"label": "x", "scope": "everything"}, "is no scope"),
        ({"label": "x" * 101, "scope": "search"}, "up to 100 characters"),
        ({"label": "x\x07", "scope": "search"}, "can be printed"),
    ],
)
def test_a_key_for_nothing_is_not_made(room: Newsroom, fields: dict[str, str], says: str) -> None:
    ada = room.logged_in("ada")
    ada.page("/account")
    answer = ada.send("/account/keys", fields)
    assert (answer.status_code, says in answer.text) == (400, True)
    assert room.store.api_keys() == []


def test_who_may_not_see_metrics_makes_no_key_for_them(room: Newsroom) -> None:
    room.add_user("bob", "analyst")
    bob = room.logged_in("bob")
    assert "metrics" not in bob.page("/account").text_content()
    assert bob.send("/account/keys", {"scope": "metrics"}).status_code == 400
    assert room.store.api_keys() == []


def test_the_last_use_is_noted_once_a_minute(room: Newsroom) -> None:
    program = room.visitor(key=room.key("ada", "metrics"))
    first = room.now
    for _ in range(3):
        program.get("/metrics")
        room.wait(timedelta(seconds=20))
    assert room.recorder.calls.count("note_key_use") == 1
    (key,) = room.store.api_keys("ada")
    assert key.used_at == first
    room.wait(USE_STEP)
    program.get("/metrics")
    assert room.recorder.calls.count("note_key_use") == 2


def test_no_secret_reaches_a_log_an_address_or_an_error(
    room: Newsroom, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("sqlalchemy.engine", "sqlalchemy.pool"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    secrets, locations = {PASSWORD, "a wrong password"}, []
    try:
        for _ in range(10 * ROUNDS):
            asks = room.visitor()
            asks.log_in("ada", "a wrong password")
            locations.append(asks.log_in("ada").headers.get("location", ""))
            asks.page("/account")
            secrets |= {asks.token, *asks.cookies.values()}
            key = made_on_the_page(room, "metrics")
            secrets.add(key.split("_", 2)[2])
            room.visitor(key=key).get("/metrics")
            room.visitor(key=f"{key}x").get("/metrics")
            locations.append(asks.send("/logout").headers["location"])
            room.wait(timedelta(minutes=1))
    finally:
        for name in ("sqlalchemy.engine", "sqlalchemy.pool"):
            logging.getLogger(name).setLevel(logging.NOTSET)
    said = "".join(capfd.readouterr()) + caplog.text + "".join(locations)
    assert len(caplog.records) > 500 * ROUNDS
    assert [secret for secret in secrets if secret in said] == []


@pytest.mark.parametrize("error", [RuntimeError, TryLater])
def test_a_store_that_fails_in_the_middle_tells_no_secret(
    room: Newsroom,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
) -> None:
    def fails(session: Session) -> None:
        raise error(f"no room for {session}")

    monkeypatch.setattr(room.store, "add_session", fails, raising=False)
    asks = room.visitor()
    answer = asks.log_in("ada")
    assert answer.status_code in {500, 503}
    said = caplog.text + answer.text
    assert PASSWORD not in said
    assert "__Host-beatwire" not in asks.cookies


def test_a_refused_statement_tells_no_value(room: Newsroom) -> None:
    session = Session(
        digest="a digest", user="ada", created_at=room.now, expires_at=room.now + timedelta(1)
    )
    room.store.add_session(session)
    with pytest.raises(Exception, match="UNIQUE") as caught:
        room.store.add_session(session)
    assert "a digest" not in str(caught.value)


def test_records_with_secrets_show_nothing(room: Newsroom) -> None:
    (user,) = room.store.users()
    made = new_key()
    for record in (user, made, read_key(made.text)):
        assert repr(record) == f"<{type(record).__name__}>"
        assert repr([record]) == f"[<{type(record).__name__}>]"


def test_a_key_is_no_part_of_an_address(room: Newsroom) -> None:
    key = room.key("ada", "metrics")
    for parameter in ("key", "api_key", "token", "access_token"):
        assert room.visitor(PUBLIC).get(f"/metrics?{parameter}={key}").status_code == 303
