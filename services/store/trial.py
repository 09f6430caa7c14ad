"""Stores for trials: a database on a server that others use too, a frontier of any size."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import batched
from secrets import token_hex

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from services.errors import UserError
from services.store import Store, frontier
from services.store.engine import writing
from services.store.places import Target
from services.store.store import SqlStore


@contextmanager
def trial_database(address: str) -> Iterator[str]:
    """The address of an empty database; the user of ``address`` must be allowed to make one.

    Raises UserError when that cannot be done.
    """
    name = f"trial_{token_hex(6)}"
    url = make_url(address).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            own = url.set(drivername="postgresql", database=name)
            yield own.render_as_string(hide_password=False)
        finally:
            with engine.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    except DBAPIError as error:
        where = url.render_as_string(hide_password=True)
        raise UserError(f"{where}: no database for a trial can be made: {error.orig}") from error
    finally:
        engine.dispose()


def fill_frontier(store: Store, targets: Iterable[Target]) -> None:
    """Add very many addresses that are not known yet, ten thousand a transaction."""
    assert isinstance(store, SqlStore)  # the only one that there is
    for batch in batched(targets, 10_000):
        with writing(store._engine) as connection:
            frontier.put_all(connection, batch)
