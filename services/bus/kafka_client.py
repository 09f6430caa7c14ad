"""How the clients of kafka-python are made, bounded in time, and what their errors mean."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from kafka.errors import (
    AuthorizationError,
    KafkaError,
    SaslAuthenticationFailedError,
    UnsupportedVersionError,
)
from kafka.net.compat import KafkaNetClient

from services.bus.kafka_address import Address
from services.errors import TryLater, UserError

CONNECT_SECONDS = 5.0
"""The longest wait for a first answer of a broker."""
CALL_SECONDS = 10.0
"""The longest wait for an answer."""
METADATA_SECONDS = 30.0
"""How old the knowledge of brokers and partitions may be."""


def millis(seconds: float) -> int:
    return int(seconds * 1000)


def connect(make: Callable[..., Any], address: Address, **config: Any) -> Any:
    """A client of kafka-python; its threads end when it cannot be made.

    Without that, each try while the broker is away would leave a thread behind.
    """
    made: list[Any] = []

    def net_client(**given: Any) -> Any:
        made.append(KafkaNetClient(**given))
        return made[-1]

    try:
        return make(
            bootstrap_servers=list(address.servers),
            client_id="beatwire",
            kafka_client=net_client,
            bootstrap_timeout_ms=millis(CONNECT_SECONDS),
            request_timeout_ms=millis(CALL_SECONDS),
            metadata_max_age_ms=millis(METADATA_SECONDS),
            # Seconds after a broker is back it must be used again.
            reconnect_backoff_max_ms=1000,
            **config,
        )
    except BaseException:
        for client in made:
            client.close()
        raise


@contextmanager
def answered(address: Address) -> Iterator[None]:
    """Say what an error means: a broker that is away or busy is asked again later."""
    try:
        yield
    except (AuthorizationError, SaslAuthenticationFailedError, UnsupportedVersionError) as error:
        raise UserError(f"{address} refuses: {_words(error)}; give this user the right") from error
    except KafkaError as error:
        raise TryLater(f"{address} does not answer as it should: {_words(error)}") from error


def _words(error: BaseException) -> str:
    """The error in one line, with its class: many have no text of their own."""
    text = " ".join(str(error).split())[:300]
    name = type(error).__name__
    return text if text.startswith(name) else f"{name}: {text}"
