"""Nobody can make somebody else's browser change anything."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.web import csrf
from services.web.access import RULES
from services.web.entrance import Entrance
from tests.support.visitor import LOCAL, PUBLIC, Newsroom, newsroom
from tests.unit.test_web_access import concrete, routes

EVIL = "https://evil.example"
OURS = {"origin": PUBLIC, "sec-fetch-site": "same-origin"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
FIELDS = b"name=x&address=%2F&scope=search&role=operator&password=a+long+new+password"
ATTACKS: dict[str, tuple[dict[str, str], bytes]] = {
    "no token": ({**OURS, **FORM}, FIELDS),
    "empty token": ({**OURS, **FORM}, FIELDS + b"&csrf="),
    "wrong token": ({**OURS, **FORM}, FIELDS + b"&csrf=" + b"A" * 43),
    "another's token": ({**OURS, **FORM}, FIELDS + b"&csrf=ANOTHER"),
    "another origin": ({**FORM, "origin": EVIL}, FIELDS + b"&csrf=MINE"),
    "origin of a sandbox": ({**FORM, "origin": "null"}, FIELDS + b"&csrf=MINE"),
    "origin of a longer name": ({**FORM, "origin": f"{PUBLIC}.evil.example"}, b"csrf=MINE"),
    "origin without its s": ({**FORM, "origin": "http://news.example"}, b"csrf=MINE"),
    "another port": ({**FORM, "origin": f"{PUBLIC}:8443"}, FIELDS + b"&csrf=MINE"),
    "cross-site": ({**FORM, "sec-fetch-site": "cross-site"}, FIELDS + b"&csrf=MINE"),
    "same-site": ({**OURS, **FORM, "sec-fetch-site": "same-site"}, FIELDS + b"&csrf=MINE"),
    "typed in": ({**OURS, **FORM, "sec-fetch-site": "none"}, FIELDS + b"&csrf=MINE"),
    "two stories": ({**FORM, "origin": EVIL, "sec-fetch-site": "same-origin"}, b"csrf=MINE"),
    "no origin": (FORM, FIELDS + b"&csrf=MINE"),
    "token as text": ({**OURS, "content-type": "text/plain"}, FIELDS + b"&csrf=MINE"),
    "JSON as text": ({**OURS, "content-type": "text/plain"}, b'{"csrf": "MINE", "name": "x"}'),
    "token in JSON": ({**OURS, "content-type": "application/json"}, b'{"csrf": "MINE"}'),
    "no type": (OURS, FIELDS + b"&csrf=MINE"),
    "method override": ({**OURS, **FORM, "x-http-method-override": "POST"}, b"_method=DELETE"),
}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom(tmp_path_factory.mktemp("room")) as made:
        for name in ("ada", "bob", "spare"):
            made.add_user(name, "operator")
        yield made


def unsafe(room: Newsroom) -> list[tuple[str, str]]:
    """But for what is meant by its address alone, which ``test_web_channels`` looks at."""
    return [
        (method, concrete(path))
        for method, path in routes(room)
        if method not in csrf.SAFE and not RULES[path].one_click
    ]


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_was_not_meant_is_refused_everywhere(room: Newsroom, attack: str) -> None:
    given, content = ATTACKS[attack]
    ada, bob = room.logged_in("ada"), room.logged_in("bob")
    content = content.replace(b"MINE", ada.token.encode()).replace(b"ANOTHER", bob.token.encode())
    room.recorder.calls.clear()
    for method, address in unsafe(room):
        answer = ada.request(method, address, headers=given, content=content)
        assert answer.status_code == 403, address
        assert "Nothing was changed" in answer.text
    assert room.recorder.changes == []
    assert len(unsafe(room)) >= 10


@pytest.mark.parametrize("attack", ATTACKS)
def test_nobody_is_logged_in_or_out_by_others(room: Newsroom, attack: str) -> None:
    given, content = ATTACKS[attack]
    visitor, other = room.visitor(), room.visitor()
    for each in (visitor, other):
        each.page("/login")
    mine, theirs = visitor.token.encode(), other.token.encode()
    content = content.replace(b"MINE", mine).replace(b"ANOTHER", theirs)
    for address in ("/login", "/logout"):
        answer = visitor.request("POST", address, headers=given, content=content)
        assert answer.status_code == 403
        assert "Nothing was changed" in answer.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_sent_by_hand_cannot_be_followed_as_a_link(room: Newsroom, method: str) -> None:
    ada = room.logged_in("ada")
    safe = {path for each, path in routes(room) if each in csrf.SAFE}
    only_sent = {path for _, path in routes(room)} - safe
    assert {"/logout", "/account/keys"} <= only_sent
    room.recorder.calls.clear()
    for path in only_sent:
        address = f"{concrete(path)}?csrf={ada.token}&_method=POST"
        answer = ada.request(method, address, headers={"x-http-method-override": "POST"})
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert room.recorder.changes == []


@pytest.mark.parametrize(
    "headers",
    [
        OURS,
        {"origin": PUBLIC},
        {"sec-fetch-site": "same-origin"},
    ],
    ids=["both", "an old browser", "a browser that keeps its origin"],
)
def test_what_our_own_pages_send_is_carried_out(room: Newsroom, headers: dict[str, str]) -> None:
    ada = room.logged_in("ada")
    name = f"mine {len(room.store.saved_searches('ada'))}"
    data = {"csrf": ada.token, "name": name, "address": "/?q=x"}
    assert ada.request("POST", "/saved", headers=headers, data=data).status_code == 303
    assert name in [each.name for each in room.store.saved_searches("ada")]


def test_a_script_of_ours_sends_the_token_in_a_header(room: Newsroom) -> None:
    ada = room.logged_in("ada")
    tree = ada.page("/saved")
    (token,) = tree.xpath("//meta[@name='csrf-token']/@content")
    answer = ada.request(
        "POST", "/logout", headers={**OURS, csrf.HEADER: token, "content-type": "application/json"}
    )
    assert answer.status_code == 303


def test_bodies_that_nobody_reads_are_refused_also_from_our_pages(room: Newsroom) -> None:
    ada = room.logged_in("ada")
    for kind in ("text/plain", "application/xml", "multipart/form-data; boundary=x"):
        given = {**OURS, csrf.HEADER: ada.token, "content-type": kind}
        answer = ada.request("POST", "/saved", headers=given, content=b"{}")
        assert answer.status_code == 415


def test_a_key_needs_no_token_but_a_right_type(room: Newsroom) -> None:
    program = room.visitor(key=room.key("ada", "saved"))
    # No rule opens these pages to a key, so it is refused for that and for nothing else.
    assert RULES["/saved"].scope is None
    answer = program.request("POST", "/saved", json={})
    assert (answer.status_code, "not open to you" in answer.text) == (403, True)


def test_the_local_user_s_forms_are_guarded_too(tmp_path: Path) -> None:
    with newsroom(tmp_path, Entrance()) as room:
        asks = room.visitor(LOCAL)
        asks.page("/account")
        data = {"csrf": asks.token, "label": "x", "scope": "search"}
        for headers in ({"origin": EVIL}, {"origin": "http://127.0.0.1:1"}, {}):
            assert (
                asks.request("POST", "/account/keys", headers=headers, data=data).status_code == 403
            )
        assert asks.send("/account/keys", {**data, "csrf": "x"}).status_code == 403
        assert room.store.api_keys() == []
        assert asks.send("/account/keys", data).status_code == 200
        assert len(room.store.api_keys("local")) == 1


def test_the_decision_by_itself() -> None:
    right = {"fetch_site": "same-origin", "origin": PUBLIC, "ours": PUBLIC}
    assert csrf.refusal(**right, sent="t", known="t") == ""
    assert csrf.refusal(**right, sent="t", known="u") == csrf.STALE
    assert csrf.refusal(**right, sent="", known="") == csrf.STALE
    assert csrf.refusal(**{**right, "origin": EVIL}, sent="t", known="t") == csrf.STRANGER
    assert csrf.refusal(**{**right, "ours": ""}, sent="t", known="t") == csrf.STRANGER
    nothing = {"fetch_site": "", "origin": "", "ours": ""}
    assert csrf.refusal(**nothing, sent="t", known="t") == csrf.STRANGER
