"""``beatwire demo``, as a visitor starts it: real processes, the real pipeline, a real port."""

import json
import os
import signal
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import msgspec
import pytest
from msgspec.structs import replace

from processors.ids import article_id
from processors.query.syntax import parse_query
from processors.query.tree import All
from processors.records import Article
from services.bootstrap import open_index, open_store
from services.demo.home import read_note
from services.demo.journey import demo_settings
from services.demo.server import expected
from services.demo.stories import load_stories
from services.index import Index
from services.index.tantivy import TantivyIndex
from services.web.disagreements_view import entry_of
from tests.support.processes import BEATWIRE, alive, beatwire, family, wait_until

CORRECTED = "asml-leads-mistral-round"


class Done(msgspec.Struct, frozen=True):
    """A home folder in which a demo ran to its end, and what it said."""

    home: Path
    said: dict[str, object]


@pytest.fixture(scope="module")
def done(demo_home: Path) -> Done:
    return Done(demo_home, json.loads((demo_home / "said.json").read_text()))


@pytest.fixture
def at_home(done: Done, monkeypatch: pytest.MonkeyPatch) -> Done:
    monkeypatch.setenv("BEATWIRE_HOME", str(done.home))
    return done


def indexed() -> dict[str, Article]:
    """Every article of the demo's index by address; each address must be there once."""
    with open_index(demo_settings()) as index:
        hits = index.search(All(), limit=1000).hits
    articles = {hit.article.url: hit.article for hit in hits}
    assert len(articles) == len(hits)
    return articles


def must_be_indexed() -> set[str]:
    note = read_note(demo_settings().home)
    assert note is not None
    assert note.done
    return {page.url for page in expected(note.port) if page.ending == "stored"}


def test_everything_ends_as_the_ground_truth_says(at_home: Done) -> None:
    assert set(indexed()) == must_be_indexed()
    endings = [story.front.ending for story in load_stories()]
    stored = endings.count("stored")
    fetched = {"fetched", "unchanged"}
    with open_store(demo_settings()) as store:
        ends, stages = store.fetch_outcomes(), store.outcomes()
    assert {name: count for name, count in ends.items() if name not in fetched} == {
        name: endings.count(name) for name in ("robots", "not-found", "unreadable")
    }
    # The second edition brings one page again, and nothing else.
    assert stages["read"] == {
        "read": stored + 1,
        "not-article": 1,
        "too-short": 1,
        "other-language": 1,
    }
    assert stages["index"] == {"stored": stored + 1}
    assert at_home.said["articles"] == stored


@pytest.mark.usefixtures("at_home")
def test_articles_say_what_was_written() -> None:
    articles = {url.partition(".example")[2].partition("/")[2]: a for url, a in indexed().items()}
    for story in load_stories(edition=2):
        if story.front.ending == "stored":
            article = articles[story.path.removeprefix("/")]
            assert article.title == story.title
            assert article.site_name == story.publisher.name
            assert article.published == story.front.published
            assert story.paragraphs[-1] in article.body
            assert "newsletter" not in article.body.lower() or "newsletter" in str(story.paragraphs)


@pytest.mark.usefixtures("at_home")
def test_copies_of_the_wire_s_reports_tell_their_story() -> None:
    by_path = {url.partition(".example")[2].partition("/")[2]: a for url, a in indexed().items()}
    told, originals = defaultdict(set), set()
    for story in load_stories(edition=2):
        if story.front.ending == "stored":
            article = by_path[story.path.removeprefix("/")]
            told[article.story].add(story.front.copy_of or story.ref)
            if article.original:
                originals.add(story.ref)
            assert article.original == (not story.front.copy_of)
    # Every story has one original, be it told by three publishers or by one.
    assert all(len(refs) == 1 for refs in told.values())
    assert {ref for refs in told.values() for ref in refs} == originals
    assert len(told) == len(originals) == len(by_path) - 4


@pytest.mark.usefixtures("at_home")
def test_the_corrected_article_keeps_its_first_edition() -> None:
    (article,) = [a for url, a in indexed().items() if CORRECTED in url]
    with open_index(demo_settings()) as index:
        (before,) = index.revisions(article.id)
    assert "€1.3 billion" in article.title
    assert "€1.7 billion" in before.title
    assert before.fetched_at < article.fetched_at


