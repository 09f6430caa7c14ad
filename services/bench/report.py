"""``beatwire bench report``: the tables of a document from saved runs.

A table stands between ``<!-- measured: NAME … -->`` and ``<!-- end -->``; each name is a file in
folder ``measured`` beside the document, as a bench's ``--json`` prints it. What is around the
tables is prose, and left.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from services.bench.report_tables import TABLES, Run
from services.errors import UserError

FOLDER = "measured"
BLOCK = re.compile(r"(<!-- measured: ([\w -]+?) -->\n).*?(<!-- end -->)", re.DOTALL)
_NAME = re.compile(r"[\w-]{1,60}\.json", re.ASCII)


def report(document: Path, files: Sequence[Path]) -> list[str]:
    """Take these runs over into the folder, then write all tables anew; the names of all runs.

    Raises UserError for a document without tables, and for a file that is no run of a bench.
    """
    text = _text(document)
    names = [name for found in BLOCK.finditer(text) for name in found[2].split()]
    if not names:
        raise UserError(f"{document} has no line like <!-- measured: nlp -->: say where tables go")
    taken = {path.stem: _taken(path, names, document) for path in files}
    folder = document.parent / FOLDER
    runs = {name: taken.get(name) or read_run(folder / f"{name}.json") for name in names}
    written = rewritten(text, runs)
    for name, run in taken.items():
        (folder / f"{name}.json").write_bytes(_pretty(run))
    document.write_text(written)
    return names


def rewritten(text: str, runs: Mapping[str, Run]) -> str:
    """The document with its tables made of these runs."""

    def table(found: re.Match[str]) -> str:
        some = [runs[name] for name in found[2].split()]
        return f"{found[1]}{TABLES[some[0]['bench']](some)}{found[3]}"

    return BLOCK.sub(table, text)


def read_run(path: Path) -> Run:
    """What a bench printed. Raises UserError when the file holds no such thing."""
    remedy = "save one: beatwire bench nlp --json > nlp.json"
    try:
        run: Any = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}; {remedy}") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path} is no JSON: {error}; {remedy}") from error
    machine = run.get("machine") if isinstance(run, dict) else None
    if not isinstance(machine, dict) or not {"date", "cores", "processor"} <= machine.keys():
        raise UserError(f"{path} tells no machine and date, so it is no run of a bench; {remedy}")
    if not isinstance(run.get("bench"), str) or run["bench"] not in TABLES:
        known = ", ".join(TABLES)
        raise UserError(f"{path} is of no bench that has a table ({known}); {remedy}")
    found: Run = run
    return found


def _taken(path: Path, names: Sequence[str], document: Path) -> Run:
    if not _NAME.fullmatch(path.name) or path.stem not in names:
        raise UserError(
            f"{path}: {document} has no table of {path.stem[:60]!r}; name the file after one of "
            f"{', '.join(names)}"
        )
    return read_run(path)


def _text(document: Path) -> str:
    try:
        return document.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise UserError(
            f"{document} cannot be read: {error}; give a document with tables"
        ) from error


def _pretty(run: Run) -> bytes:
    return msgspec.json.format(msgspec.json.encode(run), indent=1) + b"\n"
