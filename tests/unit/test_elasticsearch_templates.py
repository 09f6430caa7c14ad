"""The index templates say what this code writes."""

from typing import Any

import pytest

from services.index.documents import KINDS as CLAIM_KINDS
from services.index.documents import SCHEMA, fingerprint
from services.index.elasticsearch_names import KINDS, Kind, Names
from services.index.elasticsearch_schema import ANY, template
from tests.support.tree import ROOT


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_strict_and_of_this_version(kind: Kind) -> None:
    body = template(Names("news"), kind)
    mappings = body["template"]["mappings"]
    assert body["index_patterns"] == [f"news-{kind}-0*"]
    assert body["version"] == SCHEMA
    assert mappings["_meta"]["fingerprint"] == fingerprint()
    assert mappings["dynamic"] == "strict"


def test_every_kind_of_claim_has_its_figures() -> None:
    fields: dict[str, Any] = template(Names(), "articles")["template"]["mappings"]["properties"]
    assert set(fields["usd"]["properties"]) == {ANY, *CLAIM_KINDS}


def test_the_templates_are_where_operators_look() -> None:
    for kind in KINDS:
        shown = ROOT / f"deploy/elasticsearch/templates/{kind}.json"
        shipped = ROOT / f"services/index/elasticsearch_templates/{kind}.json"
        assert shown.samefile(shipped)
