"""The stage ``read``: a page becomes an article with entities, claims and moods."""

from collections.abc import Sequence

from processors.extract import VERSION as EXTRACT_VERSION
from processors.extract import Extracted, extract_article, warm_up
from processors.ids import article_id, content_hash
from processors.nlp.reader import Reader, Reading, Text
from processors.records import Article, Page, encode
from services.bus import Event
from services.stages import Result
from services.stages.records import record_of

MADE_BY = dict([EXTRACT_VERSION.rsplit("-", 1)])


class ReadStage:
    """Extracts every page of a slice, then reads all its articles in one batch."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        warm_up()

    def handle(self, events: Sequence[Event]) -> list[Result]:
        pages = [record_of(event, Page) for event in events]
        texts = [_extract(page) for page in pages]
        articles = [text for text in texts if text.outcome == "article"]
        readings = iter(self._reader.read([_as_text(text) for text in articles]))
        return [
            _finished(page, text, next(readings))
            if text.outcome == "article"
            else Result(text.outcome, text.reason)
            for page, text in zip(pages, texts, strict=True)
        ]

    def close(self) -> None:
        """Nothing is held open."""


def _extract(page: Page) -> Extracted:
    return extract_article(
        page.body,
        page.url,
        content_type=page.headers.get("content-type", ""),
        hints=page.hints,
        fetched_at=page.fetched_at,
    )


def _as_text(extracted: Extracted) -> Text:
    return Text(body=extracted.body, title=extracted.title, published=extracted.published)


def _finished(page: Page, text: Extracted, reading: Reading) -> Result:
    url = text.canonical_url or page.url
    article = Article(
        id=article_id(url),
        url=url,
        source=page.source,
        title=text.title,
        body=text.body,
        fetched_at=page.fetched_at,
        content_hash=content_hash(text.title, text.body),
        site_name=text.site_name,
        authors=text.authors,
        published=text.published,
        updated=text.updated,
        language=text.language,
        section=text.section,
        summary=text.summary,
        entities=reading.entities,
        claims=reading.claims,
        moods=reading.moods,
        made_by={**reading.made_by, **MADE_BY},
    )
    output = Event(
        id=f"{article.id}-{int(article.fetched_at.timestamp() * 1000)}",
        type="article/1",
        key=article.id,
        time=article.fetched_at,
        data=encode(article),
    )
    return Result("read", outputs=(output,))
