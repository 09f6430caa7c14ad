"""``beatwire match``: which topics of a file each article on standard input matches."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import msgspec
import typer
from msgspec.structs import replace

from processors.records import Article, decode
from services.cli.lines import BadLine, Id, answer, decoded, standard_input
from services.cli.output import messages
from services.errors import UserError

if TYPE_CHECKING:
    from processors.nlp.reader import Reader, Text
    from processors.query.match import Matcher

READ_BATCH = 16
"""Texts that the language model takes together; without it each article is answered at once."""
MAX_TEXT = 1_000_000
"""Characters, as for the language model."""
_TOPIC = '{"id": "chips", "query": "export controls entity:nvidia"}'


class TopicLine(msgspec.Struct, frozen=True):
    """A line of the file of topics."""

    id: Id
    query: str


class ArticleLine(msgspec.Struct, frozen=True):
    """A line of standard input: a text, or (with a ``schema``) a whole article."""

    id: Id
    schema: str = ""
    text: str | None = None
    title: str | None = None
    url: str | None = None
    source: str | None = None
    site_name: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    language: str | None = None
    section: str | None = None


class Given(NamedTuple):
    """What a line gives: a text, or a whole article, which was read already."""

    line: ArticleLine
    whole: Article | None = None


_article_line = msgspec.json.Decoder(ArticleLine).decode
_topic_line = msgspec.json.Decoder(TopicLine).decode


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(match)


def match(
    topics: Annotated[
        Path, typer.Option(help='The topics: JSON lines {"id", "query"}.', show_default=False)
    ],
) -> None:
    """Which topics match: articles as JSON lines in, {"id", "topics"} a line out.

    An article is {"id", "text"} with title, published, source, site_name, authors, language,
    section and url where they are known, or a whole one of the schema article/1. A text is read
    for entities, claims and moods only when a topic asks for them.

    Example: echo '{"id": 1, "text": "Chip exports fell."}' | beatwire match --topics topics.jsonl
    """
    lines = standard_input()
    matcher, ids = _load(topics)
    reader = _reader() if matcher.wants_reading() else None

    def matched(found: list[Given]) -> list[Any]:
        return [
            one
            if isinstance(one, BadLine)
            else {"id": told, "topics": [ids[key] for key in matcher.matching(one)]}
            for told, one in _articles(found, reader, detect=matcher.wants_language())
        ]

    answer(decoded(lines, _given), matched, batch=READ_BATCH if reader else 1)


def _load(path: Path) -> tuple["Matcher", dict[str, Id]]:
    """The topics of a file, and their ids by the matcher's keys.

    Raises UserError that names the line, the reason and the remedy.
    """
    from processors.query.errors import QueryError
    from processors.query.match import Matcher
    from processors.query.syntax import parse_query

    matcher, ids, now = Matcher(), dict[str, Id](), datetime.now(UTC)
    with _kept(), messages().status(f"reading topics of {path.name}"):
        for number, line in _lines(path):
            place = f"{path}, line {number}"
            try:
                topic = _topic_line(line)
                key = str(topic.id)
                if key in ids:
                    raise UserError(f"{place}: the id {key} stands twice; give each topic its own")
                matcher.add(key, parse_query(topic.query, now))
                ids[key] = topic.id
            except QueryError as error:
                raise UserError(f"{place}: query: {error}") from None
            except (ValueError, RecursionError) as error:
                raise UserError(f"{place}: {error}; a topic is {_TOPIC}") from None
    if not ids:
        raise UserError(f"{path}: there is no topic in it; a topic is {_TOPIC}")
    return matcher, ids


@contextmanager
def _kept() -> Iterator[None]:
    """What is loaded stays: the collector of garbage looks through it neither now nor later."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as file:
            yield from ((number, line) for number, line in enumerate(file, 1) if line.strip())
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; give the file of topics") from None


def _reader() -> "Reader":
    from services.bootstrap import open_reader
    from services.settings import read_settings

    with messages().status("loading the language model"):
        return open_reader(read_settings())


def _given(line: bytes) -> Given:
    found = _article_line(line)
    if not found.schema:
        return Given(found)
    record = decode(line)
    if not isinstance(record, Article):
        raise ValueError(f"{found.schema[:40]!r} is no article")  # noqa: TRY004 - of the line
    return Given(found, record)


def _articles(
    found: list[Given], reader: "Reader | None", *, detect: bool
) -> list[tuple[Id, Article | BadLine]]:
    """What is to be matched, with the ids to answer; texts are read where there is a reader."""
    articles = [one.whole or _article(one.line, detect) for one in found]
    if reader is not None:
        plain = {
            at: article
            for at, article in enumerate(articles)
            if isinstance(article, Article) and not found[at].whole
        }
        readings = reader.read([_text(article) for article in plain.values()])
        for (at, article), reading in zip(plain.items(), readings, strict=True):
            articles[at] = replace(
                article, entities=reading.entities, claims=reading.claims, moods=reading.moods
            )
    return [(one.line.id, article) for one, article in zip(found, articles, strict=True)]


def _article(line: ArticleLine, detect: bool) -> Article | BadLine:
    """The article that a line with a text tells of, as far as it does."""
    from processors.extract.language import detect_language
    from processors.extract.times import parse_when

    if line.text is None:
        return BadLine('there is no text; give {"id", "text"}', line.id)
    if len(line.text) > MAX_TEXT:
        return BadLine(
            f"text of {len(line.text):,} characters is longer than {MAX_TEXT:,}", line.id
        )
    when = parse_when(line.published) if line.published else None
    if line.published and when is None:
        return BadLine(f"published: not a time in ISO 8601: {line.published[:100]!r}", line.id)
    declared = line.language or ""
    return Article(
        id=str(line.id),
        url=line.url or "",
        source=line.source or "",
        site_name=line.site_name or "",
        title=line.title or "",
        body=line.text,
        content_hash="",
        fetched_at=datetime.now(UTC),
        published=when.at if when else None,
        authors=line.authors,
        section=line.section or "",
        language=declared or (detect_language(line.text, "") if detect else ""),
    )


def _text(article: Article) -> "Text":
    from processors.nlp.reader import Text

    return Text(body=article.body, title=article.title, published=article.published)
