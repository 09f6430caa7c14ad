"""Nothing grows into a centre: modules and functions stay small, as CONTRIBUTING.md says."""

import ast
import statistics
from pathlib import Path

import pytest

from tests.support.tree import PACKAGES, ROOT, modules

MODULE_LINES = 450
MEDIAN_MODULE_LINES = 110
FUNCTION_LINES = 60


@pytest.mark.parametrize("path", modules(*PACKAGES, "tests"), ids=str)
def test_module_and_functions_are_small(path: Path) -> None:
    text = (ROOT / path).read_text()
    assert len(text.splitlines()) <= MODULE_LINES
    long = {
        node.name: size
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    }
    assert not long


def test_the_usual_module_is_short() -> None:
    sizes = [len((ROOT / path).read_text().splitlines()) for path in modules(*PACKAGES)]
    assert statistics.median(size for size in sizes if size > 5) <= MEDIAN_MODULE_LINES
