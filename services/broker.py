"""A look at the Celery broker, for readiness; Celery itself does all the work with it."""

from services.errors import TryLater

PATIENCE_SECONDS = 2.0


def check_broker(address: str) -> None:
    """Raises TryLater when the broker does not answer; the address may hold a password."""
    import redis

    broker = redis.Redis.from_url(
        address, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS
    )
    try:
        with broker:
            broker.ping()
    except redis.RedisError as error:
        raise TryLater(f"the broker does not answer ({type(error).__name__})") from error
