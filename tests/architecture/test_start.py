"""Commands that read no language start quickly: nothing heavy is imported before it is needed."""

import subprocess
import sys

import pytest

HEAVY = ("spacy", "thinc", "trafilatura", "scrapy", "twisted", "celery", "dateparser", "fastapi")
LIGHT_COMMANDS = (
    ["--help"],
    ["status", "--json"],
    ["search", "--json", "chips"],
    ["claims", "--json"],
    ["match", "--topics", "none"],
    ["sources", "list", "--json"],
    ["sources", "catalogue", "--json"],
    ["sources", "import", "catalogue", "--dry-run", "--json"],
    ["sources", "export", "--format", "toml"],
    ["users", "list", "--json"],
    ["keys", "list", "--json"],
    ["topics", "list", "--json"],
    ["channels", "list", "--json"],
)


@pytest.mark.parametrize("command", LIGHT_COMMANDS, ids=" ".join)
def test_nothing_heavy_is_imported(command: list[str], home: str) -> None:
    script = (
        "import sys; sys.argv[0] = 'beatwire'\n"
        "from services.cli.app import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print('HEAVY', sorted(set(sys.modules) & set({HEAVY!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *command], check=True, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "HEAVY []"
