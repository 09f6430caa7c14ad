"""History by the commands: imported, read behind live news, searchable, and told to nobody."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.archives import http, line, packed, page, record, warcinfo
from tests.support.processes import beatwire


def ask(*args: str) -> Any:
    return json.loads(beatwire(*args, "--json"))


@pytest.mark.slow
def test_an_archive_is_searchable_and_told_to_nobody(tmp_path: Path) -> None:
    beatwire("topics", "add", "deepseek", "--name", "costs")
    others = [
        f"OpenAI paid {firm} for its servers, the company told investors in a letter on Friday. It "
        f"said that the sum for {firm} would grow by a tenth a year until the contract ends."
        for firm in ("Microsoft", "Oracle", "CoreWeave", "Google", "Amazon")
    ]
    archive = tmp_path / "archive.warc.gz"
    archive.write_bytes(
        packed(
            warcinfo(),
            record("https://ledger.example/r1"),
            record("https://wire.example/copy", http(page("DeepSeek’s model"))),
            record("https://ledger.example/robots.txt", http(b"User-agent: *")),
        )
    )
    lines = tmp_path / "pages.jsonl"
    lines.write_bytes(line("https://ledger.example/paid", html=page("Paid", others).decode()))
    told = ask("import", str(archive), str(lines))
    assert told["outcomes"] == {"not-a-response": 1, "imported": 3, "robots-txt": 1}
    beatwire("work", "--drain")

    found = ask("search", "deepseek")
    assert found["total"] == 2
    assert len({hit["story"] for hit in found["hits"]}) == 1, "copies are one story"
    stages = {each["stage"]: each for each in ask("status")["stages"]}
    assert stages["read-backfill"]["outcomes"] == {"read": 3}
    assert stages["index-backfill"]["outcomes"] == {"stored": 3}
    assert stages["alert-backfill"]["outcomes"] == {"remembered": 3}
    assert not any(each["waiting"] or each["outcomes"] for each in list(stages.values())[:3])
    assert ask("topics", "alerts")["alerts"] == []

    assert ask("import", str(archive))["outcomes"] == {"done-before": 4}
    assert ask("import", str(archive), "--again")["outcomes"]["imported"] == 2
    beatwire("work", "--drain")
    stages = {each["stage"]: each for each in ask("status")["stages"]}
    assert stages["index-backfill"]["outcomes"] == {"stored": 3, "unchanged": 2}
    assert ask("rebuild")["outcomes"] == {"stored": 3, "unchanged": 2}
    assert ask("search", "deepseek")["total"] == 2
