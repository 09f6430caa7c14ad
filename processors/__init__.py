"""Pages to articles to claims. Pure: no network, no database, no clock, no file but its data."""
