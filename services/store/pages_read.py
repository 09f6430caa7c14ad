"""How each source's last pages were read, from which a change of layout is told."""

from collections import defaultdict
from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import Connection, and_, delete, or_, select

from processors.layout import KEPT, Health, PageRead, health
from services.store.rows import upsert_newer
from services.store.tables import pages_read

_COLUMNS = [pages_read.c[name] for name in PageRead.__struct_fields__]


def put(connection: Connection, pages: Sequence[PageRead]) -> None:
    """Note pages, and drop what is too far back of their sources."""
    latest: dict[tuple[str, str], PageRead] = {}
    for page in sorted(pages, key=lambda page: page.at):
        latest[page.source, page.page] = page
    rows = [msgspec.structs.asdict(page) for page in latest.values()]
    upsert_newer(connection, pages_read, rows, "at")
    for source in sorted({page.source for page in pages}):
        _drop_old(connection, source)


def _drop_old(connection: Connection, source: str) -> None:
    at, page = pages_read.c.at, pages_read.c.page
    theirs = pages_read.c.source == source
    last = select(at, page).where(theirs).order_by(at.desc(), page.desc()).offset(KEPT - 1).limit(1)
    if found := connection.execute(last).first():
        older = or_(at < found.at, and_(at == found.at, page < found.page))
        connection.execute(delete(pages_read).where(theirs, older))


def health_of(connection: Connection, sources: Collection[str] | None) -> dict[str, Health]:
    """See ``Store.extraction_health``."""
    wanted = select(*_COLUMNS).order_by(pages_read.c.source, pages_read.c.at, pages_read.c.page)
    if sources is not None:
        wanted = wanted.where(pages_read.c.source.in_(sorted(sources)))
    found = defaultdict(list)
    for row in connection.execute(wanted):
        found[row.source].append(PageRead(**row._mapping))
    return {source: health(source, pages) for source, pages in found.items()}
