"""The stage ``read``: a page becomes an article with entities, claims and moods."""

from collections.abc import Sequence

from processors.extract import VERSION as EXTRACT_VERSION
from processors.extract import Extracted, extract_article, warm_up
from processors.extract.siterules import SiteRules
from processors.ids import article_id, content_hash
from processors.layout import PageRead
from processors.nlp.reader import Reader, Reading, Text
from processors.optouts import in_headers, in_page, refusal
from processors.records import Article, Page, encode
from services.bus import Event
from services.stages import Result
from services.stages.elsewhere import elsewhere_words
from services.stages.records import record_of

MADE_BY = dict([EXTRACT_VERSION.rsplit("-", 1)])


class ReadStage:
    """Extracts every page of a slice, then reads all its articles in one batch."""

    def __init__(
        self, reader: Reader, rules: SiteRules | None = None, *, obey: bool = False
    ) -> None:
        """Without ``rules`` for single sites our own are taken.

        ``obey``: leave out also what a publisher reserves from mining and training.
        """
        self._reader, self._rules, self._obey = reader, rules, obey
        warm_up()

    @property
    def made_by(self) -> dict[str, str]:
        """Component name to version, of all that takes part."""
        return {**self._reader.made_by, **MADE_BY}

    def handle(self, events: Sequence[Event]) -> list[Result]:
        pages = [record_of(event, Page) for event in events]
        refused = [self._refusal(page) for page in pages]
        texts = [
            None if why else _extract(page, self._rules)
            for page, why in zip(pages, refused, strict=True)
        ]
        articles = [text for text in texts if text and text.outcome == "article"]
        readings = iter(self._reader.read([_as_text(text) for text in articles]))
        return [
            Result("opted-out", why)
            if text is None
            else _finished(page, text, next(readings))
            if text.outcome == "article"
            else Result(text.outcome, text.reason, read=_page_read(page, text))
            for page, text, why in zip(pages, texts, refused, strict=True)
        ]

    def _refusal(self, page: Page) -> str:
        return refusal([*in_headers(page.headers), *in_page(page.body)], obey=self._obey)

    def close(self) -> None:
        """Nothing is held open."""


def _extract(page: Page, rules: SiteRules | None) -> Extracted:
    return extract_article(
        page.body,
        page.url,
        content_type=page.headers.get("content-type", ""),
        hints=page.hints,
        fetched_at=page.fetched_at,
        rules=rules,
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
        date_suspect=text.date_suspect,
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
    moved = elsewhere_words(url) if article.id != page.id else ""
    return Result("read", moved, outputs=(output,), read=_page_read(page, text))


def _page_read(page: Page, text: Extracted) -> PageRead:
    return PageRead(
        source=page.source,
        page=page.id,
        at=page.fetched_at,
        outcome=text.outcome,
        words=len(text.body.split()),
        title=bool(text.title),
        date=text.published is not None,
        authors=bool(text.authors),
    )
