"""Files of weights: named arrays, checked against what a model expects before they are used."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from processors.nlp.mood.registry import MoodError

type Arrays = dict[str, NDArray[Any]]
type Shapes = Mapping[str, tuple[str | int, ...]]
"""The axes of each array; axes of one name have one length in all arrays."""


def pack(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """A compressed file of ``arrays``; floating numbers take two bytes each.

    The same arrays always give the same bytes.
    """
    out = io.BytesIO()
    small = {name: _small(array) for name, array in sorted(arrays.items())}
    np.savez_compressed(out, allow_pickle=False, **small)
    return out.getvalue()


def unpack(data: bytes, shapes: Shapes, source: str) -> Arrays:
    """The arrays in a file; floating numbers as float32.

    Raises MoodError, naming ``source``, unless it holds exactly ``shapes``.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {name: _wide(file[name]) for name in file.files}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise MoodError(f"{source}: no file of weights: {error}") from error
    check_shapes(arrays, shapes, source)
    return arrays


def check_shapes(arrays: Arrays, shapes: Shapes, source: str) -> None:
    """Raise MoodError unless ``arrays`` are exactly those of ``shapes``, and finite."""
    if set(arrays) != set(shapes):
        odd = ", ".join(sorted(set(arrays) ^ set(shapes)))
        raise MoodError(f"{source}: weights missing or unknown: {odd}")
    lengths: dict[str, int] = {}
    for name, axes in shapes.items():
        array = arrays[name]
        wanted = tuple(
            lengths.setdefault(axis, length) if isinstance(axis, str) else axis
            for axis, length in zip(axes, array.shape, strict=False)
        )
        if array.ndim != len(axes) or array.shape != wanted:
            raise MoodError(f"{source}: {name} has the shape {array.shape}, expected {wanted}")
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise MoodError(f"{source}: {name} holds what is no number")


def _small(array: NDArray[Any]) -> NDArray[Any]:
    return array.astype(np.float16) if array.dtype.kind == "f" else array


def _wide(array: NDArray[Any]) -> NDArray[Any]:
    return array.astype(np.float32) if array.dtype.kind == "f" else array
