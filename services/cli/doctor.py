"""``beatwire doctor``: looks at everything, and says what to do about what is not well."""

from typing import Annotated

import typer

from services.cli.output import JSON, console, messages, print_json, say
from services.doctor import Finding

MARKS = {"well": "ok     ", "warning": "WARNING", "wrong": "WRONG  "}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(
    deep: Annotated[
        bool, typer.Option("--deep", help="Read the files of this machine through, too.")
    ] = False,
    as_json: JSON = False,
) -> None:
    """Look at settings, disk, model, servers, workers, sources and what waits; say the remedies.

    Exit code 0: all is well, or will be for a while; 1: something does not work.

    Example: beatwire doctor
    """
    from services.doctor.looks import look_at_all
    from services.settings import load_settings
    from services.workers.asking import answering

    settings = load_settings()
    found: list[Finding] = []
    with messages().status("looking"):
        for some in look_at_all(settings, answering, deep=deep):
            found += some
            if not as_json:
                for each in some:
                    say(render(each))
    wrong = sum(each.state == "wrong" for each in found)
    warnings = sum(each.state == "warning" for each in found)
    if as_json:
        print_json({"well": not wrong, "findings": found})
    else:
        console().print(f"{len(found)} looked at: {wrong} wrong, {warnings} to look at")
    raise typer.Exit(1 if wrong else 0)


def render(finding: Finding) -> str:
    """One line: the mark, what was looked at, what was found, and what to do."""
    remedy = f"; {finding.remedy}" if finding.remedy else ""
    return f"{MARKS[finding.state]} {finding.about:<14} {finding.says}{remedy}"
