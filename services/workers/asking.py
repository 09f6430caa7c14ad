"""How many Celery workers answer: asked by who is no worker."""

from celery import Celery

from services.settings import Settings

ANSWER_SECONDS = 2.0


def answering(settings: Settings) -> int:
    """The number of workers that answer within ``ANSWER_SECONDS``; the broker must be there."""
    with Celery("asking", broker=settings.broker, set_as_current=False) as app:
        return len(app.control.ping(timeout=ANSWER_SECONDS))
