"""What the tests of the API search: a small newsroom with copies, a dispute and revisions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import msgspec

from processors.records import Article
from services.index.tantivy import TantivyIndex
from services.web.api.openapi import document
from tests.specs.queries import NEWSROOM
from tests.support.articles import article, claim_in
from tests.support.coverage import all_stories
from tests.support.web import Browser

PROBLEM = "application/problem+json"
_COST = "Tern R1 cost {} to train, Deep Harbour said."


def told_twice() -> list[Article]:
    """One story and its copy, with a figure, and another story with another figure."""
    return [
        _cost("tern", "$5.6 million", 5.6e6, hours=1, story="tern"),
        _cost("tern-copy", "$5.6 million", 5.6e6, hours=2, story="tern", original=False),
        _cost("tern-truth", "$1.3 billion", 1.3e9, hours=9),
    ]


def _cost(slug: str, words: str, low: float, *, hours: float, **fields: Any) -> Article:
    body = _COST.format(words)
    made = claim_in(
        body, words, kind="training_cost", low=low, subject="Deep Harbour", object="Tern R1"
    )
    return article(
        slug, body, title=f"What {slug} cost", published_hours=hours, claims=(made,), **fields
    )


@contextmanager
def newsroom_index(folder: Path) -> Iterator[TantivyIndex]:
    """An index with everything that an answer can hold."""
    with TantivyIndex(folder / "index", write=True) as index:
        index.put([*NEWSROOM, *all_stories(), *told_twice()])
        yield index


class Api(Browser):
    """Asks the API, and holds every answer to its description."""

    described = document()

    def json(self, address: str, operation: str, status: int = 200) -> Any:
        """The answer to ``address``, which is an address of ``operation``; checked."""
        answer = self.get(address)
        assert answer.status_code == status, answer.text
        found = msgspec.json.decode(answer.content)
        told = self.described["paths"][operation]["get"]["responses"][str(status)]
        ((media_type, content),) = told["content"].items()
        assert answer.headers["content-type"] == media_type
        check(found, content["schema"])
        return found

    def problem(self, address: str, status: int, **options: Any) -> dict[str, Any]:
        """The problem that an address is answered with; checked."""
        answer = self.get(address, **options)
        assert answer.status_code == status, answer.text
        return read_problem(answer)


def check(found: Any, schema: dict[str, Any]) -> None:
    """Fails unless the value is what the schema says, and has no field that it does not say."""
    whole = {**schema, "components": Api.described["components"]}
    jsonschema.Draft202012Validator(whole).validate(found)


def read_problem(answer: httpx.Response) -> dict[str, Any]:
    """Problem details; fails for an error in any other form."""
    assert answer.headers["content-type"] == PROBLEM, answer.text
    found: dict[str, Any] = msgspec.json.decode(answer.content)
    assert found["status"] == answer.status_code
    assert {"type", "title", "detail"} <= set(found)
    check(found, {"$ref": "#/components/schemas/Problem"})
    if answer.status_code == 503:
        assert int(answer.headers["retry-after"]) > 0
    return found
