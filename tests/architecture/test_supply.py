"""What the image is made of: pinned to the byte, under licences that may be passed on, and told."""

import importlib.util
import json
import re
import subprocess
import sys
from importlib import metadata
from importlib.machinery import SourceFileLoader
from types import ModuleType

import pytest
from packaging.utils import canonicalize_name

from tests.support.tree import ROOT

REFUSED = re.compile(r"\b(?:A?GPL|Affero|GNU General Public)", re.IGNORECASE)
"""The lesser GPL is another matter: what it covers is used as it is, and may be replaced."""
LESSER = re.compile(r"\b(?:LGPL|Lesser General Public)", re.IGNORECASE)


def script(name: str) -> ModuleType:
    """A script of ``deploy`` as a module."""
    loader = SourceFileLoader(name.replace("-", "_"), str(ROOT / "deploy" / name))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    found = importlib.util.module_from_spec(spec)
    loader.exec_module(found)
    return found


PIN, SBOM = script("pin-hashes"), script("make-sbom")
LINES = (ROOT / "deploy/requirements.txt").read_text().splitlines()
PINS = [line.removesuffix(" \\") for line in LINES if "==" in line]


def test_the_image_installs_what_beatwire_needs_at_the_versions_of_the_tests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    assert PIN.packages() == PINS, "make it anew: deploy/pin-hashes"


def test_every_package_has_its_hashes_and_no_address() -> None:
    rest = [line for line in LINES if "==" not in line and not line.startswith("#")]
    assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?", line) for line in rest)
    for line, following in zip(LINES, [*LINES[1:], ""], strict=True):
        assert following.startswith("    --hash=") == line.endswith("\\")
        assert "==" not in line or line.endswith("\\"), line


@pytest.mark.parametrize("pin", PINS)
def test_licences_may_be_passed_on(pin: str) -> None:
    package = metadata.distribution(pin.partition("==")[0])
    said = SBOM.licences(package)
    assert said, "says nothing of its licence"
    free = [each for each in said if LESSER.search(each) or not REFUSED.search(each)]
    assert free, said


def test_what_is_inside_is_told_in_cyclonedx() -> None:
    told = json.loads(
        subprocess.run(
            [sys.executable, ROOT / "deploy/make-sbom"], check=True, capture_output=True, text=True
        ).stdout
    )
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    assert told["metadata"]["component"]["name"] == "beatwire"
    named = {each["purl"]: each for each in told["components"]}
    for pin in PINS:
        name, _, version = pin.partition("==")
        assert named[f"pkg:pypi/{canonicalize_name(name)}@{version}"]["licenses"]
    refs = {told["metadata"]["component"]["bom-ref"], *(c["bom-ref"] for c in told["components"])}
    for each in told["dependencies"]:
        assert {each["ref"], *each["dependsOn"]} <= refs
    (own,) = (each for each in told["dependencies"] if each["ref"].startswith("pkg:pypi/beatwire@"))
    assert any(each.startswith("pkg:pypi/scrapy@") for each in own["dependsOn"])
