"""The Celery application. Its tasks are in ``services.workers.tasks``."""

from celery import Celery

app = Celery("beatwire", include=["services.workers.tasks"])
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    result_serializer="json",
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    task_routes={"beatwire.read": {"queue": "read"}, "beatwire.index": {"queue": "index"}},
)
