"""What ``beatwire bench extract`` takes and shows."""

from pathlib import Path

import msgspec

from services.bench.extraction import ExtractBench, Side
from services.bench.webpages import WebPage, web_pages
from services.errors import UserError


def read_pages(path: Path | None) -> list[WebPage]:
    """The pages of a file of JSON lines, or the bench's own.

    Raises UserError when a line is no page, or there is none.
    """
    if path is None:
        return web_pages()
    pages = []
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                pages.append(msgspec.json.decode(line, type=WebPage))
            except (ValueError, RecursionError) as error:
                raise UserError(f"{path}, line {number}: {error}") from error
    if not pages:
        raise UserError(f'{path}: no pages; give lines of {{"id", "url", "html"}}')
    return pages


def extract_text(found: ExtractBench) -> str:
    """A few lines for people."""
    return "\n".join(
        (
            f"{found.pages} pages, {found.kilobytes} KB in the middle, {found.articles} of them "
            f"articles, {found.rounds} rounds",
            _side("beatwire", found.beatwire),
            _side("trafilatura", found.trafilatura),
            f"ratio {found.ratio}",
        )
    )


def _side(name: str, side: Side) -> str:
    page = side.page
    return (
        f"{name}: {side.pages_per_second} pages a CPU second; a page takes {page.p50} ms in the "
        f"middle, {page.p95} at p95, {page.worst} at most ({side.slowest})"
    )
