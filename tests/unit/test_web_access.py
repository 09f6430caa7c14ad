"""Who may do what: every route of the application, asked by everybody there is."""

import base64
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from services.accounts.roles import ROLE_MAY, Permission
from services.accounts.tokens import digest
from services.web import refusals
from services.web.access import RULES, Rule, decide
from services.web.entrance import Entrance
from services.web.who import NOBODY, Who, local
from tests.support.coverage import model_story
from tests.support.visitor import LOCAL, PUBLIC, Newsroom, Visitor, newsroom

PEOPLE = {"reader", "analyst", "operator"}
MAY: dict[Permission, set[str]] = {
    "public": PEOPLE | {"anonymous", "disabled", "ended"},
    "read": PEOPLE,
    "personal": PEOPLE,
    "subscribe": {"analyst", "operator"},
    "operate": {"operator"},
}
"""Written down once more: what the table says must be meant."""
SCOPES = ("search", "export", "saved", "alerts", "metrics")
VISITORS = (*sorted(MAY["public"]), *(f"key:{scope}" for scope in SCOPES), "revoked", "wrong")


@pytest.fixture(autouse=True)
def short_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stream of news ends at once, as nobody goes on reading it here."""
    monkeypatch.setattr("services.web.live.LIFE_SECONDS", 0.01)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom(tmp_path_factory.mktemp("room")) as made:
        for name in ("reader", "analyst", "operator"):
            made.add_user(name, name)
        made.add_user("keeper", "operator")
        made.add_user("disabled", "operator", disabled=True)
        made.add_user("spare", "reader")
        yield made


def routes(room: Newsroom) -> list[tuple[str, str]]:
    """Method and path of everything that the application answers."""
    found = []
    for route in iter_route_contexts(room.app.routes):
        assert route.path
        assert route.methods, f"{route.path}: only plain routes can be guarded"
        found += [(method, route.path) for method in sorted(route.methods)]
    return found


def concrete(path: str) -> str:
    """An address of the route; nothing in it belongs to who asks."""
    known = {
        "/static/{name}": "/static/style.css",
        "/article/{article_id}": f"/article/{model_story().id}",
        "/story/{story_id}": f"/story/{model_story().id}",
        "/entity/{entity_id:path}": f"/entity/{model_story().entities[0].id}",
        "/api/v1/articles/{id}": f"/api/v1/articles/{model_story().id}",
        "/api/v1/articles/{id}/revisions": f"/api/v1/articles/{model_story().id}/revisions",
        "/api/v1/stories/{id}": f"/api/v1/stories/{model_story().id}",
        "/api/v1/entities/{id}": f"/api/v1/entities/{model_story().entities[0].id}",
    }
    given = known.get(path, path).replace("/users/{name}", "/users/spare")
    return re.sub(r"\{[^}]*\}", "0123456789ab", given)


def visitor(room: Newsroom, kind: str) -> Visitor:
    kind, _, scope = kind.partition(":")
    if kind == "anonymous":
        asks = room.visitor()
        asks.page("/login")  # its token is one that anybody can have
        return asks
    if kind == "key":
        return room.visitor(key=room.key("operator", scope))  # type: ignore[arg-type]
    if kind == "revoked":
        key = room.key("operator", *SCOPES)  # type: ignore[arg-type]
        room.store.revoke_key(key.split("_")[1], room.now)
        return room.visitor(key=key)
    if kind == "wrong":
        key = room.key("operator", *SCOPES)  # type: ignore[arg-type]
        return room.visitor(key=key[:-4] + ("aaaa" if key[-4:] != "aaaa" else "bbbb"))
    if kind == "ended":
        asks = room.logged_in("operator")
        for value in asks.cookies.values():
            room.store.end_session(digest(value))
        return asks
    return room.logged_in(kind)


def passed(answer: httpx.Response) -> bool:
    """Whether the request reached its handler, whatever came of it there."""
    refused = (refusals.LOGIN, refusals.FORBIDDEN, refusals.WRONG_KEY)
    titles = [each.problem.title for each in refused] + ["This was not carried out"]
    to_login = answer.status_code == 303 and answer.headers["location"].startswith("/login")
    told = answer.status_code in {401, 403} and any(title in answer.text for title in titles)
    return not to_login and not told


def allowed(kind: str, rule: Rule) -> bool:
    kind, _, scope = kind.partition(":")
    if kind in {"revoked", "wrong"}:
        return not rule.asks_who
    if kind == "key":
        return rule.permission == "public" or rule.scope == scope
    return kind in MAY[rule.permission]


def test_every_route_says_who_may_use_it(room: Newsroom) -> None:
    paths = {path for _, path in routes(room)}
    assert paths - RULES.keys() == set(), "state in services/web/access.py who may use these"


@pytest.mark.parametrize("kind", VISITORS)
def test_nobody_reaches_more_or_less_than_stated(room: Newsroom, kind: str) -> None:
    wrong = []
    for method, path in routes(room):
        rule = RULES[path]
        asks = visitor(room, kind)
        if method in {"GET", "HEAD"}:
            answer = asks.request(method, concrete(path))
        else:
            answer = asks.send(concrete(path))
        # The refusal of a HEAD has no body that says why.
        refused = method == "HEAD" and answer.status_code in {401, 403}
        reached = not refused and passed(answer)
        # Who has no session any more has no token either.
        meant = method in {"GET", "HEAD"} or kind not in {"ended", "disabled"} or rule.one_click
        if reached != (allowed(kind, rule) and meant):
            wrong.append((kind, method, path, answer.status_code))
        assert answer.status_code < 500, (kind, method, path)
    assert not wrong


def test_only_what_must_be_is_open_to_everybody(room: Newsroom) -> None:
    public = {path for path, rule in RULES.items() if rule.permission == "public"}
    by_secret = {path for path in RULES if "{token}" in path}
    assert public == {
        "/login", "/logout", "/static/{name}", "/livez", "/readyz", "/startupz",
    } | by_secret  # fmt: skip
    one_click = {path for path, rule in RULES.items() if rule.one_click}
    assert one_click == {"/unsubscribe/{channel_id}/{token}", "/websub/{token}"}
    operators = {path for path, rule in RULES.items() if rule.permission == "operate"}
    assert operators >= {"/metrics", *(path for path in RULES if "/users" in path)}


def test_an_address_without_a_route_tells_a_stranger_nothing(room: Newsroom) -> None:
    asks = room.visitor()
    for path in ("/nope", "/api/v1/nope", "/account/users/nobody"):
        assert not passed(asks.get(path))
    assert asks.get("/api/v1/nope").json()["status"] == 401
    assert room.logged_in("reader").get("/nope").status_code == 404


def test_a_route_without_a_rule_is_nobody_s(room: Newsroom, tmp_path: Path) -> None:
    with newsroom(tmp_path) as other:
        other.add_user("operator", "operator")
        other.app.add_api_route("/forgotten", lambda: "secret", methods=["GET"])
        answer = other.logged_in("operator").get("/forgotten")
        assert (answer.status_code, "secret" in answer.text) == (403, False)


def test_where_no_login_is_asked_for_everybody_is_the_local_user(tmp_path: Path) -> None:
    with newsroom(tmp_path, Entrance()) as open_room:
        asks = open_room.visitor(LOCAL)
        for method, path in routes(open_room):
            if method == "GET" and path != "/login":
                answer = asks.get(concrete(path))
                assert passed(answer), path
                assert answer.status_code < 500, path
        assert asks.get("/login?next=/claims").headers["location"] == "/claims"
        asks.page("/saved")
        assert asks.send("/saved", {"name": "x", "address": "/?q=x"}).status_code == 303
        assert [each.owner for each in open_room.store.saved_searches("local")] == ["local"]


def theirs(room: Newsroom, owner: str) -> list[str]:
    """Addresses that change what is one person's own."""
    key = room.key(owner, "search").split("_")[1]
    asks = room.logged_in(owner)
    asks.send("/saved", {"name": f"mine {key}", "address": "/?q=x"})
    saved = next(each for each in room.store.saved_searches(owner) if key in each.name)
    return [f"/account/keys/{key}/revoke", f"/saved/{saved.id}/remove"]