def test_a_visitor_sees_figures_that_differ(at_home: Done) -> None:
    found = at_home.said["disagreement"]
    assert isinstance(found, dict)
    figures = found["figures"]
    assert len({figure["source"] for figure in figures}) > 1
    assert figures[-1]["usd"] > figures[0]["usd"]


def training_costs(index: Index) -> list[str]:
    """The headlines of the ledger over what models cost to train."""
    found = index.disputes(parse_query("claim:training_cost"), limit=100).disputes
    entries = [entry for dispute in found if (entry := entry_of(dispute.claims))]
    return [entry.headline for entry in entries if entry.independent]


@pytest.mark.usefixtures("at_home")
def test_the_ledger_finds_who_disagrees_over_a_model_and_counts_copies_once(
    tmp_path: Path,
) -> None:
    said = "training cost · DeepSeek · R1: $5.6M (1 origin) against $294,000 (1 origin)"
    with open_index(demo_settings()) as index:
        assert training_costs(index) == [said]
    with TantivyIndex(tmp_path, write=True) as index:
        index.put([*indexed().values(), *map(reprinted, indexed().values())])
        assert training_costs(index) == [said]
        (dispute, *_) = [
            it
            for it in index.disputes(parse_query("claim:training_cost object:r1")).disputes
            if it.claims[0].claim.object == "R1"
        ]
        assert dispute.total == 4


def reprinted(article: Article) -> Article:
    """The same story as another publisher has it."""
    url = article.url.replace("http://", "http://copy.")
    return replace(
        article,
        id=article_id(url),
        url=url,
        source="copy",
        site_name="The Copy",
        story=article.story or article.id,
        original=False,
    )


def test_every_search_that_is_offered_finds_something(at_home: Done) -> None:
    searches = at_home.said["searches"]
    assert isinstance(searches, list)
    for search in searches:
        told = json.loads(
            beatwire(
                "search",
                search["query"],
                "--json",
                env={"BEATWIRE_HOME": str(at_home.home / "demo")},
            )
        )
        assert told["total"] == search["articles"] > 0, search["query"]


def test_the_second_start_crawls_nothing(at_home: Done) -> None:
    log = demo_settings().home / "demo-crawl.log"
    before = log.stat().st_mtime_ns
    assert json.loads(beatwire("demo", "--no-serve", "--json")) == at_home.said
    assert log.stat().st_mtime_ns == before


@contextmanager
def running(*args: str) -> Iterator["subprocess.Popen[str]"]:
    """The command, ended with all that descends from it if the test does not end it."""
    process = subprocess.Popen(
        [*BEATWIRE, "demo", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        for member in family(process.pid):
            os.kill(member, signal.SIGKILL)
        process.communicate()


@pytest.mark.usefixtures("at_home")
def test_the_pages_are_served_until_ctrl_c() -> None:
    with running("--port", "0") as process:
        assert process.stdout is not None
        address = next(line for line in process.stdout if line.startswith("Beatwire is at"))
        with urlopen(address.split()[3], timeout=20) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
        assert process.returncode == 0
        assert said.splitlines()[-1] == "beatwire: stopped"


def looked_at() -> int:
    settings = demo_settings()
    if not (settings.home / "store.sqlite").exists():
        return 0
    with open_store(settings) as store:
        outcomes = store.fetch_outcomes()
    return sum(count for name, count in outcomes.items() if name != "pending")


@pytest.mark.slow
def test_an_interrupted_demo_goes_on() -> None:
    """Killed, then stopped with Ctrl-C, then left to finish: nothing is lost, nothing twice."""
    with running("--no-serve") as process:
        wait_until(lambda: looked_at() > 5, 60, "for the crawl")
        members = family(process.pid)
        process.kill()
        wait_until(lambda: not any(map(alive, members)), 40, "for the orphans to end")
    with running("--no-serve") as process:
        assert process.stderr is not None
        assert "Crawling" in process.stderr.readline()
        wait_until(lambda: len(family(process.pid)) > 3, 60, "for its processes")
        members = family(process.pid)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 130
        assert said.splitlines()[-1] == "beatwire: stopped"
        assert "Traceback" not in said
        assert not any(map(alive, members))
    beatwire("demo", "--no-serve")
    assert set(indexed()) == must_be_indexed()


def test_a_folder_of_somebody_else_is_left_alone(home: str) -> None:
    mine = Path(home) / "demo" / "mine.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("keep me")
    done = subprocess.run(
        [*BEATWIRE, "demo", "--no-serve"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "holds files that no demo made" in done.stderr
    assert mine.read_text() == "keep me"
