"""``beatwire config check``: every setting, who said so, and no password."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.settings import Settings
from tests.support.processes import beatwire

PASSWORD = "hidden-word"


def test_every_setting_is_shown_with_who_said_so(
    home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("beatwire.toml").write_text("crawl_delay = 2\nport = 9000\n")
    Path(".env").write_text("BEATWIRE_PORT=9001\n")
    Path("store").write_text(f"postgresql://ada:{PASSWORD}@db.example:5432/news\n")
    told = beatwire(
        "config",
        "check",
        "--json",
        env={"BEATWIRE_STORE_FILE": "store", "BEATWIRE_HOSTS": "a.example=192.0.2.1"},
    )
    assert PASSWORD not in told
    found = {each["name"]: each for each in json.loads(told)["settings"]}
    assert list(found) == [f"BEATWIRE_{name.upper()}" for name in Settings.model_fields]
    origins = {name: each["origin"] for name, each in found.items()}
    values = {name: each["value"] for name, each in found.items()}
    assert values["BEATWIRE_HOME"] == home
    assert origins["BEATWIRE_PORT"] == ".env: BEATWIRE_PORT"
    assert (values["BEATWIRE_PORT"], values["BEATWIRE_CRAWL_DELAY"]) == ("9001", "2.0")
    assert origins["BEATWIRE_CRAWL_DELAY"] == "beatwire.toml: crawl_delay"
    assert origins["BEATWIRE_STORE"] == "environment, file store"
    assert values["BEATWIRE_STORE"] == "postgresql://db.example:5432/news"
    assert values["BEATWIRE_HOSTS"] == "a.example=192.0.2.1"
    assert origins["BEATWIRE_MOOD"] == "default"


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"BEATWIRE_SMTP": "smtp://mail.example"}, "BEATWIRE_MAIL_FROM"),
        ({"BEATWIRE_BROKER": "redis://127.0.0.1:1/0"}, "BEATWIRE_BUS"),
        ({"BEATWIRE_GAZETTEER": "/none/names.jsonl"}, "BEATWIRE_GAZETTEER"),
        ({"BEATWIRE_SITE_RULES": "/none/rules.jsonl"}, "BEATWIRE_SITE_RULES"),
        ({"BEATWIRE_RENDER": "no-such-browser"}, "BEATWIRE_RENDER"),
        ({"BEATWIRE_POORT": "1"}, "did you mean BEATWIRE_PORT"),
    ],
)
def test_what_would_stop_a_start_stops_it_with_one_line(env: dict[str, str], named: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "services.cli", "config", "check"],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 78
    assert named in done.stderr
    assert len(done.stderr.splitlines()) == 1
