"""Where a webhook cannot lead: no private address, in no spelling, by no name and by no detour."""

import asyncio
import logging
import ssl
import time
from collections.abc import Iterable, Sequence
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpcore
import pytest
from msgspec.structs import replace

from services.alerts.reaching import GuardedNetwork
from services.alerts.schedule import Tried
from services.alerts.webhook import UNREACHABLE, WebhookCarrier
from services.guard import Network
from services.store.alerting import Channel
from tests.support.alerting import channel, parcel
from tests.support.certificates import certificates
from tests.support.hostile import Reply, Site, silent
from tests.support.post_office import LINKS, LOOPBACK
from tests.support.processes import free_port

USUAL = ssl.create_default_context()
PUBLIC = "93.184.215.14"
REFUSED = [
    *("127.0.0.1", "::1", "0.0.0.0", "169.254.169.254", "fd00:ec2::254", "10.0.0.1"),
    *("172.16.0.1", "192.168.0.1", "100.64.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1"),
    *("fe80::1%eth0", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1"),
    *("2002:7f00:1::", "fec0::1"),
]


class Spy(httpcore.AsyncNetworkBackend):
    """Takes the place of the network: notes where it was to connect, and goes to a test's server.

    Without a server nobody answers there.
    """

    def __init__(self, port: int = 0) -> None:
        self.connects: list[tuple[str, int]] = []
        self._port = port
        self._real = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.connects.append((host, port))
        if not self._port:
            raise httpcore.ConnectError
        return await self._real.connect_tcp("127.0.0.1", self._port, timeout)


class Names:
    """A name server that gives each of its answers once, in turn, the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


def tried(
    to: Channel,
    network: GuardedNetwork,
    allowed: Sequence[Network] = (),
    *,
    trusted: ssl.SSLContext | None = None,
    seconds: float = 0.2,
) -> Tried:
    """One try to deliver to a channel."""
    return timed(to, network, allowed, trusted=trusted, seconds=seconds)[0]


def timed(
    to: Channel,
    network: GuardedNetwork,
    allowed: Sequence[Network] = (),
    *,
    trusted: ssl.SSLContext | None = None,
    seconds: float = 0.2,
) -> tuple[Tried, float]:
    """One try, and the seconds that it took."""

    async def carry() -> tuple[Tried, float]:
        carrier = WebhookCarrier(
            *(LINKS, network, allowed), trusted=trusted or USUAL, seconds=seconds
        )
        began = time.monotonic()
        try:
            result = await carrier.carry(replace(parcel(), channel=to), b"{}")
            return result, time.monotonic() - began
        finally:
            await carrier.close()

    return asyncio.run(carry())


@pytest.mark.parametrize("address", REFUSED)
def test_a_private_address_is_refused_before_a_connect_however_it_is_reached(address: str) -> None:
    spy = Spy()
    host = f"[{address}]" if ":" in address else address
    literal = tried(channel(address=f"http://{host}/"), GuardedNetwork(network=spy))
    named = GuardedNetwork(resolve=Names([address]), network=spy)
    by_name = tried(channel(address="http://inside.example/"), named)
    assert literal.error
    assert by_name.error == UNREACHABLE
    assert not spy.connects


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST", "localhost.", "2130706433", "0x7f000001", "0x7f.1"),
        *("0177.0.0.1", "127.1", "0", "①②⑦.⓪.⓪.①", "127。0。0。1", "127.0.0.1."),
        *("good@127.0.0.1", "good.example\\@127.0.0.1", "%31%32%37.0.0.1", "127.0.0.1%00.example"),
        *("[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[::1%25lo]", "exa\tmple.example@127.0.0.1"),
    ],
)
def test_a_spelling_of_this_machine_is_refused(host: str) -> None:
    spy = Spy()
    result = tried(channel(address=f"http://{host}/"), GuardedNetwork(network=spy))
    assert result.error
    assert not spy.connects


def test_what_was_judged_is_what_is_connected_to_each_time() -> None:
    spy = Spy()
    network = GuardedNetwork(resolve=Names([PUBLIC], ["127.0.0.1"]), network=spy)
    to = channel(address="https://rebinding.example/")
    assert tried(to, network).error == UNREACHABLE
    assert spy.connects == [(PUBLIC, 443)]
    assert tried(to, network).error == UNREACHABLE
    assert spy.connects == [(PUBLIC, 443)]


@pytest.mark.parametrize("answers", [[PUBLIC, "10.0.0.1"], ["10.0.0.1", PUBLIC]])
def test_one_private_answer_refuses_the_name(answers: list[str]) -> None:
    spy = Spy()
    tried(channel(address="http://mixed.example/"), GuardedNetwork((), {}, Names(answers), spy))
    assert not spy.connects


def test_all_public_addresses_of_a_name_are_tried_in_turn() -> None:
    spy = Spy()
    both = Names([PUBLIC, "2606:4700::1111"])
    tried(channel(address="https://two.example/"), GuardedNetwork((), {}, both, spy))
    assert spy.connects == [(PUBLIC, 443), ("2606:4700::1111", 443)]


@pytest.mark.parametrize("port", [22, 25, 6379, 8080, 9092, 9200])
def test_other_ports_are_refused_unless_the_operators_networks_allow_them(port: int) -> None:
    spy, near = Spy(), (ip_network(f"{PUBLIC}/32"),)
    to = channel(address=f"http://hooks.example:{port}/")
    assert tried(to, GuardedNetwork((), {}, Names([PUBLIC]), spy)).error
    assert not spy.connects
    tried(to, GuardedNetwork(near, {}, Names([PUBLIC]), spy), near)
    assert spy.connects == [(PUBLIC, port)]


def test_nobody_is_told_open_from_closed_from_silent_from_refused_from_unknown() -> None:
    async def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    seconds = 0.6
    with Site(hook=silent) as site:
        loopback = GuardedNetwork(LOOPBACK, {"h.example": "127.0.0.1"})
        cases = {
            "silent": (site.url("/hook"), loopback, LOOPBACK),
            "closed": (f"http://127.0.0.1:{free_port()}/", loopback, LOOPBACK),
            "refused": ("http://h.example/", GuardedNetwork((), {"h.example": "127.0.0.1"}), ()),
            "unknown": ("http://unknown.example/", GuardedNetwork(resolve=unknown), ()),
            "another protocol": (site.url("/hook").replace("http:", "https:"), loopback, LOOPBACK),
        }
        told, took = set(), dict.fromkeys(cases, float("inf"))
        for _ in range(3):  # what else the machine does only ever makes a try longer
            for name, (address, network, allowed) in cases.items():
                result, took_now = timed(
                    channel(address=address), network, allowed, seconds=seconds
                )
                told.add(result)
                took[name] = min(took[name], took_now)
    assert told == {Tried(error=UNREACHABLE)}
    assert max(took.values()) - min(took.values()) < 0.1, took
    assert min(took.values()) >= seconds


def test_the_operators_networks_open_the_way_and_the_log_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with Site(hook=Reply()) as site:
        to = channel(address=f"http://hooks.example:{site.port}/hook")
        network = GuardedNetwork(LOOPBACK, {"hooks.example": "127.0.0.1"})
        with caplog.at_level(logging.WARNING):
            for _ in range(3):
                assert tried(to, network, LOOPBACK, seconds=5) == Tried()
    said = [each.getMessage() for each in caplog.records]
    assert len(said) == 1
    assert f"127.0.0.1 port {site.port}, which BEATWIRE_WEBHOOK_NETWORKS allows" in said[0]


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with Site() as proxy, Site(hook=Reply()) as site:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url())
            monkeypatch.setenv(name.upper(), proxy.url())
        to = channel(address=site.url("/hook"))
        assert tried(to, GuardedNetwork(LOOPBACK), LOOPBACK, seconds=5) == Tried()
    assert not proxy.asked


@pytest.mark.parametrize("name", ["hooks.example", "other.example"])
def test_the_certificate_must_be_the_names_and_trusted(tmp_path: Path, name: str) -> None:
    made = certificates("hooks.example", tmp_path)
    with Site(made.server, hook=Reply()) as site:
        to = channel(address=f"https://{name}/hook")
        spy = Spy(site.port)
        network = GuardedNetwork((), {}, Names([PUBLIC]), spy)
        known = tried(to, network, trusted=made.trusting, seconds=2)
        unknown = tried(to, network, seconds=0.2)
    assert known == (Tried() if name == "hooks.example" else Tried(error=UNREACHABLE))
    assert unknown == Tried(error=UNREACHABLE)
    assert spy.connects == [(PUBLIC, 443)] * 2
