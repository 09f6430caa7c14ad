"""docs/metrics.md tells of every metric, with its labels, and of no other."""

import re
from pathlib import Path

from tests.support.exported import labels
from tests.support.tree import ROOT

PAGE = (ROOT / "docs/metrics.md").read_text()
ROW = re.compile(r"^\| (`beatwire_[^|]+) \|([^|]*)\|([^|]+)\|([^|]+)\|$", re.MULTILINE)


def test_every_metric_is_described_with_its_labels(tmp_path: Path) -> None:
    described = {
        name: set(re.findall(r"`(\w+)`", given))
        for names, given, _, _ in ROW.findall(PAGE)
        for name in re.findall(r"`(\w+)`", names)
    }
    exported = {
        name.removesuffix("_bucket"): names - {"le"} for name, names in labels(tmp_path).items()
    }
    assert described == exported
