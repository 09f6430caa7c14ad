"""The project speaks of itself alone, and leaves nothing for later."""

import re

from tests.support.tree import ROOT, tracked

UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|NotImplemented" + "Error")
REGISTRY = re.compile(
    r"https?://[a-z0-9.-]*(?:py" + r"pi|pythonhosted|npm" + r"js|mav" + r"en|crates)[a-z0-9.-]*\.",
)
MACHINE = re.compile(r"(?<![\w.])/(?:wo" + r"rk|fa" + r"rm|ro" + r"ot)/|\.\./sha" + r"red")
CODE = {".py", ".sh", ".html", ".css", ".js", ".toml", ".yml"}


def matches(pattern: re.Pattern[str], only_code: bool = False) -> list[str]:
    found = []
    for path in tracked():
        if only_code and path.suffix not in CODE:
            continue
        text = (ROOT / path).read_text(errors="ignore")
        found += [f"{path}: {match.group()}" for match in pattern.finditer(text)]
    return found


def test_no_registry_host_is_named() -> None:
    assert not matches(REGISTRY)


def test_no_path_of_one_machine_is_named() -> None:
    assert not matches(MACHINE)


def test_nothing_is_left_unfinished() -> None:
    assert not matches(UNFINISHED, only_code=True)
