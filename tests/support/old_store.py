"""An SQLite store as the first release made it, with something of everything in it."""

import sqlite3
from pathlib import Path

TABLES = """
CREATE TABLE beatwire_schema (
	version INTEGER NOT NULL
);
CREATE TABLE sources (
	id TEXT NOT NULL, 
	url TEXT NOT NULL, 
	name TEXT NOT NULL, 
	added_at DATETIME NOT NULL, 
	paused BOOLEAN NOT NULL, 
	checked_at DATETIME, 
	note TEXT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE targets (
	url TEXT NOT NULL, 
	source TEXT NOT NULL, 
	hints TEXT, 
	etag TEXT NOT NULL, 
	last_modified TEXT NOT NULL, 
	content_hash VARCHAR NOT NULL, 
	fetched_at DATETIME, 
	outcome VARCHAR NOT NULL, 
	PRIMARY KEY (url)
);
CREATE INDEX targets_by_outcome ON targets (outcome);
CREATE TABLE links (
	listing TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	PRIMARY KEY (listing, position)
);
CREATE TABLE outcomes (
	stage VARCHAR NOT NULL, 
	topic VARCHAR NOT NULL, 
	partition INTEGER NOT NULL, 
	"offset" INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	outcome VARCHAR NOT NULL, 
	reason TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (stage, topic, partition, "offset")
);
CREATE INDEX outcomes_by_end ON outcomes (stage, outcome);
"""  # noqa: W291 - as it stands in the files

ROWS = """
INSERT INTO beatwire_schema VALUES (1);
INSERT INTO sources VALUES ('ledger', 'https://ledger.example/feed.xml', 'Bé 新聞',
    '2026-03-01 12:00:00.123456', 0, NULL, '12 entries');
INSERT INTO targets VALUES ('https://ledger.example/1', 'ledger', NULL, 'W/"1"', '', 'abab',
    '2026-03-01 12:00:00.123456', 'published');
INSERT INTO links VALUES ('https://ledger.example/feed.xml', 0, 'https://ledger.example/1');
INSERT INTO outcomes VALUES ('read', 'pages', 0, 7, 'id 7', 'stored', '',
    '2026-03-01 12:00:00.123456');
"""


def make_old_store(path: Path) -> None:
    """Make the file. It has one source, one address of its feed, one outcome."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(path) as connection:
        connection.executescript(TABLES + ROWS)
    connection.close()
