"""Every command that a document names is there, with the options that it is shown with.

``tests/system/test_docs_commands.py`` runs those that can be run; most of what an operator does at
night cannot be, and must be spelled right all the same.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from services.cli.commands import app
from tests.support.tree import ROOT, tracked

SPAN = re.compile(r"(?<!`)`(beatwire [^`]+)`(?!`)")
LINE = re.compile(r"(?:^|(?<!-n)\s|\()(beatwire (?!exec )[^\n]+)")
COMMENT = re.compile(r"\s#.*")
BLOCK = re.compile(r"^```(?:sh|console|bash)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROGRAM = typer.main.get_command(app)
ENDS = re.compile(r"\s(?:[|<>&]|\d?>)|[;)]")
"""Where the shell has the word again."""


def named() -> list[tuple[str, str]]:
    """Each document with each command that it names."""
    found: set[tuple[str, str]] = set()
    for path in tracked():
        if path.suffix != ".md" or path.parts[0] == "services":
            continue
        text = (ROOT / path).read_text()
        shell = [
            command
            for block in BLOCK.findall(text)
            for line in COMMENT.sub("", block.replace("\\\n", " ")).splitlines()
            for command in LINE.findall(line.replace("$(", "\n("))
        ]
        found |= {(str(path), ENDS.split(each)[0]) for each in (*SPAN.findall(text), *shell)}
    return sorted(found)


def wrong_of(command: str) -> Iterator[str]:
    """What of a command there is not; nothing for a right one."""
    group: Any = PROGRAM
    _, *words = command.split()
    while words and hasattr(group, "commands"):
        if words[0].startswith("-") or not words[0].strip("|").replace("|", "").islower():
            break  # an option of the group, or a placeholder as COMMAND
        *others, last = words.pop(0).split("|")
        yield from (name for name in (*others, last) if name not in group.commands)
        if last not in group.commands:
            return
        group = group.commands[last]
    known = {"--help", *(name for each in group.params for name in _names(each))}
    options = (word.strip("[],").split("=")[0] for word in words)
    yield from (each for each in options if re.match(r"--?[a-z]", each) and each not in known)


def _names(parameter: Any) -> tuple[str, ...]:
    return (*parameter.opts, *parameter.secondary_opts)


@pytest.mark.parametrize(("document", "command"), named())
def test_a_named_command_is_there(document: str, command: str) -> None:
    assert not [*wrong_of(command)]


def test_a_command_that_there_is_not_would_be_found() -> None:
    assert [*wrong_of("beatwire prone --dry-run")] == ["prone"]
    assert [*wrong_of("beatwire dead list|shew|retry")] == ["shew"]
    assert [*wrong_of("beatwire dead list --colour red")] == ["--colour"]
    assert len(named()) > 100
