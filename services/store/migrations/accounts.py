"""Version 3: users, their sessions, API keys and saved searches."""

from typing import TYPE_CHECKING

from sqlalchemy import Boolean, Column, DateTime, String, Text

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(op: "Operations") -> None:
    """Make the four tables."""
    on_postgresql = op.get_context().dialect.name == "postgresql"
    text = Text(collation="C") if on_postgresql else Text()
    name = String(collation="C") if on_postgresql else String()
    moment = DateTime(timezone=True)
    op.create_table(
        "users",
        Column("name", text, primary_key=True),
        Column("password", name, nullable=False),
        Column("role", name, nullable=False),
        Column("created_at", moment, nullable=False),
        Column("disabled", Boolean, nullable=False),
    )
    op.create_table(
        "sessions",
        Column("digest", name, primary_key=True),
        Column("user", text, nullable=False),
        Column("created_at", moment, nullable=False),
        Column("expires_at", moment, nullable=False),
    )
    op.create_index("sessions_by_user", "sessions", ["user"])
    op.create_index("sessions_by_end", "sessions", ["expires_at"])
    op.create_table(
        "api_keys",
        Column("prefix", name, primary_key=True),
        Column("digest", name, nullable=False),
        Column("owner", text, nullable=False),
        Column("label", text, nullable=False),
        Column("scopes", name, nullable=False),
        Column("created_at", moment, nullable=False),
        Column("used_at", moment),
        Column("revoked_at", moment),
    )
    op.create_index("api_keys_by_owner", "api_keys", ["owner"])
    op.create_table(
        "saved_searches",
        Column("id", name, primary_key=True),
        Column("owner", text, nullable=False),
        Column("name", text, nullable=False),
        Column("address", text, nullable=False),
        Column("created_at", moment, nullable=False),
    )
    op.create_index("saved_searches_by_name", "saved_searches", ["owner", "name"], unique=True)
