"""The guard's decision on addresses, and the resolver that puts every answer before it."""

from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.address import IPv4Address as Endpoint

from crawlers.fetching.resolver import GuardedResolver
from services.guard import first_refusal, refusal
from services.settings import Settings

LOOPBACK = (ip_network("127.0.0.1/32"),)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1"),
        *("255.255.255.255", "192.0.0.8", "192.0.2.1", "198.51.100.1", "203.0.113.1"),
        *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "fe80::1%eth0"),
        *("fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "64:ff9b::7f00:1"),
        *("64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "100::1"),
        *("2001:db8::1", "2001:0:7f00:1::", "2001:0:808:808:0:0:80ff:fffe", "2001:10::1"),
        *("5f00::1", "3fff::1", "not an address", "", "2130706433"),
    ],
)
def test_private_reserved_and_disguised_addresses_are_refused(address: str) -> None:
    assert refusal(address, ())


@pytest.mark.parametrize(
    "address",
    [
        *("8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111"),
        *("::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"),
    ],
)
def test_public_addresses_pass(address: str) -> None:
    assert refusal(address, ()) is None


@given(st.ip_addresses(v=4))
def test_an_address_in_disguise_is_judged_like_itself(address: IPv4Address) -> None:
    number = int(address)
    disguises = [
        f"::ffff:{address}",
        str(IPv6Address(0x64FF9B << 96 | number)),
        str(IPv6Address(0x2002 << 112 | number << 80)),
    ]
    plain = refusal(str(address), ()) is None
    assert [refusal(each, ()) is None for each in disguises] == [plain] * 3


def test_an_allowed_network_is_reached_on_any_port_and_nothing_beside_it_is() -> None:
    assert refusal("127.0.0.1", LOOPBACK, port=8099) is None
    assert refusal("::ffff:127.0.0.1", LOOPBACK, port=8099) is None
    assert refusal("127.0.0.2", LOOPBACK, port=80)
    assert refusal("::1", LOOPBACK, port=80)


@pytest.mark.parametrize("port", [22, 25, 6379, 8080, 9092, 9200])
def test_other_ports_than_the_webs_are_refused(port: int) -> None:
    assert refusal("8.8.8.8", (), port=port)
    assert refusal("8.8.8.8", (ip_network("8.8.8.0/24"),), port=port) is None


def test_one_private_answer_among_public_ones_refuses_the_name() -> None:
    assert first_refusal(["8.8.8.8", "127.0.0.1"], (), 80)
    assert first_refusal(["8.8.8.8", "8.8.4.4"], (), 80) is None


class Receiver:
    """What Twisted's endpoint is to a resolver: it connects to what it is handed."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.complete = False

    def resolutionBegan(self, resolution: object) -> None: ...  # noqa: N802 - Twisted's name

    def addressResolved(self, address: Any) -> None:  # noqa: N802 - Twisted's name
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's name
        self.complete = True


class Reactor:
    """A reactor whose name server gives each of its answers once, in turn."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)
        self.nameResolver: Any = self

    def resolveHostName(  # noqa: N802 - Twisted's name
        self, receiver: Any, name: str, port: int, kinds: object, semantics: str
    ) -> object:
        receiver.resolutionBegan(None)
        for address in self._answers.pop(0):
            receiver.addressResolved(Endpoint("TCP", address, port))
        receiver.resolutionComplete()
        return None


def resolve(resolver: GuardedResolver, name: str, port: int = 80) -> list[str]:
    receiver = Receiver()
    resolver.resolveHostName(receiver, name, port)
    assert receiver.complete
    return receiver.addresses


def test_a_name_that_changes_its_answer_is_judged_each_time() -> None:
    resolver = GuardedResolver(Settings(), Reactor(["8.8.8.8"], ["127.0.0.1"], ["8.8.8.8"]))
    assert resolve(resolver, "rebinding.example") == ["8.8.8.8"]
    assert resolve(resolver, "rebinding.example") == []
    assert resolver.refused == {("rebinding.example", 80)}
    assert resolve(resolver, "rebinding.example") == ["8.8.8.8"]
    assert resolver.refused == set()


def test_nothing_is_handed_over_before_the_last_answer_is_judged() -> None:
    resolver = GuardedResolver(Settings(), Reactor(["8.8.8.8", "10.0.0.1"]))
    assert resolve(resolver, "mixed.example") == []


def test_fixed_hosts_need_no_name_server_and_pass_the_guard_all_the_same() -> None:
    hosts = {"ledger.example": "127.0.0.1"}
    allowed = GuardedResolver(Settings(hosts=hosts, allow_networks=LOOPBACK), Reactor())
    assert resolve(allowed, "Ledger.example.", 8099) == ["127.0.0.1"]
    refused = GuardedResolver(Settings(hosts=hosts), Reactor())
    assert resolve(refused, "ledger.example") == []
