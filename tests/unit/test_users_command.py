"""``beatwire users`` and ``beatwire keys``: what they change, say and refuse."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from services.accounts.passwords import Passwords
from services.accounts.tokens import read_key
from services.bootstrap import open_store
from services.cli import commands, keys, users
from services.errors import UserError
from services.settings import Settings

Run = Callable[..., str]
PASSWORD = "four words of ada"


class Input(io.StringIO):
    """Standard input, which may be a terminal."""

    terminal = False

    def isatty(self) -> bool:
        return self.terminal


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with its arguments, and a password where one is taken; what it printed."""
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    app.callback()(lambda: None)
    for group in (users, keys):
        group.register(app)

    def call(*arguments: str, password: str = PASSWORD, terminal: bool = False) -> str:
        monkeypatch.setattr(sys, "stdin", Input(f"{password}\n"))
        monkeypatch.setattr(Input, "terminal", terminal)
        app(list(arguments), standalone_mode=False)
        return capsys.readouterr().out

    return call


def add(run: Run, name: str = "ada", role: str = "operator") -> str:
    return run("users", "add", name, "--role", role, "--password-stdin")


def test_users_come_and_go(run: Run) -> None:
    assert "No users yet" in run("users", "list")
    assert add(run, "Ada") == "added ada (operator)\n"
    assert run("users", "add", "bob", "--password-stdin") == "added bob (reader)\n"
    listed = json.loads(run("users", "list", "--json"))
    assert [(each["name"], each["role"]) for each in listed["users"]] == [
        ("ada", "operator"),
        ("bob", "reader"),
    ]
    assert listed["total"] == 2
    assert run("users", "role", "bob", "analyst") == "made analyst: bob (analyst)\n"
    assert json.loads(run("users", "disable", "bob", "--json"))["disabled"] is True
    assert "bob · analyst · disabled" in run("users", "list")
    assert run("users", "enable", "BOB") == "enabled bob (analyst)\n"
    assert run("users", "remove", "bob") == "removed bob (analyst)\n"
    assert json.loads(run("users", "list", "--json"))["total"] == 1


def test_a_password_is_kept_as_a_hash_and_can_be_set_anew(run: Run) -> None:
    add(run)
    run("users", "passwd", "ada", "--password-stdin", password="four other words")
    with open_store(Settings()) as store:
        user = store.user("ada")
    assert user
    assert Passwords().check("four other words", user.password)
    assert not Passwords().check(PASSWORD, user.password)
    assert "$argon2id$" not in run("users", "list", "--json")


@pytest.mark.parametrize(
    ("arguments", "password", "says"),
    [
        (("users", "add", "ada", "--password-stdin"), PASSWORD, "ada is taken"),
        (("users", "add", "A B", "--password-stdin"), PASSWORD, "is no name; use up to 64"),
        (("users", "add", "local", "--password-stdin"), PASSWORD, "needs no login; choose another"),
        (("users", "add", "bob", "--password-stdin"), "short", "12 characters or more"),
        (("users", "add", "bob", "--password-stdin"), "a" * 20, "too easily guessed"),
        (("users", "add", "bob", "--password-stdin"), "", "no password came"),
        (("users", "add", "bob"), PASSWORD, "no terminal to ask at.*--password-stdin"),
        (("users", "add", "bob", "--role", "king"), PASSWORD, "'king' is no role"),
        (("users", "passwd", "bob"), PASSWORD, "no user has the name bob"),
        (("users", "remove", "ada"), "", "last operator; make another one first: beatwire users"),
        (("users", "role", "ada", "reader"), "", "last operator"),
        (("users", "disable", "ada"), "", "last operator"),
        (("users", "role", "bob", "reader"), "", "no user has the name bob"),
        (("keys", "add", "bob", "--scope", "search"), "", "no user has the name bob"),
        (("keys", "add", "ada", "--scope", "all"), "", "'all' is no scope; choose from search"),
        (("keys", "revoke", "0123456789ab"), "", "no key that works is called 0123456789ab"),
    ],
)
def test_mistakes_are_named_with_their_remedy(
    run: Run, arguments: tuple[str, ...], password: str, says: str
) -> None:
    add(run)
    before = run("users", "list", "--json")
    with pytest.raises(UserError, match=says) as caught:
        run(*arguments, password=password)
    assert not password or password not in str(caught.value)
    assert run("users", "list", "--json") == before


def test_a_password_that_is_typed_is_typed_twice(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([PASSWORD, "another", PASSWORD, PASSWORD])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    with pytest.raises(UserError, match="the two passwords differ"):
        run("users", "add", "ada", terminal=True)
    assert run("users", "add", "ada", terminal=True) == "added ada (reader)\n"


def test_no_command_takes_a_password_as_an_argument() -> None:
    command = typer.main.get_command(commands.app)
    for group in ("users", "keys"):
        for name, each in command.commands[group].commands.items():  # type: ignore[attr-defined]
            options = {option for param in each.params for option in param.opts}
            assert not options & {"--password", "--pass", "-p"}, name
            assert "Example: beatwire" in each.help, name


def test_a_key_is_printed_once_and_listed_by_its_beginning(run: Run) -> None:
    add(run)
    text = run("keys", "add", "ada", "--scope", "export", "--scope", "search", "--label", "x")
    given = read_key(text.strip())
    assert given
    listed = json.loads(run("keys", "list", "--json"))
    (key,) = listed["keys"]
    assert (key["prefix"], key["owner"], key["label"]) == (given.prefix, "ada", "x")
    assert key["scopes"] == ["search", "export"]
    shown = run("keys", "list") + json.dumps(listed)
    assert given.digest not in shown
    assert text.strip() not in shown
    assert f"bw_{given.prefix}_… · ada · search export · x · never used" in run(
        "keys", "list", "Ada"
    )
    assert run("keys", "list", "bob").startswith("No keys yet")
    assert run("keys", "revoke", text.strip()) == f"revoked {given.prefix}\n"
    assert "revoked" in run("keys", "list")
    with pytest.raises(UserError, match="no key that works"):
        run("keys", "revoke", given.prefix)


def test_machines_get_the_key_as_json(run: Run) -> None:
    made = json.loads(run("keys", "add", "local", "--scope", "metrics", "--json"))
    assert read_key(made["key"])
    assert "key" not in json.loads(run("keys", "list", "--json"))["keys"][0]
    revoked = json.loads(run("keys", "revoke", made["prefix"], "--json"))
    assert revoked["revoked_at"]
