"""The description of the API as OpenAPI 3.1, made from the operations and the shapes."""

from typing import Any

import msgspec

from services.answers import shapes
from services.version import VERSION
from services.web.api.operations import DOWNLOADS, OPERATIONS, ROOT, Download, Operation
from services.web.api.parameters import Parameter
from services.web.api.problems import KINDS, MEDIA_TYPE, Problem
from services.web.api.sample import SAMPLES

REF = "#/components/schemas/{name}"
OF_EVERY = ("login", "forbidden", "parameter", "too-often", "broken", "away")
TIMES = (
    *("published", "updated", "fetched_at", "newest", "at", "created_at", "since", "muted_until"),
    *("looked_at", "last_progress", "last_seen"),
)
FORMATS = dict.fromkeys(TIMES, "date-time")
"""Of the fields that are times; all have a zone."""
ID_SCHEMA = {"type": "string", "minLength": 1}


def document() -> dict[str, Any]:
    """The whole description; its examples are answers about a sample article."""
    answers = [operation.answer for operation in OPERATIONS]
    _, components = msgspec.json.schema_components(
        [*dict.fromkeys(answers), Problem], ref_template=REF
    )
    paths = {ROOT + each.path: {"get": _operation(each)} for each in OPERATIONS}
    paths |= {each.path: {"get": _download(each)} for each in DOWNLOADS}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Beatwire",
            "version": VERSION,
            "summary": "Coverage of the AI industry, searchable by what it says.",
            "description": "Errors are problem details (RFC 9457); /api describes their types.",
        },
        "security": [{}, {"key": []}],
        "paths": paths,
        "components": {
            "schemas": {name: _whole(name, one) for name, one in components.items()},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    name = operation.answer.__name__
    content = {"schema": {"$ref": REF.format(name=name)}}
    if sample := SAMPLES.get(operation.answer):
        content["example"] = shapes.plain(sample)
    answer: dict[str, Any] = {"description": operation.summary}
    answer["content"] = {"application/json": content}
    if operation.paged:
        answer["headers"] = {
            "Link": {
                "description": "The address of the next page, with rel=next; none on the last.",
                "schema": {"type": "string"},
            }
        }
    by_id = "{id}" in operation.path
    kinds = _kinds(operation.parameters, by_id=by_id)
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [
            *([{"name": "id", "in": "path", "required": True, "schema": ID_SCHEMA}] * by_id),
            *map(_parameter, operation.parameters),
        ],
        "responses": {"200": answer, **_problems(kinds)},
    }


def _download(download: Download) -> dict[str, Any]:
    answer = {
        "description": download.summary,
        "content": {download.media_type: {"schema": {"type": "string"}}},
    }
    if download.media_type.endswith("json"):
        answer["content"] = {download.media_type: {"schema": {"type": "object"}}}
    responses: dict[str, Any] = {"200": answer}
    if not download.form:
        responses["304"] = {"description": "The reader's copy is this one."}
    return {
        "operationId": download.name,
        "summary": download.summary,
        "parameters": [*map(_parameter, download.parameters)],
        "responses": {**responses, **_problems(_kinds(download.parameters, by_id=False))},
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    told = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.text,
        "schema": dict(parameter.schema),
    }
    return told | ({"example": parameter.example} if parameter.example != "" else {})


def _kinds(parameters: tuple[Parameter, ...], *, by_id: bool) -> list[str]:
    has_query = any(parameter.name == "q" for parameter in parameters)
    return [*(["query"] * has_query), *(["not-found"] * by_id), *OF_EVERY]


def _problems(kinds: list[str]) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": REF.format(name="Problem")}}}
    return {
        str(KINDS[kind][0]): {"description": KINDS[kind][1], "content": content} for kind in kinds
    }


def _whole(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a record as ``shapes.plain`` sends it: an object with every field.

    Records leave their defaults out, and spans are lists, where they cross a topic; answers hold
    all of it by name. Of a problem only what is known is sent.
    """
    if name == "Span":
        whole = {"type": "integer"}
        properties: dict[str, Any] = {"start": whole, "end": whole}
        schema = {**schema, "type": "object", "properties": properties}
        schema.pop("prefixItems")
        schema.pop("minItems")
    elif name == "Problem" or "properties" not in schema:
        return schema
    fields = {name: one for name, one in schema["properties"].items() if name != "schema"}
    properties = {name: _field(name, one) for name, one in fields.items()}
    return {**schema, "properties": properties, "required": [*properties]}


def _field(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in schema.items() if key != "default"}
    return kept | ({"format": FORMATS[name]} if name in FORMATS else {})
