"""What ``article --versions`` and ``article --diff`` print."""

from rich.console import Console
from rich.text import Text

from processors.figures import claim_line
from processors.records import Article
from processors.revisions import Piece, change, diff, in_short
from services.answers.history import History, Version, compared, history_of
from services.answers.revision_shapes import told_revisions, told_version
from services.answers.rows import json_lines
from services.cli.output import console
from services.cli.results import plain
from services.cli.saving import write_out
from services.errors import UserError
from services.index import Index
from services.words import counted

AROUND = 100
"""Characters of an unchanged stretch that are shown beside what changed."""


def show_versions(index: Index, article: Article, which: str | None, *, as_json: bool) -> None:
    """All versions in a line each, or what one changed. Raises UserError for one there is not."""
    found = history_of(index, article)
    version = _version(found, which) if which is not None else None
    if as_json and version is None:
        write_out(json_lines([told_revisions(found, found.total)]), None)
    elif as_json and version is not None:
        old = version.before or version.article
        told = told_version(version, change(old, version.article), text=True)
        write_out(json_lines([told]), None)
    elif version is not None:
        print_difference(console(), found, version)
    else:
        print_versions(console(), found)


def print_versions(to: Console, found: History) -> None:
    to.print(Text(plain(found.versions[0].article.title), "bold"))
    for version, changed in compared(found.versions):
        to.print(_line(version, in_short(changed)), soft_wrap=True)
    if found.left_out:
        to.print(Text(f"  {counted(found.left_out, 'version')} in between not kept", "dim"))
    to.print(_line(found.versions[-1], "first seen"), soft_wrap=True)


def print_difference(to: Console, found: History, version: Version) -> None:
    article, before = version.article, version.before
    to.print(Text(plain(article.title), "bold"))
    to.print(Text(f"version {version.number} of {found.total}, as fetched {_when(article)}", "dim"))
    if before is None:
        to.print("The first that was seen; there is nothing to compare it with.")
        return
    to.print(Text(f"against version {version.before_number}, as fetched {_when(before)}", "dim"))
    changed = change(before, article)
    for line in changed.says:
        to.print(Text(plain(f"  • {line}"), "cyan"))
    if changed.retitled:
        to.print(Text("\n").append_text(_marked(diff(before.title, article.title))))
    for each in changed.claims:
        for sign, claim, style in (("-", each.before, "red"), ("+", each.after, "green")):
            if claim is not None:
                to.print(Text(plain(f"{sign} {claim_line(claim)}"), style))
    to.print(Text("\n").append_text(_marked(diff(before.body, article.body))))


def _version(found: History, which: str) -> Version:
    version = found.find(which)
    if version is None:
        numbers = ", ".join(str(each.number) for each in reversed(found.versions))
        raise UserError(f"--diff {which[:40]}: no such version is kept; there are {numbers}")
    return version


def _line(version: Version, says: str) -> Text:
    line = Text(f"{version.number:>3}  {_when(version.article)}  ", "dim")
    return line.append(plain(says), "not dim")


def _when(article: Article) -> str:
    return f"{article.fetched_at:%Y-%m-%d %H:%M %Z}"


def _marked(pieces: tuple[Piece, ...]) -> Text:
    """``[-went-]`` and ``{+came+}``, which say it without colours, too."""
    text = Text()
    for piece in pieces:
        said = plain(piece.text)
        if piece.kind == "gone":
            text.append(f"[-{said}-]", "red strike")
        elif piece.kind == "come":
            text.append(f"{{+{said}+}}", "green")
        elif len(said) > 3 * AROUND:
            text.append(f"{said[:AROUND]} … {said[-AROUND:]}")
        else:
            text.append(said)
    return text
