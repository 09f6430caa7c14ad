"""The tables of crawls: when sources are due, what waits to be fetched, who works on which host."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, LargeBinary, Table

from services.store.tables import Moment, Name, Words, metadata

crawlers = Table(
    "crawlers",
    metadata,
    Column("id", Name, primary_key=True),
    Column("place", Words, nullable=False),
    Column("beat", Integer, nullable=False),
)
"""Crawler processes at work. ``beat`` goes up while one lives, so that no clocks are compared."""

watches = Table(
    "watches",
    metadata,
    Column("source", Words, primary_key=True),
    Column("next_look", Moment),
    Column("planned", Moment),
    Column("owner", Name, nullable=False),
    Column("record", Words, nullable=False),
)
"""Each source's next look, the crawler that takes it, and a ``Watch`` as JSON."""

queue = Table(
    "queue",
    metadata,
    Column("url", Words, primary_key=True),
    Column("source", Words, nullable=False),
    Column("host", Words, nullable=False),
    Column("due", Moment, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("archive", Boolean, nullable=False),
    Column("since", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("owner", Name, nullable=False),
    Index("queue_by_due", "owner", "due"),
    Index("queue_by_host", "host"),
)
"""What is to be fetched, or looked at again, and the crawler that does it; empty: nobody yet."""

hosts = Table(
    "hosts",
    metadata,
    Column("host", Words, primary_key=True),
    Column("owner", Name, nullable=False),
    Column("wanted", Boolean, nullable=False),
    Column("used", Moment),
    Column("slower", Float, nullable=False),
    Column("paused_until", Moment),
    Index("hosts_by_owner", "owner"),
)
"""One crawler at a time works on a host; what it learnt of it is for the next one."""

robots = Table(
    "robots",
    metadata,
    Column("site", Words, primary_key=True),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("fetched", Moment, nullable=False),
)
"""The robots.txt of each scheme, host and port; its first 512 KiB."""

patterns = Table(
    "patterns",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("pattern", Words, primary_key=True),
    Column("addresses", Integer, nullable=False),
)
"""How many new addresses of one pattern were named on a day (counted from 1970)."""
