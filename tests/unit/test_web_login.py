"""Logging in and out: what is checked, how often, and what a session is."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from services.accounts.sessions import IDLE, LONGEST
from services.accounts.tokens import digest
from services.web.entrance import Entrance
from services.web.login import PER_CLIENT, PER_NAME, own_address
from tests.support.visitor import LOCAL, PASSWORD, PUBLIC, Newsroom, Visitor, newsroom

SECURE, PLAIN = "__Host-beatwire", "beatwire"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path) as made:
        made.add_user("ada", "operator")
        made.add_user("gone", disabled=True)
        yield made


def in_now(visitor: Visitor) -> bool:
    return visitor.get("/account").status_code == 200


def set_cookie(answer: httpx.Response, name: str) -> str:
    (line,) = [
        each for each in answer.headers.get_list("set-cookie") if each.startswith(f"{name}=")
    ]
    return line


def test_who_knows_the_password_gets_in_and_to_the_page_that_was_asked_for(room: Newsroom) -> None:
    asks = room.visitor()
    asked = asks.get("/claims?q=chips")
    login = asks.page(asked.headers["location"])
    (going,) = login.xpath("//input[@name='next']/@value")
    answer = asks.send("/login", {"name": " Ada ", "password": PASSWORD, "next": going})
    assert (answer.status_code, answer.headers["location"]) == (303, "/claims?q=chips")
    assert "ada" in asks.page("/account").text_content()


@pytest.mark.parametrize(
    ("name", "password"),
    [("ada", "wrong"), ("ada", ""), ("nobody", PASSWORD), ("gone", PASSWORD), ("", "")],
)
def test_whoever_else_is_told_the_same_after_the_same_work(
    room: Newsroom, name: str, password: str
) -> None:
    asks = room.visitor()
    before = room.passwords.checks
    answer = asks.log_in(name, password)
    assert answer.status_code == 403
    assert room.passwords.checks == before + 1
    assert "Name and password do not fit" in answer.text
    assert password not in answer.text or not password
    assert not in_now(asks)


def test_a_hash_takes_the_same_work_for_nobody() -> None:
    """The dummy has the parameters of real ones, so that no clock can tell them apart."""
    from argon2 import extract_parameters

    from services.accounts.passwords import Passwords

    passwords = Passwords()
    real, dummy = passwords.hash(PASSWORD), passwords._nobodys
    assert extract_parameters(real) == extract_parameters(dummy)
    assert extract_parameters(real).memory_cost >= 19 * 1024  # OWASP's least for argon2id
    assert real.startswith("$argon2id$")
    assert passwords.check(PASSWORD, real)
    assert not passwords.check(PASSWORD, None)
    assert not passwords.check("", None)
    assert not passwords.check(PASSWORD, "no hash")


def test_letters_fit_however_they_are_composed(room: Newsroom) -> None:
    assert room.passwords.check("caf\u00e9 caf\u00e9", room.passwords.hash("cafe\u0301 cafe\u0301"))


@pytest.mark.parametrize(
    ("origin", "name", "secure"), [(PUBLIC, SECURE, True), (LOCAL, PLAIN, False)]
)
def test_the_cookie_is_out_of_reach(room: Newsroom, origin: str, name: str, secure: bool) -> None:
    asks = room.visitor(origin)
    answer = asks.log_in("ada")
    parts = {part.strip().lower() for part in set_cookie(answer, name).split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= parts
    assert ("secure" in parts) == secure
    assert not [part for part in parts if part.startswith("domain")]
    assert in_now(asks)
    assert answer.headers["cache-control"] == "private, no-store"


def test_a_login_is_a_new_session_and_ends_the_one_before(room: Newsroom) -> None:
    asks = room.visitor()
    # A token that somebody else put into the browser is not taken over.
    asks.cookies.set(SECURE, "A" * 43, domain="news.example", path="/")
    asks.log_in("ada")
    first = asks.cookies[SECURE]
    assert first != "A" * 43
    asks.log_in("ada")
    second = asks.cookies[SECURE]
    assert len({first, second}) == 2
    assert room.store.session(digest(first)) is None
    assert room.store.session(digest(second))


def test_a_logout_ends_the_session_for_everybody_who_knows_it(room: Newsroom) -> None:
    asks = room.visitor()
    asks.log_in("ada")
    token = asks.cookies[SECURE]
    asks.page("/account")
    answer = asks.send("/logout")
    assert answer.status_code == 303
    assert "max-age=0" in set_cookie(answer, SECURE).lower()
    assert not in_now(asks)
    thief = room.visitor()
    thief.cookies.set(SECURE, token, domain="news.example", path="/")
    assert not in_now(thief)


def test_pages_of_a_session_stay_in_no_cache(room: Newsroom) -> None:
    asks = room.logged_in("ada")
    for address in ("/", "/claims", "/account", "/nope", "/article/nope"):
        answer = asks.get(address)
        assert answer.headers["cache-control"] == "private, no-store", address
        assert answer.headers["vary"] == "Cookie, Accept"
    sheet = asks.get("/static/style.css")
    assert sheet.headers["cache-control"] == "no-cache"


def test_a_session_ends_when_it_is_not_used(room: Newsroom) -> None:
    asks = room.logged_in("ada")
    room.wait(IDLE - timedelta(seconds=1))
    assert in_now(asks)
    room.wait(IDLE - timedelta(seconds=1))
    assert in_now(asks)
    room.wait(IDLE)
    assert not in_now(asks)


def test_a_session_ends_at_last_however_often_it_is_used(room: Newsroom) -> None:
    asks = room.logged_in("ada")
    for _ in range(LONGEST.days - 1):
        room.wait(timedelta(days=1))
        assert in_now(asks)
    room.wait(timedelta(days=1))
    assert not in_now(asks)


def test_few_requests_of_a_session_write(room: Newsroom) -> None:
    asks = room.logged_in("ada")
    for _ in range(120):
        room.wait(timedelta(minutes=1))
        asks.get("/status")
    assert room.recorder.calls.count("move_session") == 2


def test_a_name_is_tried_five_times_a_minute(room: Newsroom) -> None:
    asks = room.visitor()
    for _ in range(PER_NAME):
        assert asks.log_in("ada", "wrong").status_code == 403
    before = room.passwords.checks
    refused = asks.log_in("ada")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert "60 s" in refused.text
    assert room.passwords.checks == before  # the right password, and nobody looked
    room.wait(timedelta(seconds=59))
    assert asks.log_in("ADA ").status_code == 429
    room.wait(timedelta(seconds=1))
    assert asks.log_in("ada").status_code == 303


def test_one_who_tries_does_not_lock_others_out(room: Newsroom) -> None:
    room.add_user("bob")
    attacker = room.visitor(address="198.51.100.66")
    for _ in range(PER_NAME + 1):
        attacker.log_in("ada", "wrong")
    assert attacker.log_in("bob").status_code == 303
    assert room.visitor().log_in("ada").status_code == 303


def test_one_address_cannot_try_one_password_on_everybody(room: Newsroom) -> None:
    asks = room.visitor()
    statuses = [asks.log_in(f"user{number}").status_code for number in range(PER_CLIENT + 1)]
    assert statuses == [403] * PER_CLIENT + [429]


@pytest.mark.parametrize(
    ("going", "ends"),
    [
        ("/claims?q=a%20b#x", "/claims?q=a%20b#x"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\r\nset-cookie: x=y", "/"),
        ("evil.example", "/"),
        ("", "/"),
        ("/" + "x" * 3000, "/"),
    ],
)
def test_a_login_leads_to_our_own_pages_alone(room: Newsroom, going: str, ends: str) -> None:
    assert own_address(going) == ends
    answer = room.visitor().log_in("ada", next=going)
    assert answer.headers["location"] == ends
    assert "x=y" not in str(answer.headers)


def test_another_password_ends_all_other_logins(room: Newsroom) -> None:
    here, there = room.logged_in("ada"), room.logged_in("ada")
    before = here.cookies[SECURE]
    here.page("/account")
    new = "four other words here"
    wrong = here.send("/account/password", {"current": "wrong", "new": new})
    assert (wrong.status_code, in_now(there)) == (403, True)
    short = here.send("/account/password", {"current": PASSWORD, "new": "short"})
    assert (short.status_code, "12 characters" in short.text) == (400, True)
    answer = here.send("/account/password", {"current": PASSWORD, "new": new})
    assert answer.status_code == 303
    assert in_now(here)
    assert here.cookies[SECURE] != before
    assert not in_now(there)
    assert room.visitor().log_in("ada", new).status_code == 303
    assert room.visitor().log_in("ada").status_code == 403


def test_the_current_password_cannot_be_guessed_at_leisure(room: Newsroom) -> None:
    asks = room.logged_in("ada")
    asks.page("/account")
    given = {"current": "wrong", "new": "four other words here"}
    statuses = [asks.send("/account/password", given).status_code for _ in range(PER_NAME + 1)]
    assert statuses == [403] * PER_NAME + [429]


def test_a_page_of_login_is_never_kept_and_shows_no_password(room: Newsroom) -> None:
    answer = room.visitor().get("/login")
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.status_code == 200
    visit = set_cookie(answer, "__Host-beatwire-visit").lower()
    assert "httponly" in visit
    assert "max-age" not in visit
    (token,) = re.findall(r'name="csrf" value="([^"]+)"', answer.text)
    assert token not in str(answer.headers)


def test_login_may_be_asked_for_on_this_machine_too(tmp_path: Path) -> None:
    with newsroom(tmp_path, Entrance(login=True)) as room:
        room.add_user("ada", "operator")
        asks = room.visitor(LOCAL)
        assert asks.get("/").headers["location"] == "/login"
        assert asks.log_in("ada").status_code == 303
        assert in_now(asks)


def test_operators_manage_users_on_the_page(room: Newsroom) -> None:
    ada = room.logged_in("ada")
    ada.page("/account")
    bob = {"name": "Bob", "password": "four words of bob", "role": "reader"}
    assert ada.send("/account/users", bob).status_code == 303
    taken = ada.send("/account/users", bob)
    assert (taken.status_code, "taken" in taken.text) == (400, True)
    assert room.visitor().log_in("bob", "four words of bob").status_code == 303
    assert ada.send("/account/users/bob/role", {"role": "analyst"}).status_code == 303
    assert ada.send("/account/users/bob/role", {"role": "king"}).status_code == 400
    theirs = room.logged_in("bob")
    assert ada.send("/account/users/bob/state", {"state": "disabled"}).status_code == 303
    assert not in_now(theirs)
    assert ada.send("/account/users/bob/state", {"state": "enabled"}).status_code == 303
    assert ada.send("/account/users/nobody/state", {"state": "enabled"}).status_code == 404
    last = ada.send("/account/users/ada/state", {"state": "disabled"})
    assert (last.status_code, "last operator" in last.text) == (400, True)
    assert in_now(ada)
