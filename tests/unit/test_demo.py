"""The parts of ``beatwire demo`` that need no crawl: its folder, its port, what it tells."""

import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from processors.ids import article_id
from processors.records import Article, Claim, Entity
from services.demo.findings import Disagreement, Figure, Findings, Search, widest_disagreement
from services.demo.home import (
    NOTE,
    Note,
    clear,
    free_port,
    held,
    open_newsroom,
    read_note,
    write_note,
)
from services.demo.journey import Progress, demo_settings
from services.demo.server import Newsroom
from services.demo.view import progress_line, render, showing
from services.errors import LockedError, UserError

WHEN = datetime(2025, 1, 28, tzinfo=UTC)


def told(site: str, *claims: Claim, models: tuple[str, ...] = ("r1", "gpt-4")) -> Article:
    url = f"http://{site}.example/{len(claims)}/{claims[0].evidence}"
    return Article(
        id=article_id(url),
        url=url,
        source=site,
        site_name=site.title(),
        title=f"What {site} says",
        body="",
        fetched_at=WHEN,
        content_hash="",
        entities=tuple(Entity(id=m, name=m.upper(), type="model", mentions=()) for m in models),
        claims=claims,
    )


def cost(usd: float, model: str = "r1", **fields: Any) -> Claim:
    given = {"subject": "DeepSeek", "subject_id": "deepseek", "object_id": model} | fields
    return Claim(
        kind="training_cost",
        amount_low=usd,
        amount_high=usd,
        currency="USD",
        evidence=str(usd),
        **given,
    )


def test_the_widest_disagreement_names_every_figure_once() -> None:
    found = widest_disagreement(
        [
            told("ledger", cost(5.6e6)),
            told("wire", cost(5.6e6), cost(5.6e6)),
            told("chipdesk", cost(294e3)),
        ]
    )
    assert found is not None
    assert found.about == "R1"
    assert [(f.usd, f.source) for f in found.figures] == [
        (294e3, "Chipdesk"),
        (5.6e6, "Ledger"),
        (5.6e6, "Wire"),
    ]


def test_more_publishers_count_before_a_wider_spread() -> None:
    found = widest_disagreement(
        [
            told("ledger", cost(1e6), cost(1e8, "gpt-4")),
            told("wire", cost(9e9), cost(7.8e7, "gpt-4")),
            told("circuit", cost(6.3e7, "gpt-4")),
        ]
    )
    assert found is not None
    assert found.about == "GPT-4"


def test_a_model_may_be_the_subject() -> None:
    found = widest_disagreement(
        [told("ledger", cost(1e6, subject_id="r1", object_id=None)), told("wire", cost(2e6))]
    )
    assert found is not None
    assert found.spread == 2


@pytest.mark.parametrize(
    "other",
    [
        cost(1e9, modality="denied"),
        cost(1e9, bound="vague"),
        cost(1e6),
        cost(1e9, "company-that-is-no-model"),
        Claim(kind="investment", subject="x", object_id="r1", usd_low=1e9, usd_high=1e9),
        Claim(kind="training_cost", subject="x", object_id="r1", amount_low=1e9, currency="XAU"),
    ],
    ids=["denied", "vague", "the same", "no model", "another kind", "no dollars"],
)
def test_what_is_no_disagreement(other: Claim) -> None:
    assert widest_disagreement([told("ledger", cost(1e6)), told("wire", other)]) is None


def test_one_publisher_does_not_disagree_with_itself() -> None:
    assert widest_disagreement([told("ledger", cost(1e6), cost(2e6))]) is None


def test_a_note_comes_back(tmp_path: Path) -> None:
    assert read_note(tmp_path) is None
    note = Note(content="abc", port=8380, edition=2, done=True)
    write_note(tmp_path, note)
    assert read_note(tmp_path) == note
    (tmp_path / NOTE).write_text('{"content": 1}')
    assert read_note(tmp_path) is None


def test_one_demo_at_a_time(tmp_path: Path) -> None:
    refused = pytest.raises(LockedError, match=r"a demo already runs in .* as pid")
    with held(tmp_path / "demo"), refused, held(tmp_path / "demo"):
        pass
    with held(tmp_path / "demo"):
        assert (tmp_path / "demo").is_dir()


