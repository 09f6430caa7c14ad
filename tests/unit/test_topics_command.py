"""``beatwire topics`` and ``beatwire channels``: what they change, say and refuse."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typer

from services import bootstrap
from services.cli import channels, topics, users
from services.cli.search import QueryRefused
from services.errors import UserError
from services.index.tantivy import TantivyIndex
from services.settings import Settings
from services.store import Store
from services.store.alerting import Channel, Failed
from tests.support.coverage import all_stories, model_story
from tests.support.told import followed, tell

Run = Callable[..., str]
COST = "claim:training_cost(usd<10M)"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with its arguments and gives what it printed."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    app.callback()(lambda: None)
    for group in (topics, channels, users):
        group.register(app)

    def call(*arguments: str) -> str:
        app(list(arguments), standalone_mode=False)
        return capsys.readouterr().out

    return call


@pytest.fixture
def store(run: Run) -> Iterator[Store]:
    with bootstrap.open_store(Settings()) as made:
        yield made


def answer(run: Run, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*arguments, "--json"))
    return found


def test_topics_come_and_go(run: Run) -> None:
    assert "No topics yet" in run("topics", "list")
    said = run("topics", "add", "deepseek", '"hedge fund"', "-source:wire", "--name", "Deep")
    assert said.startswith("added Deep (")
    made = answer(run, "topics", "add", COST, "--when", "changed", "--cap", "3")
    assert (made["name"], made["when"], made["percent"], made["cap"]) == (COST, "changed", 10, 3)
    assert "feed_token" not in made
    listed = answer(run, "topics", "list")
    assert [each["query"] for each in listed["topics"]] == [
        'deepseek "hedge fund" -source:wire',
        COST,
    ]
    assert "at once" in run("topics", "list")
    told = run("topics", "show", "Deep")
    assert all(f"\n{name} feed:" in told for name in ("Atom", "RSS", "JSON"))
    shown = answer(run, "topics", "show", made["id"])
    assert shown["feeds"]["Atom"].startswith(f"http://127.0.0.1:8321/feeds/topics/{made['id']}/")
    assert run("topics", "remove", "Deep").startswith("removed Deep")
    assert answer(run, "topics", "list")["total"] == 1


def test_a_topic_is_changed_in_what_was_said(run: Run) -> None:
    run("topics", "add", COST, "--name", "Costs", "--cadence", "hourly")
    changed = answer(run, "topics", "edit", "Costs", "--cadence", "daily", "--zone", "Asia/Tokyo")
    assert (changed["cadence"], changed["zone"], changed["query"]) == ("daily", "Asia/Tokyo", COST)
    assert changed["version"] == 1
    changed = answer(run, "topics", "edit", "Costs", "--query", "chips", "--name", "Chips")
    assert (changed["version"], changed["name"]) == (2, "Chips")
    run("topics", "add", "meta", "--name", "Other")
    with pytest.raises(UserError, match="another topic is named 'Other'"):
        run("topics", "edit", "Chips", "--name", "Other")
    with pytest.raises(UserError, match="is there already"):
        run("topics", "add", "meta", "--name", "Other")


def test_a_mute_ends(run: Run) -> None:
    run("topics", "add", COST, "--name", "Costs")
    assert "mute until" in run("topics", "mute", "Costs", "3d")
    until = datetime.fromisoformat(answer(run, "topics", "mute", "Costs")["muted_until"])
    assert timedelta(hours=23) < until - datetime.now(UTC) <= timedelta(days=1)
    assert answer(run, "topics", "unmute", "Costs")["muted_until"] is None
    with pytest.raises(UserError, match="write 1h, 3d, 2w, today"):
        run("topics", "mute", "Costs", "later")


@pytest.mark.parametrize(
    "command",
    [
        ("topics", "add", "nvidia (chips"),
        ("topics", "preview", "nvidia (chips"),
        ("topics", "edit", "Costs", "--query", "nvidia (chips"),
    ],
)
def test_a_query_that_cannot_be_read_shows_the_place(run: Run, command: tuple[str, ...]) -> None:
    run("topics", "add", COST, "--name", "Costs")
    bootstrap.open_index(Settings(), write=True).close()
    with pytest.raises(QueryRefused, match=r"nvidia \(chips\n +\^\n") as refused:
        run(*command)
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("topics", "show", "nothing"), "local has no topic named 'nothing'"),
        (("topics", "add", "x", "--zone", "Mars"), "no time zone"),
        (("topics", "add", "x", "--channel", "c9"), "no channel 'c9' of yours"),
        (("topics", "add", "x", "--owner", "nobody"), "no user has the name nobody"),
        (("topics", "add", "x", "--nam", "y"), "no such option: --nam"),
        (("topics", "preview", "x", "--topic", "y"), "not both"),
        (("channels", "add", "http://127.0.0.1/x"), "public addresses"),
        (("channels", "add", "nobody"), "not an e-mail address"),
        (("channels", "rotate", "c9"), "there is no channel 'c9'"),
    ],
)
def test_what_cannot_be_says_what_can(run: Run, command: tuple[str, ...], says: str) -> None:
    with pytest.raises(UserError) as refused:
        run(*command)
    assert says in str(refused.value)


def test_topics_belong_to_those_who_may_have_them(run: Run, store: Store) -> None:
    from services.store.people import User

    now = datetime.now(UTC)
    for name, role in (("ada", "analyst"), ("rea", "reader")):
        store.add_user(User(name=name, password="x", role=role, created_at=now))  # type: ignore[arg-type]
    run("topics", "add", "chips", "--owner", "Ada")
    with pytest.raises(UserError, match="rea is a reader, who has no topics"):
        run("topics", "add", "chips", "--owner", "rea")
    run("topics", "add", "meta")
    assert answer(run, "topics", "list", "--owner", "ada")["total"] == 1
    assert answer(run, "topics", "list")["total"] == 2
    with pytest.raises(UserError, match="local has no topic named 'chips'"):
        run("topics", "mute", "chips")
    assert run("topics", "mute", "chips", "--owner", "ada").startswith("muted chips")


def test_what_was_found_and_sent_is_shown(run: Run, store: Store) -> None:
    hook = answer(run, "channels", "add", "https://hooks.example/in", "--name", "desk")
    now = datetime.now(UTC)
    followed(store, "local", COST, now, name="Costs", channels=(hook["id"],))
    assert "Nothing was found yet" in run("topics", "alerts")
    assert "No messages yet" in run("topics", "deliveries", "Costs")
    tell(store, all_stories(), now)
    (alert,) = answer(run, "topics", "alerts", "Costs")["alerts"]
    assert (alert["article_id"], alert["claims"][0]["figure"]) == (model_story().id, "$5.6M")
    assert alert["reasons"][0]["claim"]["figure"] == "$5.6M"
    text = run("topics", "alerts")
    assert model_story().title in text
    assert "training cost · Quillon AI · $5.6M" in text
    (message,) = answer(run, "topics", "deliveries", "Costs")["messages"]
    assert (message["state"], message["channel"]) == ("open", hook["id"])
    later = now + timedelta(hours=1)
    (parcel,) = store.take(later, later + timedelta(minutes=1))
    store.end(parcel.message.id, Failed("gone"), later)
    assert "failed" in run("topics", "deliveries", "Costs")
    again = answer(run, "topics", "deliveries", "Costs", "--replay")
    assert (again["replayed"], again["messages"][0]["state"]) == (1, "open")
    assert answer(run, "topics", "deliveries", "Costs", "--replay")["replayed"] == 0


def test_all_that_failed_is_sent_again_however_few_are_shown(run: Run, store: Store) -> None:
    hooks = [
        answer(run, "channels", "add", f"https://hooks.example/{name}", "--name", name)["id"]
        for name in ("desk", "night")
    ]
    now = datetime.now(UTC)
    followed(store, "local", COST, now, name="Costs", channels=(*hooks,))
    tell(store, all_stories(), now)
    later = now + timedelta(hours=1)
    for parcel in store.take(later, later + timedelta(minutes=1), len(hooks)):
        store.end(parcel.message.id, Failed("gone"), later)
    again = answer(run, "topics", "deliveries", "Costs", "--replay", "--limit", "1")
    assert again["replayed"] == len(hooks)
    assert len(again["messages"]) == 1


def test_a_topic_is_tried_on_the_past(run: Run, tmp_path: Path) -> None:
    fresh = msgspec.structs.replace(model_story(), published=datetime.now(UTC) - timedelta(days=2))
    with TantivyIndex(Settings().index_folder, write=True) as index:
        index.put([fresh])
    said = run("topics", "preview", COST)
    assert said.startswith("Would have told you once in 30 days.\n")
    assert "█ 1" in said
    assert fresh.title in said
    assert "Not tried: cadence, cap and mutes" in " ".join(said.split())
    found = answer(run, "topics", "preview", COST, "--days", "1")
    assert (found["articles"], found["alerts"], found["missing"]) == (0, [], [])
    assert "It does occur, but nothing matched" in run("topics", "preview", COST, "--days", "1")
    assert "This never occurs in what was indexed, at any time: quilon" in run(
        "topics", "preview", "quilon"
    )
    run("topics", "add", COST, "--name", "Costs")
    assert answer(run, "topics", "preview", "--topic", "Costs")["query"] == COST


def test_channels_come_and_go(run: Run, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "No channels yet" in run("channels", "list")
    said = run("channels", "add", "https://hooks.example/in").splitlines()
    assert said[0].startswith("added webhook https://hooks.example/in (")
    (hook,) = store.channels("local")
    assert said[1] == hook.secrets[0]
    assert hook.secrets[0] not in run("channels", "list") + run("channels", "list", "--json")
    rotated = answer(run, "channels", "rotate", hook.id)
    assert rotated["secret"] == store.channels("local")[0].secrets[0] != hook.secrets[0]
    mail = answer(run, "channels", "add", "desk@news.example")
    assert (mail["kind"], "secret" in mail) == ("email", False)
    store.change_channel(msgspec.structs.replace(hook, disabled="it is gone"))
    assert "disabled: it is gone" in run("channels", "list")
    assert run("channels", "enable", hook.id).startswith("enabled webhook")
    tried: list[Channel] = []

    def trial(_: Settings, channel: Channel) -> str:
        tried.append(channel)
        return "" if len(tried) == 1 else "no answer"

    monkeypatch.setattr(bootstrap, "try_channel", trial)
    assert run("channels", "test", hook.id).startswith("sent a test to webhook")
    with pytest.raises(UserError, match="did not take the test message: no answer"):
        run("channels", "test", hook.id)
    assert [each.id for each in tried] == [hook.id, hook.id]
    run("channels", "remove", hook.id)
    assert answer(run, "channels", "list")["total"] == 1
