"""A client library is imported in the adapter that wraps it, and nowhere else."""

import ast
from pathlib import Path

import pytest

from tests.support.tree import PACKAGES, ROOT, modules

HOMES: dict[str, str | tuple[str, ...]] = {
    "kafka": "services/bus/kafka",
    "elasticsearch": "services/index/elasticsearch",
    "elastic_transport": "services/index/elasticsearch",
    "alembic": "services/store/",
    "psycopg": "services/store/",
    "prometheus_client": ("services/metrics.py", "services/probing/"),
    "tantivy": "services/index/tantivy",
    "pysqlite3": "services/sqlite",
    "sqlalchemy": "services/store/",
    "celery": "services/workers/",
    "scrapy": "crawlers/",
    "twisted": "crawlers/",
    "protego": "crawlers/",
    "playwright": "crawlers/rendering/",
    "spacy": "processors/nlp/",
    "trafilatura": ("processors/extract/", "services/bench/extraction"),
    "fastapi": "services/web/",
    "uvicorn": "services/web/",
    "aiosmtplib": "services/alerts/email",
    "httpcore": "services/alerts/",
    "standardwebhooks": "services/alerts/webhook",
}


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("path", modules(*PACKAGES), ids=str)
def test_clients_stay_in_their_adapters(path: Path) -> None:
    strays = {
        name
        for name in imported(path) & HOMES.keys()
        if not path.as_posix().startswith(HOMES[name])
    }
    assert not strays
