"""The Celery broker: its address, and a look at it; Celery itself does all the work with it."""

import re

from services.errors import SettingsError, TryLater

PATIENCE_SECONDS = 2.0
_ADDRESS = re.compile(
    r"rediss?://(?:[^:@/\s]*:[^@/\s]+@)?(?:\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}/\d{1,4}", re.ASCII
)
_PROBE = "beatwire:probe"


def check_address(address: str) -> None:
    """Raises SettingsError, which never shows the address: it may hold a password."""
    if address and not _ADDRESS.fullmatch(address):
        raise SettingsError(
            "BEATWIRE_BROKER is no address of Redis: expected redis://[:PASSWORD@]HOST:PORT/NUMBER"
            ", with @ and / in a password written as %40 and %2F"
        )


def check_broker(address: str) -> None:
    """Raises TryLater when the broker cannot be used now, such as one that is full."""
    import redis

    broker = redis.Redis.from_url(
        address, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS
    )
    try:
        with broker:
            broker.set(_PROBE, 1, ex=10)
    except redis.AuthenticationError as error:
        raise TryLater("the broker refuses the password; set BEATWIRE_BROKER") from error
    except redis.ResponseError as error:
        raise TryLater(f"the broker takes nothing ({str(error)[:100]})") from error
    except redis.RedisError as error:
        raise TryLater(f"the broker does not answer ({type(error).__name__})") from error