@pytest.mark.parametrize("other", ["analyst", "operator"])
def test_what_is_somebody_else_s_is_not_there(room: Newsroom, other: str) -> None:
    for address in theirs(room, "reader"):
        asks = room.logged_in(other)
        answer = asks.send(address)
        never = asks.send(re.sub(r"[0-9a-f]{12,}", "0123456789abcdef", address))
        assert (answer.status_code, answer.text) == (404, never.text)
        assert room.logged_in("reader").send(address).status_code == 303
        assert room.logged_in("reader").send(address).status_code == 404


def test_pages_show_nobody_else_s_things(room: Newsroom) -> None:
    theirs(room, "reader")
    prefixes = [key.prefix for key in room.store.api_keys("reader")]
    text = room.logged_in("analyst").get("/account").text
    assert not [prefix for prefix in prefixes if prefix in text]
    assert "mine" not in room.logged_in("analyst").get("/saved").text
    assert "keeper" not in text
    assert "keeper" in room.logged_in("operator").get("/account").text


def test_looking_at_an_address_changes_nothing(room: Newsroom) -> None:
    room.recorder.calls.clear()
    for kind in ("operator", "key:metrics", "anonymous"):
        for method, path in routes(room):
            if method in {"GET", "HEAD"}:
                visitor(room, kind).request(method, concrete(path))
    assert room.recorder.calls
    assert room.recorder.changes == []