def test_the_home_that_a_demo_makes_is_private_too(tmp_path: Path) -> None:
    """And not only the demo's own folder in it: the home holds secrets of webhooks later."""
    home = tmp_path / "beatwire"
    with held(home / "demo"):
        assert {folder.stat().st_mode & 0o777 for folder in (home, home / "demo")} == {0o700}


def test_only_a_demo_is_cleared(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(UserError, match="holds files that no demo made"):
        clear(tmp_path)
    assert (tmp_path / "mine.txt").exists()
    write_note(tmp_path, Note(content="abc", port=1))
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "segment").write_text("")
    clear(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mine.txt").write_text("keep me")
    home = tmp_path / "demo"
    home.mkdir()
    (home / "index").symlink_to(outside)
    write_note(home, Note(content="abc", port=1))
    clear(home)
    assert (outside / "mine.txt").exists()


def test_the_newsroom_goes_on_where_it_was() -> None:
    with Newsroom(port=0) as first:
        port = first.port
    note = Note(content="abc", port=port, edition=2)
    newsroom, goes_on = open_newsroom(note, "abc")
    with newsroom:
        assert (newsroom.port, newsroom.edition, goes_on) == (port, 2, True)
        # Taken, as long as this one runs: what is half crawled has to start again elsewhere.
        again, goes_on = open_newsroom(note, "abc")
        with again:
            assert again.port != port
            assert (again.edition, goes_on) == (1, False)
        # A finished demo stands as it is.
        again, goes_on = open_newsroom(Note(content="abc", port=port, edition=2, done=True), "abc")
        with again:
            assert (again.edition, goes_on) == (2, True)


def test_other_content_starts_again() -> None:
    newsroom, goes_on = open_newsroom(Note(content="old", port=1, done=True), "new")
    with newsroom:
        assert (newsroom.edition, goes_on) == (1, False)


def test_a_taken_port_of_the_pages() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert free_port(port, must=False) == 0
        with pytest.raises(UserError, match=f"port {port} cannot be used .*leave --port out"):
            free_port(port, must=True)


def test_a_demo_is_embedded_whatever_is_set(monkeypatch: pytest.MonkeyPatch, home: str) -> None:
    monkeypatch.setenv("BEATWIRE_STORE", "postgresql://db.example/production")
    settings = demo_settings()
    assert settings.home == Path(home) / "demo"
    assert settings.store == ""
    assert str(settings.home) in settings.store_url


def test_a_demo_goes_on_in_a_home_that_is_a_demo_s(
    monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    inner = Path(home) / "demo"
    with held(inner):
        write_note(inner, Note(content="one", port=8380))
    monkeypatch.setenv("BEATWIRE_HOME", str(inner))
    assert demo_settings().home == inner


def test_progress_without_a_terminal_is_plain_lines() -> None:
    console = Console(width=120, force_terminal=False)
    progress = Progress(edition=1, fetched=10, listed=67, read=4, indexed=2)
    with (
        Newsroom(port=0) as newsroom,
        console.capture() as shown,
        showing(console, newsroom) as tell,
    ):
        tell(progress)
        tell(progress)
    assert shown.get().count(progress_line(progress)) == 1
    assert "10 of 67 addresses fetched; 4 pages read, 2 articles indexed" in shown.get()


def test_what_was_found_in_words() -> None:
    figures = tuple(
        Figure(usd=usd, figure=text, source=source, title="T", url="http://x.example/")
        for usd, text, source in ((294e3, "$294,000", "Chip Desk"), (5.6e6, "$5.6M", "The Ledger"))
    )
    found = Findings(
        articles=62,
        revisions=1,
        fetched={"fetched": 65, "robots": 1},
        stages={"read": {"read": 63, "too-short": 1}},
        claims={"investment": 61},
        disagreement=Disagreement("R1", figures),
        searches=(Search("claim:fine usd:>1M", 3),),
    )
    text = render(found, Path("/home/me/a folder"), 8380)
    assert "62 articles, 61 claims, 1 older revision\n" in text
    assert "65 fetched, 1 robots" in text
    assert "  $294,000  Chip Desk: T\n     $5.6M  The Ledger: T" in text
    assert "BEATWIRE_HOME='/home/me/a folder'" in text
    assert "beatwire search 'claim:fine usd:>1M'" in text
    assert "in the browser or here" in text
    unserved = render(found, Path("/home/me"), None)
    assert "localhost" not in unserved
    assert "browser" not in unserved
