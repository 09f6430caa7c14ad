"""deploy/Dockerfile, by rules: what it copies is there, and what runs is small and harmless."""

import fnmatch
import re
import tomllib
from pathlib import Path

import pytest

from services.version import VERSION
from tests.support import compose
from tests.support.tree import PACKAGES, ROOT, tracked

FILE = ROOT / "deploy/Dockerfile"
KNOWN = {"FROM", "RUN", "COPY", "ENV", "LABEL", "WORKDIR", "USER", "VOLUME", "CMD"}

Instruction = tuple[str, str]


def instructions() -> list[Instruction]:
    """Name and arguments, continued lines joined, comments left out."""
    lines = [line for line in FILE.read_text().splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    found = [line.partition(" ") for line in joined.splitlines() if line.strip()]
    return [(name, rest.strip()) for name, _, rest in found]


def stages() -> list[list[Instruction]]:
    found: list[list[Instruction]] = []
    for instruction in instructions():
        if instruction[0] == "FROM":
            found.append([])
        found[-1].append(instruction)
    return found


def of(stage: list[Instruction], name: str) -> list[str]:
    return [rest for each, rest in stage if each == name]


BASE, BUILD, LAST = stages()


def variables() -> dict[str, str]:
    given = " ".join(of(BASE, "ENV") + of(LAST, "ENV"))
    return dict(part.split("=", 1) for part in given.split())


def test_only_known_instructions_are_used() -> None:
    assert {name for name, _ in instructions()} == KNOWN


def test_the_base_is_pinned_and_of_our_python() -> None:
    version = (ROOT / ".python-version").read_text().strip()
    (base,) = of(BASE, "FROM")
    assert re.fullmatch(rf"python:{re.escape(version)}\.\d+-slim-[a-z]+ AS base", base)
    assert (of(BUILD, "FROM"), of(LAST, "FROM")) == (["base AS build"], ["base"])


def test_what_runs_has_no_tool_that_installs_or_compiles() -> None:
    assert not re.search(r"\b(?:apt|apt-get|apk|curl|wget|gcc|pip|venv|git)\b", str(LAST))
    assert of(LAST, "COPY") == ["--from=build /opt/beatwire /opt/beatwire"]
    assert "pip uninstall --yes setuptools pip" in of(BUILD, "RUN")[-1]


def test_nothing_is_installed_that_is_not_pinned() -> None:
    installs = [
        step.strip()
        for run in of(BUILD, "RUN")
        for step in run.split("&&")
        if "pip install" in step
    ]
    pinned, own = installs
    for option in ("--require-hashes", "--no-deps", "--only-binary :all:"):
        assert option in pinned
    assert "--no-deps wheels/*.whl" in own
    assert "--no-build-isolation" in str(of(BUILD, "RUN"))


def test_it_runs_as_nobody_in_particular() -> None:
    (user,) = of(LAST, "USER")
    number, _, group = user.partition(":")
    assert int(number) >= 10_000
    assert group == "0"
    (home,) = of(LAST, "RUN")
    assert re.search(
        rf"--owner {number} --group 0 --mode 0770 {variables()['BEATWIRE_HOME']}$", home
    )
    assert [name for name, _ in LAST].index("USER") > [name for name, _ in LAST].index("RUN")
    for name, service in compose.services().items():
        if "build" in service:
            assert service["user"] == user, name
            assert service["volumes"] == [f"home:{variables()['BEATWIRE_HOME']}"]


def test_the_home_folder_is_a_volume_and_nothing_else_is_written() -> None:
    assert of(LAST, "VOLUME") == [variables()["BEATWIRE_HOME"]]
    assert variables()["PYTHONDONTWRITEBYTECODE"] == "1"
    assert variables()["PYTHONSAFEPATH"] == "1"
    assert variables()["PATH"] == "/opt/beatwire/bin:$PATH"
    assert "HOME" not in variables()


def test_it_says_what_it_is() -> None:
    (labels,) = of(LAST, "LABEL")
    assert f'image.version="{VERSION}"' in labels
    assert f"-t beatwire:{VERSION} " in FILE.read_text()
    assert of(LAST, "CMD") == ['["beatwire", "--help"]']


def test_no_secret_is_in_it() -> None:
    assert not re.search(r"password|secret|token|://", FILE.read_text(), re.IGNORECASE)
    given = {name for name in variables() if name.startswith("BEATWIRE_")}
    assert given == {"BEATWIRE_HOME"}


def sent(path: Path) -> bool:
    """Whether .dockerignore lets a file through to the builder; its last word counts."""
    let = True
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        pattern = line.removeprefix("!").removeprefix("**/")
        ways = [str(path), *map(str, path.parents)]
        if "**/" in line:
            ways += path.parts
        if any(fnmatch.fnmatchcase(way, pattern) for way in ways):
            let = line.startswith("!")
    return let


def test_everything_that_is_copied_is_there_and_is_sent() -> None:
    copies = [copy.split() for copy in of(BUILD, "COPY")]
    sources = [source for *names, _ in copies for source in names]
    assert {"deploy/requirements.txt", "pyproject.toml", *PACKAGES} <= set(sources)
    for source in sources:
        path = ROOT / source
        assert path.exists(), source
        inside = [
            each for each in tracked() if each == Path(source) or Path(source) in each.parents
        ]
        assert inside
        assert all(sent(each) for each in inside), source


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".git/config",
        "deploy/secrets/trial/store",
        "deploy/secrets/own/store",
        "beatwire.toml",
        "tests/conftest.py",
        "services/__pycache__/settings.pyc",
        ".venv/bin/python",
    ],
)
def test_nothing_else_is_sent(path: str) -> None:
    assert not sent(Path(path))


def test_everything_in_the_packages_gets_into_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    patterns = [*project["tool"]["setuptools"]["package-data"]["*"], "*.py"]
    left_behind = [
        path
        for path in tracked()
        if path.parts[0] in PACKAGES
        and not any(fnmatch.fnmatchcase(path.name, pattern) for pattern in patterns)
    ]
    assert not left_behind
