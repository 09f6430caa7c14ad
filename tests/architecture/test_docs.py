"""Documents that fail the build when they lie."""

import re
from typing import get_args

import pytest

from processors.records import Bound, Claim, ClaimKind, Modality
from services.accounts.roles import ROLES, SCOPES
from services.settings import PREFIX, Settings
from services.stages.flow import FLOW
from services.topics import TOPICS
from tests.support.tree import ROOT, tracked

LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_described(name: str) -> None:
    assert f"| `{PREFIX}{name.upper()}` |" in (ROOT / "docs/settings.md").read_text()


def test_no_setting_is_described_that_is_gone() -> None:
    described = re.findall(r"^\| `BEATWIRE_(\w+)` ", (ROOT / "docs/settings.md").read_text(), re.M)
    assert {name.lower() for name in described} == set(Settings.model_fields)


@pytest.mark.parametrize("name", [*TOPICS, *(step.stage for step in FLOW)])
def test_every_topic_and_stage_is_described(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs/architecture.md").read_text()


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{path} -> {target}"
        for path in tracked()
        if path.suffix == ".md" and path.parts[0] != "services"  # sample stories link to each other
        for target in LINK.findall((ROOT / path).read_text())
        if not (ROOT / path.parent / target).exists()
    ]
    assert not broken


@pytest.mark.parametrize("name", get_args(ClaimKind) + get_args(Bound) + get_args(Modality))
def test_every_kind_bound_and_modality_is_described(name: str) -> None:
    assert f"| `{name}` |" in (ROOT / "docs/claims.md").read_text()


@pytest.mark.parametrize("name", Claim.__struct_fields__)
def test_every_field_of_a_claim_is_described(name: str) -> None:
    text = (ROOT / "docs/claims.md").read_text()
    assert name == "kind" or re.search(rf"^\|[^|]*`{name}`[^|]*\|", text, re.MULTILINE)


@pytest.mark.parametrize("name", [*ROLES, *SCOPES])
def test_every_role_and_scope_is_described(name: str) -> None:
    assert f"| `{name}` |" in (ROOT / "docs/accounts.md").read_text()
