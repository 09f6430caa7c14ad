"""Addresses of Kafka."""

import pytest

from services.bus.kafka_address import Address, parse
from services.errors import SettingsError


@pytest.mark.parametrize(
    ("text", "servers", "prefix"),
    [
        ("kafka://127.0.0.1:9092", ("127.0.0.1:9092",), ""),
        ("kafka://127.0.0.1:9092/", ("127.0.0.1:9092",), ""),
        ("kafka://a.example:1,b.example:65535/x-2", ("a.example:1", "b.example:65535"), "x-2"),
        ("kafka://[::1]:9092/x", ("[::1]:9092",), "x"),
    ],
)
def test_an_address_has_servers_and_a_prefix(
    text: str, servers: tuple[str, ...], prefix: str
) -> None:
    address = parse(text)
    assert address == Address(servers, prefix)
    assert parse(str(address)) == address


@pytest.mark.parametrize(
    "text",
    [
        "kafka://",
        "kafka://localhost",
        "kafka://localhost:",
        "kafka://localhost:0",
        "kafka://localhost:65536",
        "kafka://localhost:9092,",
        "kafka://localhost:9092/a.b",
        "kafka://localhost:9092/a/b",
        "kafka:localhost:9092",
        "kafka://ho st:9092",
    ],
)
def test_what_is_no_address_is_named_with_what_is_expected(text: str) -> None:
    with pytest.raises(SettingsError, match=r"BEATWIRE_BUS=kafka.* expected kafka://HOST:PORT"):
        parse(text)


def test_a_password_is_never_shown() -> None:
    with pytest.raises(SettingsError, match="BEATWIRE_BUS is no address") as caught:
        parse("kafka://me:secret@localhost:9092")
    assert "secret" not in str(caught.value)


def test_the_prefix_goes_before_every_name() -> None:
    assert Address(("h:1",), "beta").name("pages") == "beta.pages"
    assert Address(("h:1",)).name("pages") == "pages"
