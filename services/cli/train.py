"""``beatwire train``: weights of the trained parts from data that its user brings."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from services.cli.output import console, messages
from services.errors import UserError

FOLDS = 5
SEED = 1


def register(app: typer.Typer) -> None:
    """Add the command group."""
    group = typer.Typer(
        help="Train weights on your own data; needs the extra `train`.", no_args_is_help=True
    )
    group.callback()(_group)
    group.command("mood")(mood)
    app.add_typer(group, name="train")


def _group() -> None:
    """A group even while it has one command."""


def mood(  # noqa: PLR0917 - typer's form
    data: Annotated[
        Path, typer.Option(help='JSON lines {"text", "start", "end", "polarity"}; ends exclusive.')
    ],
    out: Annotated[
        Path | None, typer.Option(help="The file of weights; default: mood-KIND.npz here.")
    ] = None,
    kind: Annotated[
        Literal["fast", "accurate"],
        typer.Option(help="Which model: the default one, or the extra."),
    ] = "fast",
    seed: Annotated[int, typer.Option(min=0, help="Of all that is random.")] = SEED,
    teacher: Annotated[
        bool, typer.Option("--teacher", help="The accurate model helps the fast one to learn.")
    ] = False,
    check: Annotated[
        bool, typer.Option(help=f"Also train {FOLDS} times for a cross-validated figure.")
    ] = True,
) -> None:
    """Train the sentiment towards targets and print its cross-validated macro-F1.

    Example: beatwire train mood --data labelled.jsonl --kind fast --out mood-fast.npz
    """
    from processors.nlp.mood.registry import ACCURATE, MoodError, open_mood
    from processors.nlp.mood.training import examples, run
    from processors.nlp.pipeline import plain_pipeline
    from services.cli.saving import write_out

    target = out or Path(f"mood-{kind}.npz")
    try:
        run.check_ready()
        with data.open("rb") as file:
            found = examples.parse_examples(file)
        helper = open_mood(ACCURATE) if teacher else None
        nlp = plain_pipeline()
        sample, training = run.sample_of(nlp, found), run.training(nlp, kind, seed, helper)
        with _progress() as tell:
            if check:
                score = training.cross_validated(sample, tell)
                console().print(f"macro-F1, cross-validated on {len(found)} targets: {score:.4f}")
            weights = training.train(sample, tell)
        write_out([weights], target)
    except MoodError as error:
        raise UserError(str(error)) from error
    except OSError as error:
        raise UserError(f"{error.filename}: {error.strerror}") from error
    console().print(f"{target}: {len(weights):,} bytes", markup=False)


@contextmanager
def _progress() -> Iterator[Callable[[str, float], None]]:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    shown = messages().is_terminal
    with Progress(*columns, console=messages(), transient=True, disable=not shown) as progress:
        task = progress.add_task("reading", total=1.0)
        yield lambda step, done: progress.update(task, description=step, completed=done)
