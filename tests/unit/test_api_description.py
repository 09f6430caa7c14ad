"""The description of the API: true, whole, and enough to find no server error with."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from processors.records import Article, Claim
from services.answers.rows import ARTICLE_COLUMNS, CLAIM_COLUMNS
from services.store.store import open_sql_store
from services.web.api.guide import description
from services.web.api.openapi import document
from services.web.api.operations import ANSWERS, FILES, OPERATIONS, ROOT
from services.web.api.problems import KINDS
from services.web.app import create_app
from tests.support.api import Api, check, newsroom_index
from tests.support.coverage import NOW
from tests.support.tree import ROOT as TREE
from tests.support.web import texts

CASES = int(os.environ.get("TEST_CASES", "70"))
"""Of each operation, of sound requests and of unsound ones each; 5,000 in all are about 170."""
DOCUMENT = document()
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
DOCS = (TREE / "docs/api.md").read_text()


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with newsroom_index(tmp_path_factory.mktemp("described")) as index:
        yield Api(index)


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    folder = tmp_path_factory.mktemp("asked")
    store = open_sql_store(f"sqlite:///{folder / 'store.sqlite'}")
    with newsroom_index(folder) as index, store:
        yield create_app(index, now=lambda: NOW, store=lambda: store)


def operations() -> list[tuple[str, dict[str, Any]]]:
    return [(path, item["get"]) for path, item in DOCUMENT["paths"].items()]


def test_it_is_served_as_it_is(api: Api) -> None:
    answer = api.get("/api/v1/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == msgspec.json.decode(msgspec.json.encode(DOCUMENT))
    assert answer.json()["openapi"].startswith("3.1")


def test_every_route_is_described_and_every_description_is_a_route(api: Api) -> None:
    assert set(DOCUMENT["paths"]) | {"/api/v1/openapi.json"} == {*ANSWERS, *FILES}
    assert all(set(item) <= METHODS for item in DOCUMENT["paths"].values())
    ids = [told["operationId"] for _, told in operations()]
    assert len(ids) == len(set(ids))


def test_every_reference_leads_somewhere() -> None:
    def references(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for name, inner in value.items():
                if name == "$ref":
                    yield inner
                yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    known = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert set(references(DOCUMENT)) <= known


def test_every_example_is_an_answer() -> None:
    shown = 0
    for _, told in operations():
        for content in told["responses"]["200"]["content"].values():
            if "example" in content:
                check(msgspec.json.decode(msgspec.json.encode(content["example"])),
                      content["schema"])  # fmt: skip
                shown += 1
    assert shown == len(OPERATIONS)


def test_shapes_have_every_field_and_leave_none_out() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    for name, schema in schemas.items():
        if name != "Problem":
            assert schema["required"] == list(schema["properties"]), name
    assert set(schemas["ToldArticle"]["properties"]) == set(Article.__struct_fields__)
    assert set(schemas["ToldClaim"]["properties"]) == {*Claim.__struct_fields__, "figure"}


def test_problems_are_told_for_every_operation() -> None:
    for path, told in operations():
        statuses = set(told["responses"])
        assert {"200", "422", "429", "500", "503"} <= statuses, path
        assert ("404" in statuses) == ("{id}" in path)
        names = {each["name"] for each in told["parameters"]}
        assert ("400" in statuses) == ("q" in names)


def asked() -> list[tuple[str, GenerationMode]]:
    """Sound requests to all, and unsound ones where there is a parameter to do wrong."""
    unsound = [path for path, told in operations() if _in_query(told)]
    return [
        *((path, GenerationMode.POSITIVE) for path, _ in operations()),
        *((path, GenerationMode.NEGATIVE) for path in unsound),
    ]


def _in_query(told: dict[str, Any]) -> bool:
    return any(each["in"] == "query" for each in told["parameters"])


@pytest.mark.slow
@pytest.mark.parametrize(("path", "mode"), asked())
def test_no_request_makes_a_server_error(
    application: FastAPI, path: str, mode: GenerationMode
) -> None:
    """Row 80 of the faults: sound and unsound requests, each answered as described."""
    schema = schemathesis.openapi.from_dict(msgspec.json.decode(msgspec.json.encode(DOCUMENT)))
    schema.app = application
    operation = schema[path]["GET"]
    seen: Counter[int] = Counter()

    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        answer = case.call(headers={"host": "127.0.0.1"})
        seen[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == ["application/problem+json"]

    ask()
    assert sum(seen.values()) >= min(CASES, 10) or path.endswith(("/stats", "/operations"))


def told_fields() -> dict[str, set[str]]:
    """What each table of ``docs/api.md`` says is in an answer."""
    found: dict[str, set[str]] = {}
    for table in re.findall(r"^\| `(\w+)` \|.*\n\|---\|---\|\n((?:\|.*\n)+)", DOCS, re.M):
        rows = [row.split(" | ")[0] for row in table[1].splitlines()]
        found[table[0]] = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    return found


def test_every_field_is_in_the_documents_and_no_other() -> None:
    """``docs/claims.md`` has those of a claim."""
    told, claim = told_fields(), set(Claim.__struct_fields__)
    told["ToldClaim"] |= claim
    told["ClaimRow"] |= told["ToldClaim"]
    told["Span"] = {"start", "end"}
    for name, schema in DOCUMENT["components"]["schemas"].items():
        if name != "Problem":
            assert told[name] == set(schema["properties"]), name


def test_every_address_and_problem_is_in_the_documents(api: Api) -> None:
    for operation in OPERATIONS:
        told = " ".join(f"`{each.name}`" for each in operation.parameters)
        row = f"| `{ROOT}{operation.path}` | {told} | `{operation.answer.__name__}` |"
        assert row.replace("|  |", "| |") in DOCS
    for path in FILES:
        assert f"`{path}`" in DOCS
    for kind, (status, _, _) in KINDS.items():
        assert f"| `/api#{kind}` | {status} |" in DOCS
    for kind, columns in (("articles", ARTICLE_COLUMNS), ("claims", CLAIM_COLUMNS)):
        assert f"| {kind} | {' '.join(f'`{name}`' for name in columns)} |" in DOCS


def test_the_page_for_people_says_it_too(api: Api) -> None:
    described = description()
    page = api.page("/api")
    shown = texts(page, "//h3")
    assert shown == [f"GET {each.path}" for each in (*described.operations, *described.downloads)]
    ids = page.xpath("//@id")
    assert {one.anchor for one in described.problems} <= set(ids)
    assert len(ids) == len(set(ids))
    assert not page.xpath("//script[not(starts-with(@src,'/static/'))]")
    for parameter in ("q", "sort", "limit", "after", "fold", "facets"):
        assert parameter in texts(page, "//section[@id='searchArticles']//td[1]")
