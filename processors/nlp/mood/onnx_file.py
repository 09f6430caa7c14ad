"""The arrays in an ONNX file: the little of protobuf that is needed to take them out."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from processors.nlp.mood.weights import Arrays

_GRAPH, _INITIALIZER = 7, 5
_DIMS, _TYPE, _NAME, _RAW = 1, 2, 8, 9
_TYPES: dict[int, np.dtype[Any]] = {1: np.dtype("<f4"), 3: np.dtype("i1"), 7: np.dtype("<i8")}
"""The numbers of ONNX for float, int8 and int64; arrays of other types are left out."""
_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5


def read_arrays(data: bytes) -> Arrays:
    """Initializers by name, in the file's order.

    Raises ValueError when ``data`` is cut short or no protobuf.
    """
    found: Arrays = {}
    for number, graph in _fields(memoryview(data)):
        if number == _GRAPH and isinstance(graph, memoryview):
            for inner, tensor in _fields(graph):
                if inner == _INITIALIZER and isinstance(tensor, memoryview):
                    _read_tensor(tensor, found)
    return found


def _read_tensor(tensor: memoryview, found: Arrays) -> None:
    dims: list[int] = []
    kind, name, raw = 0, "", memoryview(b"")
    for number, value in _fields(tensor):
        if isinstance(value, int):
            if number == _DIMS:
                dims.append(value)
            elif number == _TYPE:
                kind = value
        elif number == _DIMS:
            dims += _packed(value)
        elif number == _NAME:
            name = bytes(value).decode()
        elif number == _RAW:
            raw = value
    if kind in _TYPES:
        found[name] = np.frombuffer(raw, dtype=_TYPES[kind]).reshape(dims)


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        kind = tag & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield tag >> 3, value
            continue
        if kind == _BYTES:
            size, at = _varint(data, at)
        elif kind in (_FOUR, _EIGHT):
            size = 4 if kind == _FOUR else 8
        else:
            raise ValueError(f"no ONNX file: field of kind {kind}")
        if at + size > len(data):
            raise ValueError("no ONNX file, or one that is cut short")
        yield tag >> 3, data[at : at + size]
        at += size


def _packed(data: memoryview) -> Iterator[int]:
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        yield value


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise ValueError("no ONNX file, or one that is cut short")
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
