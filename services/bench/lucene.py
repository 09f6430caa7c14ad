"""Lucene Monitor on the same topics and articles, by the Java program in ``deploy/bench``.

It is given what the one analyser made: terms with spaces between them. A topic is its key and its
query in front notation (``and 1 1 term all 1 chip term all 1 share``); an article is its title, its
text and its words as they are written, with tabs between them.
"""

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from processors.query import tree
from processors.query.terms import forms, joined
from processors.records import Article
from services.errors import UserError

CHECKOUT = Path(__file__).resolve().parents[2]
PROGRAM = CHECKOUT / "deploy/bench"
# One thread for all but the compiler, as ours is one process; what it compiles, it compiles first.
JAVA = ("java", "-Xmx4g", "-XX:+UseSerialGC")


class Monitored(msgspec.Struct, frozen=True):
    """What Lucene Monitor took, in seconds, and the keys that it found for each article."""

    registered: float
    matched: float
    """The quickest round over all articles."""
    found: tuple[tuple[str, ...], ...]


def missing() -> str:
    """What a run lacks here, in words; empty where nothing is missing."""
    lacking = [name for name in ("java", "javac", "mvn") if shutil.which(name) is None]
    if not PROGRAM.exists():
        return "deploy/bench of the source tree"
    return f"{' and '.join(lacking)} (a JDK 17 or later, and Maven)" if lacking else ""


def monitor(
    topics: Iterable[tuple[str, tree.Node]],
    warm: Sequence[Article],
    articles: Sequence[Article],
    rounds: int,
) -> Monitored:
    """Register the topics, match ``warm`` uncounted, then ``articles`` so many times.

    Raises UserError when Maven or the program fails, with what it said last.
    """
    jars = _fetched()
    with tempfile.TemporaryDirectory(prefix="beatwire-bench-") as folder:
        asked, read, told = (Path(folder) / name for name in ("topics", "articles", "answers"))
        _write(asked, (f"{key} {' '.join(front(node))}" for key, node in topics))
        _write(read, map(_line, [*warm, *articles]))
        command = [*JAVA, "-cp", f"{jars}/*", str(PROGRAM / "MonitorBench.java")]
        said = _run([*command, asked, read, told, f"{len(warm)}", f"{rounds}"])
        took = [line.split() for line in said.splitlines()]
        return Monitored(
            registered=next(float(line[1]) for line in took if line[0] == "registered"),
            matched=min(float(line[1]) for line in took if line[0] == "matched"),
            found=tuple(tuple(sorted(line.split())) for line in told.read_text().splitlines()),
        )


def _fetched() -> Path:
    """The folder of Lucene's jars, fetched once for each version."""
    pom = PROGRAM / "pom.xml"
    name = hashlib.sha256(pom.read_bytes()).hexdigest()[:12]
    folder = CHECKOUT / ".devstack/software" / f"bench-{name}"
    if not folder.exists():
        partial = folder.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        options = ("--batch-mode", "--quiet", "-Dstyle.color=never", f"-Dsoftware={partial}")
        _run(["mvn", *options, "--file", pom, "package"])
        partial.rename(folder)
    return folder


def _run(command: Sequence[str | Path]) -> str:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()
        shown = " ".join(map(str, command[:1]))
        raise UserError(f"bench match: {shown} ended with {done.returncode}: {last[0][:200]}")
    return done.stdout


def _write(path: Path, lines: Iterable[str]) -> None:
    with path.open("w") as file:
        file.writelines(f"{line}\n" for line in lines)


def _line(article: Article) -> str:
    words = dict.fromkeys((*forms(article.title), *forms(article.body)))
    return "\t".join((joined(article.title), joined(article.body), " ".join(words)))


def front(node: tree.Node) -> Iterator[str]:
    """The words of a topic in front notation. Raises UserError for what is not of the bench."""
    match node:
        case tree.And(parts=parts) | tree.Or(parts=parts):
            wanted = [part for part in parts if not isinstance(part, tree.Not)]
            unwanted = [part.part for part in parts if isinstance(part, tree.Not)]
            yield "and" if isinstance(node, tree.And) else "or"
            yield from (f"{len(wanted)}", f"{len(unwanted)}")
            for part in (*wanted, *unwanted):
                yield from front(part)
        case tree.Words(terms=terms, where=where):
            yield from ("term" if len(terms) == 1 else "phrase", where or "all")
            yield from (f"{len(terms)}", *terms)
        case tree.Near(terms=(one, other), gap=gap, where=where):
            yield from ("near", where or "all", "3", one, other, f"{gap}")
        case tree.Prefix(start=start, where=""):
            yield from ("begins", "form", "1", start)
        case _:
            raise UserError(f"bench match: no such topic for Lucene: {node}")