def test_another_role_holds_from_the_next_request_on(room: Newsroom) -> None:
    room.add_user("climber", "operator")
    asks = room.logged_in("climber")
    key = room.visitor(key=room.key("climber", "metrics"))
    assert asks.get("/metrics").status_code == key.get("/metrics").status_code == 200
    room.store.set_role("climber", "analyst")
    assert asks.get("/metrics").status_code == key.get("/metrics").status_code == 403
    room.store.set_disabled("climber", disabled=True)
    assert asks.get("/").status_code == 303
    assert key.get("/metrics").status_code == 401


@pytest.mark.parametrize("permission", MAY)
def test_what_a_role_may_is_decided_without_a_request(permission: Permission) -> None:
    for role in ROLE_MAY:
        for rule in (Rule(permission), Rule(permission, "search")):
            person = Who(name="ada", role=role, how="session")
            key = Who(name="ada", role=role, how="key", scopes=frozenset({"search"}))
            expected = "allowed" if role in MAY[permission] else "forbidden"
            assert decide(person, rule) == expected
            opens = permission == "public" or rule.scope == "search"
            assert decide(key, rule) == (expected if opens else "forbidden")
    assert decide(NOBODY, Rule(permission)) == ("allowed" if permission == "public" else "login")
    assert decide(local(), Rule(permission)) == "allowed"
    for who in (NOBODY, local()):
        assert decide(who, None) == "forbidden"


ASKED: list[tuple[str, Callable[[httpx.Response], bool]]] = [
    ("/claims?q=x", lambda answer: answer.headers["location"] == "/login?next=%2Fclaims%3Fq%3Dx"),
    ("/", lambda answer: answer.headers["location"] == "/login"),
]


@pytest.mark.parametrize(("address", "right"), ASKED)
def test_a_person_is_sent_to_the_login_and_back(
    room: Newsroom, address: str, right: Callable[[httpx.Response], bool]
) -> None:
    assert right(room.visitor(PUBLIC).get(address))


def test_programs_are_told_in_their_way(room: Newsroom) -> None:
    asks = room.visitor()
    told = asks.get("/", headers={"accept": "application/json"})
    assert (told.status_code, told.headers["content-type"]) == (401, "application/problem+json")
    assert told.headers["www-authenticate"] == "Bearer"


def test_readers_of_feeds_are_asked_for_a_key_and_browsers_sent_to_the_login(
    room: Newsroom,
) -> None:
    asks = room.visitor()
    feed = asks.get("/feed.atom?q=x", headers={"accept": "application/atom+xml, */*"})
    assert feed.status_code == 401
    assert 'Basic realm="' in feed.headers["www-authenticate"]
    assert feed.headers["content-type"] == "application/problem+json"
    page = asks.get("/feed.atom?q=x", headers={"accept": "text/html,*/*"})
    assert page.headers["location"] == "/login?next=%2Ffeed.atom%3Fq%3Dx"
    assert "Basic" not in asks.get("/api/v1/articles").headers["www-authenticate"]
    basic = base64.b64encode(f"ada:{room.key('operator', 'export')}".encode()).decode()
    asks.headers = {"authorization": f"Basic {basic}"}
    assert asks.get("/feed.atom?q=chips").status_code == 200
