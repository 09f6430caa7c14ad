"""Sources written to a file: OPML for feed readers, TOML for people, JSON for programs."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal, get_args

from services.sources.opml import write_opml
from services.sources.rules import Draft
from services.sources.spans import span_text
from services.store.port import Source

ExportFormat = Literal["opml", "json", "toml"]
EXPORTS: tuple[ExportFormat, ...] = get_args(ExportFormat)
MEDIA = {
    "opml": "text/x-opml; charset=utf-8",
    "json": "application/json",
    "toml": "application/toml",
}


def write_list(form: ExportFormat, sources: Sequence[Source], now: datetime) -> bytes:
    """What ``lists.read_list`` reads as the same sources."""
    if form == "opml":
        return write_opml(sources, now)
    rows = [list_row(source) for source in sources]
    if form == "json":
        text = json.dumps({"sources": rows}, ensure_ascii=False, indent=2) + "\n"
    else:
        text = "".join(_toml(rows))
    # What no text may hold (a half of a pair) becomes a question mark.
    return text.encode("utf-8", "replace")


def list_row(source: Source) -> dict[str, str | int | bool]:
    """The fields that an import takes; those that say nothing are left out."""
    plain = Draft(url=source.url)
    values: dict[str, str | int | bool] = {
        name: getattr(source, name) for name in Draft.__struct_fields__ if name != "every"
    }
    values["every"] = span_text(source.every) if source.every else ""
    return {
        name: values[name]
        for name in ("id", *Draft.__struct_fields__)
        if name == "url" or values[name] != getattr(plain, name)
    }


def _toml(rows: Iterable[dict[str, str | int | bool]]) -> Iterator[str]:
    yield "# Sources of Beatwire: `beatwire sources import FILE` takes them in.\n"
    for row in rows:
        yield "\n[[sources]]\n"
        for name, value in row.items():
            yield f"{name} = {_toml_value(value)}\n"


def _toml_value(value: str | int | bool) -> str:
    """JSON's spelling, which is TOML's but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
