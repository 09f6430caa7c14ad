"""Under which names the pages are reached, whose word counts, and how often one may ask."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from services.accounts.opening import check_operator
from services.errors import SettingsError, TryLater
from services.settings import Settings
from services.web.entrance import (
    Entrance,
    Site,
    client_address,
    entrance_for,
    site_for,
)
from services.web.limits import MOST_CLIENTS, Bucket, Window
from tests.support.visitor import LOCAL, PUBLIC, WITH_LOGIN, Newsroom, newsroom

PROXIES = Settings(trusted_proxies="10.0.0.0/30,fd00::1/128").trusted_proxies
BEHIND = Entrance(login=True, address=PUBLIC, proxies=PROXIES)


@pytest.mark.parametrize(
    ("given", "host", "login"),
    [
        ({}, "127.0.0.1", False),
        ({}, "127.8.8.8", False),
        ({}, "::1", False),
        ({}, "localhost", False),
        ({}, "0.0.0.0", True),
        ({}, "::", True),
        ({}, "192.168.1.7", True),
        ({}, "news.example", True),
        ({"login": "always"}, "127.0.0.1", True),
        ({"login": "never"}, "0.0.0.0", False),
        ({"address": PUBLIC}, "127.0.0.1", True),
        ({"address": "http://127.0.0.1:9000"}, "127.0.0.1", False),
        ({"address": "http://localhost", "login": "never"}, "127.0.0.1", False),
    ],
)
def test_who_must_log_in(given: dict[str, str], host: str, login: bool) -> None:
    assert entrance_for(Settings(**given), host).login is login  # type: ignore[arg-type]


def test_letting_everybody_in_from_everywhere_is_refused() -> None:
    settings = Settings(login="never", address=PUBLIC)
    with pytest.raises(SettingsError, match=r"BEATWIRE_LOGIN=never.*BEATWIRE_ADDRESS.*unset one"):
        entrance_for(settings, "127.0.0.1")


@pytest.mark.parametrize(
    ("settings", "host", "cause"),
    [
        (Settings(), "0.0.0.0", "--host 0.0.0.0 opens the pages"),
        (Settings(address=PUBLIC), "127.0.0.1", f"BEATWIRE_ADDRESS={PUBLIC} opens"),
        (Settings(login="always"), "127.0.0.1", "BEATWIRE_LOGIN=always asks"),
    ],
)
def test_a_start_that_lets_nobody_in_is_one_line_with_the_remedy(
    settings: Settings, host: str, cause: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        check_operator([], settings, host)
    assert str(caught.value).startswith(cause)
    assert str(caught.value).endswith("beatwire users add NAME --role operator")
    assert caught.value.exit_code == 78


@pytest.mark.parametrize(
    ("address", "host", "origin"),
    [
        (PUBLIC, "news.example", PUBLIC),
        (PUBLIC, "NEWS.example", PUBLIC),
        (PUBLIC, "news.example:443", PUBLIC),
        (PUBLIC, "localhost:8321", "http://localhost:8321"),
        ("http://news.example:8080", "news.example:8080", "http://news.example:8080"),
        ("https://[2001:db8::1]:8443", "[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_names_that_are_ours(address: str, host: str, origin: str) -> None:
    assert site_for(Entrance(address=address), host) == Site(origin)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "news.example.evil.example", "news.example:8443", "news.example:x",
     "news.example:99999", "x@news.example", "news.example/", "news.example?", "news.example#",
     "news.example\\", "[news.example]", "news.example.", "", " news.example", "news.example,evil",
     "127.0.0.1.news.example"],
)  # fmt: skip
def test_names_that_are_not(host: str) -> None:
    assert site_for(WITH_LOGIN, host) is None


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path, BEHIND) as made:
        made.add_user("ada", "operator")
        yield made


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "evil.example", "x-forwarded-host": "news.example"},
        {"host": "evil.example", "forwarded": "host=news.example"},
        {"host": "evil.example", "x-host": "news.example", "x-original-host": "news.example"},
    ],
)
@pytest.mark.parametrize("peer", ["192.0.2.7", "10.0.0.1"])
def test_another_host_is_refused_whatever_it_says(
    room: Newsroom, headers: dict[str, str], peer: str
) -> None:
    answer = room.visitor(address=peer).get("/login", headers=headers)
    assert answer.status_code == 421
    assert "evil" not in answer.text
    assert "set-cookie" not in answer.headers


def test_two_hosts_are_none(room: Newsroom) -> None:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(room.app)
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as client:
            return await client.get(
                "/login", headers=[("host", "news.example"), ("host", "evil.example")]
            )

    assert asyncio.run(ask()).status_code == 421


@pytest.mark.parametrize("peer", ["192.0.2.7", "10.0.0.1"])
def test_a_forwarded_host_is_believed_of_nobody(room: Newsroom, peer: str) -> None:
    answer = room.visitor(address=peer).get(
        "/saved/", headers={"x-forwarded-host": "evil.example", "x-forwarded-proto": "https"}
    )
    assert "evil" not in str(answer.headers) + answer.text


def test_addresses_that_we_make_are_those_of_the_setting(room: Newsroom) -> None:
    """Behind the proxy the connection is plain, and links must not be."""
    asks = room.logged_in("ada")
    answer = asks.get("/claims/")
    assert answer.headers["location"] == f"{PUBLIC}/claims"


def test_what_came_to_the_proxy_in_the_clear_is_sent_to_come_again(room: Newsroom) -> None:
    proxy = room.visitor(address="10.0.0.1")
    answer = proxy.get("/claims?q=x", headers={"x-forwarded-proto": "http"})
    assert (answer.status_code, answer.headers["location"]) == (308, f"{PUBLIC}/claims?q=x")
    for asks, proto in ((proxy, "https"), (room.visitor(), "http")):
        answer = asks.get("/login", headers={"x-forwarded-proto": proto})
        assert answer.status_code == 200
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_plain_http_asks_for_no_https(room: Newsroom) -> None:
    answer = room.visitor(LOCAL).get("/login")
    assert "strict-transport-security" not in answer.headers


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.7", [], "192.0.2.7"),
        ("192.0.2.7", ["203.0.113.5"], "192.0.2.7"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["1.1.1.1, 203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["1.1.1.1", "203.0.113.5, 10.0.0.2"], "203.0.113.5"),
        ("10.0.0.1", ["1.1.1.1, nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["1.1.1.1, unknown, 10.0.0.2"], "10.0.0.2"),
        ("::ffff:10.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        ("fd00::1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("2001:db8:1:2:aaaa::1", [], "2001:db8:1:2::/64"),
        ("a socket", ["1.1.1.1"], "a socket"),
    ],
)
def test_a_client_is_whom_our_own_proxies_name(
    peer: str, forwarded: list[str], client: str
) -> None:
    assert client_address(BEHIND, peer, forwarded) == client


def test_nobody_gets_a_fresh_count_by_saying_another_address(tmp_path: Path) -> None:
    with newsroom(tmp_path, BEHIND, per_minute=5) as room:
        asks = room.visitor()
        statuses = [
            asks.get("/login", headers={"x-forwarded-for": f"203.0.113.{number}"}).status_code
            for number in range(6)
        ]
        assert statuses == [200] * 5 + [429]
        proxy = room.visitor(address="10.0.0.1")
        for number in range(6):
            headers = {"x-forwarded-for": f"203.0.113.{number}"}
            assert proxy.get("/login", headers=headers).status_code == 200


def test_too_many_requests_are_told_when_to_come_again(tmp_path: Path) -> None:
    with newsroom(tmp_path, WITH_LOGIN, per_minute=6) as room:
        room.add_user("ada", "operator")
        ada, program = room.logged_in("ada"), room.visitor(key=room.key("ada", "metrics"))
        assert [ada.get("/status").status_code for _ in range(7)] == [200] * 6 + [429]
        # Each key has a count of its own, and what is the same for all has none.
        assert [program.get("/metrics").status_code for _ in range(7)] == [200] * 6 + [429]
        assert ada.get("/static/style.css").status_code == ada.get("/livez").status_code == 200
        page, data = ada.get("/status"), program.get("/metrics")
        assert page.headers["retry-after"] == data.headers["retry-after"] == "10"
        assert "Too many requests" in page.text
        assert data.headers["content-type"] == "application/problem+json"
        assert data.json()["status"] == 429
        room.wait(timedelta(seconds=10))
        assert [ada.get("/status").status_code for _ in range(2)] == [200, 429]


def test_guessed_keys_and_sessions_count_for_the_address(tmp_path: Path) -> None:
    with newsroom(tmp_path, WITH_LOGIN, per_minute=3) as room:
        asks = room.visitor(key="bw_000000000000_" + "A" * 43)
        statuses = [asks.get("/metrics").status_code for _ in range(4)]
        assert statuses == [401] * 3 + [429]


def test_the_local_user_is_not_counted(tmp_path: Path) -> None:
    with newsroom(tmp_path, Entrance(), per_minute=3) as room:
        asks = room.visitor(LOCAL)
        assert {asks.get("/status").status_code for _ in range(20)} == {200}


def test_a_store_that_is_away_is_said_and_probes_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise TryLater("postgresql://ada:secret@db.example is away")

    with newsroom(tmp_path) as room:
        room.add_user("ada", "operator")
        ada = room.logged_in("ada")
        monkeypatch.setattr(room.store, "session", away, raising=False)
        answer = ada.get("/claims")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "Accounts cannot be looked up now" in answer.text
        assert "secret" not in answer.text
        assert ada.get("/livez").status_code == ada.get("/static/style.css").status_code == 200


# The counters by themselves


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_lets_so_many_through_in_any_long_time() -> None:
    clock = Clock()
    bucket = Bucket(60, clock)
    passed = 0
    for tenth in range(6000):
        clock.now = tenth / 10
        passed += bucket.take("a") == 0
    assert 60 + 599 <= passed <= 60 + 600


def test_waiting_as_long_as_told_is_enough() -> None:
    clock = Clock()
    for limit in (Bucket(7, clock), Window(7, now=clock)):
        for _ in range(7):
            assert limit.take("a") == 0
        for _ in range(20):
            if wait := limit.take("a"):
                clock.now += wait
                assert limit.take("a") == 0


def test_a_window_never_lets_more_through_within_its_time() -> None:
    clock, passed = Clock(), list[float]()
    window = Window(5, 60, clock)
    for second in range(0, 600, 7):
        clock.now = float(second)
        if window.take("a") == 0:
            passed.append(clock.now)
    for start in passed:
        assert len([each for each in passed if start <= each < start + 60]) <= 5


def test_counters_remember_a_bounded_number_of_clients() -> None:
    bucket, window = Bucket(1), Window(1)
    for limit in (bucket, window):
        for number in range(MOST_CLIENTS + 100):
            limit.take(f"{number}")
        assert limit.take(f"{MOST_CLIENTS + 99}") > 0
        assert limit.take("0") == 0  # forgotten
    assert len(bucket._left) == len(window._times) == MOST_CLIENTS


def test_no_limit_is_none() -> None:
    bucket = Bucket(0)
    assert {bucket.take("a") for _ in range(1000)} == {0}
    assert not bucket._left
