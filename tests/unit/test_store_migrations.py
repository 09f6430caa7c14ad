"""Migrations of the store on SQLite: from the first release's file, and from nothing."""

import ast
import pkgutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData

from services.store import migrations, tables
from services.store.engine import reading
from services.store.port import Copy, Joined, Source, Target
from services.store.store import SqlStore, open_sql_store
from tests.support.databases import differences
from tests.support.old_store import make_old_store

FEED = "https://ledger.example/feed.xml"
BEFORE_THE_RULE = {"signatures"}
"""Steps that older workers could not run beside; nobody runs a release of before them."""
THEN = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


def opened(path: Path) -> SqlStore:
    return open_sql_store(f"sqlite:///{path}")


def definitions(path: Path) -> set[tuple[str, str]]:
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        made = set(found.fetchall())
    connection.close()
    return made


def test_a_store_of_the_first_release_is_taken_over_without_loss(path: Path) -> None:
    make_old_store(path)
    for _ in range(2):
        with opened(path) as store:
            [source] = store.sources()
            assert source == Source(
                id="ledger", url=FEED, name="Bé 新聞", added_at=THEN, note="12 entries"
            )
            assert store.targets(FEED) == [
                Target(
                    url="https://ledger.example/1",
                    source="ledger",
                    etag='W/"1"',
                    content_hash="abab",
                    fetched_at=THEN,
                    outcome="published",
                )
            ]
            assert store.outcomes() == {"read": {"stored": 1}}
            alone = [Joined("a", original=True)]
            assert store.join_stories([Copy(article_id="a", published=THEN, seen=THEN)]) == alone


def test_an_old_store_and_a_new_one_end_alike(path: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.sqlite"
    make_old_store(path)
    for each in (path, new):
        with opened(each) as store, reading(store._engine) as connection:
            assert differences(connection) == []
    assert definitions(path) == definitions(new)


def test_what_an_older_release_looks_at_says_that_the_store_is_newer(path: Path) -> None:
    opened(path).close()
    with sqlite3.connect(path) as old:
        assert old.execute("SELECT version FROM beatwire_schema").fetchall() == [
            (migrations.VERSION,)
        ]
    old.close()


def test_a_forgotten_migration_is_noticed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wider = MetaData()
    for table in tables.metadata.sorted_tables:
        table.to_metadata(wider)
    wider.tables["sources"].append_column(Column("forgotten", tables.Words))
    monkeypatch.setattr(tables, "metadata", wider)
    with opened(path) as store, reading(store._engine) as connection:
        assert "forgotten" in str(differences(connection))


def test_every_module_of_migrations_is_a_step_that_stands_alone() -> None:
    names = {module.name for module in pkgutil.iter_modules(migrations.__path__)}
    assert names == set(migrations.STEPS)
    for name in names:
        source = Path(migrations.__path__[0], f"{name}.py").read_text()
        imported = {
            node.module.partition(".")[0]
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.ImportFrom) and node.module
        }
        assert imported <= {"typing", "sqlalchemy", "alembic"}


def test_migrations_cost_nothing_where_there_are_none(path: Path) -> None:
    opened(path).close()
    script = (
        "import sys\n"
        "from services.store.store import open_sql_store\n"
        f"open_sql_store('sqlite:///{path}').outcomes()\n"
        "print('alembic' in sys.modules, 'psycopg' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout == "False False\n"


def test_every_step_leaves_room_for_workers_of_the_release_before(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 91: those that run on beside newer ones write rows without what came later."""
    before: dict[str, dict[str, bool]] = {}
    for version in range(1, len(migrations.STEPS) + 1):
        with monkeypatch.context() as past:
            past.setattr(migrations, "STEPS", migrations.STEPS[:version])
            past.setattr(migrations, "VERSION", version)
            opened(path).close()
        after = columns(path)
        step = migrations.STEPS[version - 1]
        for table, known in before.items() if step not in BEFORE_THE_RULE else ():
            assert known.keys() <= after[table].keys(), f"{step} takes columns of {table} away"
            needed = {name for name in after[table].keys() - known.keys() if after[table][name]}
            assert not needed, f"{step}: an older worker leaves {needed} of {table} out"
        before = after


def columns(path: Path) -> dict[str, dict[str, bool]]:
    """Table to column to whether a row needs a value for it."""
    with sqlite3.connect(path) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        found = {
            table: {
                name: bool(required) and default is None
                for _, name, _, required, default, _ in connection.execute(
                    f"PRAGMA table_info({table})"
                )
            }
            for (table,) in names.fetchall()
        }
    connection.close()
    return found
