"""Version 8: when sources are due, what waits to be fetched, hosts, robots.txt, patterns."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Text,
)

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(op: "Operations") -> None:
    """Addresses that were still to be fetched are found again by the next look at their feed."""
    on_postgresql = op.get_context().dialect.name == "postgresql"
    text, name = (
        (Text(collation="C"), String(collation="C")) if on_postgresql else (Text(), String())
    )
    moment = DateTime(timezone=True)

    def needed(column: str, kind: Any) -> Column[Any]:
        return Column(column, kind, nullable=False)

    op.create_table(
        "crawlers",
        *(needed("id", name), needed("place", text), needed("beat", Integer)),
        PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "watches",
        *(needed("source", text), Column("next_look", moment), Column("planned", moment)),
        *(needed("owner", name), needed("record", text)),
        PrimaryKeyConstraint("source"),
    )
    op.create_table(
        "queue",
        *(needed("url", text), needed("source", text), needed("host", text)),
        *(needed("due", moment), needed("priority", Integer), needed("archive", Boolean)),
        *(needed("since", moment), needed("tries", Integer), needed("owner", name)),
        PrimaryKeyConstraint("url"),
    )
    op.create_index("queue_by_due", "queue", ["owner", "due"])
    op.create_index("queue_by_host", "queue", ["host"])
    op.create_table(
        "hosts",
        *(needed("host", text), needed("owner", name), needed("wanted", Boolean)),
        *(Column("used", moment), needed("slower", Float), Column("paused_until", moment)),
        PrimaryKeyConstraint("host"),
    )
    op.create_index("hosts_by_owner", "hosts", ["owner"])
    op.create_table(
        "robots",
        *(needed("site", text), needed("status", Integer), needed("body", LargeBinary)),
        needed("fetched", moment),
        PrimaryKeyConstraint("site"),
    )
    op.create_table(
        "patterns",
        *(needed("day", Integer), needed("pattern", text), needed("addresses", Integer)),
        PrimaryKeyConstraint("day", "pattern"),
    )
    # Outcomes are told of each source; those of all sources are their sums.
    op.drop_index("targets_by_outcome", "targets")
    op.create_index("targets_by_source", "targets", ["source", "outcome"])
