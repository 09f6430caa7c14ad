"""What the page ``/api`` shows: the operations, the problems and the columns, as plain values."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from services.answers.rows import ARTICLE_COLUMNS, CLAIM_COLUMNS
from services.answers.shapes import plain
from services.web.api.operations import DOWNLOADS, OPERATIONS, ROOT, Download, Operation
from services.web.api.parameters import Parameter
from services.web.api.problems import KINDS
from services.web.api.sample import ARTICLE_ID, SAMPLES

LONGEST_EXAMPLE = 60
"""Lines of an example that are shown."""


class ParameterView(msgspec.Struct, frozen=True):
    name: str
    text: str
    values: str
    default: str


class OperationView(msgspec.Struct, frozen=True, kw_only=True):
    anchor: str
    path: str
    summary: str
    parameters: tuple[ParameterView, ...]
    curl: str
    example: str = ""


class ProblemView(msgspec.Struct, frozen=True):
    anchor: str
    status: int
    title: str
    what: str


class Description(msgspec.Struct, frozen=True, kw_only=True):
    operations: tuple[OperationView, ...]
    downloads: tuple[OperationView, ...]
    problems: tuple[ProblemView, ...]
    article_columns: tuple[str, ...] = ARTICLE_COLUMNS
    claim_columns: tuple[str, ...] = CLAIM_COLUMNS


def guide(show: Callable[..., Response]) -> Callable[[Request], Response]:
    """The handler of ``/api``: what programs may ask, described for people."""
    described = description()

    def answer(_: Request) -> Response:
        return show("api.html", here="api", api=described)

    return answer


def description() -> Description:
    return Description(
        operations=tuple(map(_operation, OPERATIONS)),
        downloads=tuple(map(_download, DOWNLOADS)),
        problems=tuple(ProblemView(kind, *told) for kind, told in KINDS.items()),
    )


def _operation(operation: Operation) -> OperationView:
    by_id = "deep-harbour" if "entities" in operation.path else ARTICLE_ID
    path = ROOT + operation.path
    lines = json.dumps(_sample(operation), indent=2, ensure_ascii=False).splitlines()
    cut = lines[:LONGEST_EXAMPLE]
    return OperationView(
        anchor=operation.name,
        path=path,
        summary=operation.summary,
        parameters=tuple(map(_parameter, operation.parameters)),
        curl=_curl(path.replace("{id}", by_id), operation.parameters),
        example="\n".join([*cut, "…"] if len(cut) < len(lines) else cut),
    )


def _sample(operation: Operation) -> Any:
    return json.loads(msgspec.json.encode(plain(SAMPLES[operation.answer])))


def _download(download: Download) -> OperationView:
    return OperationView(
        anchor=download.name,
        path=download.path,
        summary=download.summary,
        parameters=tuple(map(_parameter, download.parameters)),
        curl=_curl(download.path, download.parameters),
    )


def _parameter(parameter: Parameter) -> ParameterView:
    schema = parameter.schema
    values = ", ".join(schema.get("enum", ())) or str(schema.get("format", schema["type"]))
    default = json.dumps(parameter.default) if parameter.default else ""
    return ParameterView(parameter.name, parameter.text, values, default.strip('"'))


def _curl(path: str, parameters: tuple[Parameter, ...]) -> str:
    shown = [(one.name, one.example) for one in parameters if one.name in ("q", "limit")]
    return f"curl 'http://127.0.0.1:8321{path}{'?' if shown else ''}{urlencode(shown)}'"
