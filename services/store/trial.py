"""A database for a trial on a server that others use too, gone at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from services.errors import UserError


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
