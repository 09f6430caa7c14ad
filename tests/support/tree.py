"""The project's own tree, for tests that look at the code and the docs."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("crawlers", "processors", "services")


def modules(*packages: str) -> list[Path]:
    """Paths of all Python files of the packages, from the root."""
    return sorted(
        path.relative_to(ROOT) for name in packages for path in (ROOT / name).rglob("*.py")
    )


def tracked() -> list[Path]:
    """All files of the project, from the root; what git ignores is left out."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [Path(line) for line in listed.stdout.splitlines() if (ROOT / line).is_file()]
