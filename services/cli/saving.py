"""Files that appear under their name when they are whole, and not before."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from services.errors import UserError


def write_out(lines: Iterable[bytes], out: Path | None) -> None:
    """Write the lines to a file, or to standard output when there is none.

    Raises UserError when the file cannot be made. Whatever stops the writing, the name holds
    either the whole new file or what it held before.
    """
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.writelines(lines)
        sys.stdout.buffer.flush()
        return
    with _whole(out) as file:
        file.writelines(lines)


@contextmanager
def _whole(out: Path) -> Iterator[BinaryIO]:
    if out.exists() and not out.is_file():  # a pipe or a device is written to as it is
        with _opened(out) as file:
            yield file
        return
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with _opened(part) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("wb")
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}") from error
