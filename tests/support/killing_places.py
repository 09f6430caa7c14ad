"""Where the matrix runs: files in a folder, or the real servers with names of its own on them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Literal

import pytest

from tests.support.killing_load import HOSTS
from tests.support.servers import private_servers, required_server

Mode = Literal["embedded", "servers"]


@contextmanager
def place(mode: Mode, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Settings, for this process and those that it starts, of an empty pipeline."""
    with ExitStack() as stack:
        settings = {
            "HOME": str(home),
            "ALLOW_NETWORKS": "127.0.0.1/32",
            "HOSTS": ",".join(f"{host}=127.0.0.1" for host in HOSTS),
            "CRAWL_DELAY": "0",
            "WEBHOOK_NETWORKS": "127.0.0.1/32",
        }
        if mode == "servers":
            settings |= _on_servers(stack)
        for name, value in settings.items():
            monkeypatch.setenv(f"BEATWIRE_{name}", value)
        yield


def _on_servers(stack: ExitStack) -> dict[str, str]:
    from tests.support import kafka
    from tests.support.databases import fresh_database
    from tests.support.elasticsearch_index import own_address

    server, prefix = required_server("kafka"), f"kill-{token_hex(4)}"
    stack.callback(kafka.remove, server, {prefix})
    return {
        "BUS": f"{server}/{prefix}",
        "INDEX": stack.enter_context(own_address()),
        "STORE": stack.enter_context(fresh_database(required_server("postgresql"))),
        "BROKER": stack.enter_context(private_servers("redis")).address("redis"),
    }
