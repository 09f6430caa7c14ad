"""The frozen records that cross a topic, and the two codecs that every stage shares.

Every record carries its schema version as a tag (``"page/1"``). A field may be added with a
default without a new version; anything else takes a new tag, and the fixtures in
``tests/golden/records`` keep every version that was ever published readable.

Offsets are counted in Python code points of ``Article.body``, end exclusive.
Times are aware; a publish time keeps the zone in which its publisher stated it.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

EntityType = Literal[
    "company", "lab", "person", "model", "chip", "product", "fund", "agency", "country", "other"
]
ClaimKind = Literal[
    "training_cost",
    "investment",
    "funding",
    "valuation",
    "revenue",
    "loss",
    "fine",
    "acquisition",
    "price",
    "headcount",
    "chip_count",
    "export_control",
    "date",
]
Bound = Literal["exact", "about", "at_least", "at_most", "range", "vague"]
Modality = Literal["denied", "rumoured", "planned", "reported", "done"]
Polarity = Literal["positive", "neutral", "negative"]
Score = Annotated[float, msgspec.Meta(ge=-1, le=1)]
"""From -1 (negative) to 1 (positive)."""
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all records: immutable, keyword-only, compared by value."""


class Span(Record, frozen=True, kw_only=True, array_like=True):
    """A stretch of a text: first character, and the one after the last."""

    start: int
    end: int


class FeedHints(Record, frozen=True, kw_only=True):
    """What the feed or sitemap said about a page before the page was fetched."""

    feed: str
    title: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    updated: str = ""
    summary: str = ""
    site_name: str = ""
    language: str = ""


class Page(Record, frozen=True, kw_only=True, tag_field="schema", tag="page/1"):
    """One fetched page, as its server sent it (without transfer coding) or as it was rendered."""

    id: str
    """The article id that the URL implies; see ``processors.ids.article_id``."""
    url: str
    """The canonical form of the address that answered, after redirects."""
    requested_url: str
    source: str
    """The id of the source that led here; the host name for a page that was asked for alone."""
    fetched_at: datetime
    status: int
    headers: dict[str, str]
    """Lower-case names; only those that reading or an archive needs."""
    body: bytes
    content_hash: str
    """Of the bytes that the server sent."""
    hints: FeedHints | None = None
    rendered: bool = False
    """Whether ``body`` is what a browser made of those bytes by running their scripts."""


class Entity(Record, frozen=True, kw_only=True):
    """Someone or something that the text names, once, with all its mentions in the body."""

    id: str
    name: str
    type: EntityType
    mentions: tuple[Span, ...]
    references: tuple[Span, ...] = ()
    """Where a pronoun or an epithet (``the company``) stands for it."""


class Claim(Record, frozen=True, kw_only=True):
    """One typed, normalised statement. Fields and rules: ``docs/claims.md``."""

    kind: ClaimKind
    subject: str | None
    subject_id: str | None = None
    amount_low: float | None = None
    amount_high: float | None = None
    currency: str | None = None
    unit: str | None = None
    bound: Bound = "exact"
    modality: Modality = "done"
    period: str | None = None
    object: str | None = None
    object_id: str | None = None
    date: str | None = None
    evidence: str = ""
    """The words that carry the figure, the date or the restriction; ``body[start:end]``."""
    start: int = 0
    end: int = 0
    sentence: Span = Span(start=0, end=0)
    speaker: str | None = None
    confidence: Share = 0.0
    rule: str = ""
    """The rule and the version of the component that made the claim."""
    mentions: tuple[Span, ...] = ()
    """Further places where the same claim is made in other words."""
    usd_low: float | None = None
    usd_high: float | None = None
    usd_rate_date: str | None = None
    """The day of the exchange rate behind ``usd_*`` when the text gave another currency."""


class Mood(Record, frozen=True, kw_only=True):
    """The sentiment of one article towards one entity; absent where the text shows none."""

    entity: str
    polarity: Polarity
    score: Score
    evidence: tuple[Span, ...] = ()
    """The sentences that show it, strongest first."""


class Article(Record, frozen=True, kw_only=True, tag_field="schema", tag="article/1"):
    """A page that was read: its text and everything that the text says."""

    id: str
    url: str
    source: str
    title: str
    body: str
    fetched_at: datetime
    content_hash: str
    """Of title and body: an edit changes it, another advertisement does not."""
    site_name: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    date_suspect: Literal["", "future", "ancient", "ambiguous", "missing"] = ""
    """What is doubtful about ``published``: all that the page states lies in the future (the time
    of the fetch is taken), lies before 1990, may be another day, too; or it states nothing."""
    language: str = ""
    section: str = ""
    summary: str = ""
    entities: tuple[Entity, ...] = ()
    claims: tuple[Claim, ...] = ()
    moods: tuple[Mood, ...] = ()
    made_by: dict[str, str] = {}
    """Component name to version, of everything that took part in reading."""
    story: str = ""
    """The id of the story that it and its near-copies tell; empty: not joined yet, its own."""
    original: bool = True
    """Whether none of the story's other copies was published before it."""
    event: str = ""
    """The id of the event that its story is about, as others are; empty: not known yet."""


ReasonField = Literal[
    "everything",
    "title",
    "body",
    "entity",
    "mood",
    "claim",
    "source",
    "author",
    "language",
    "section",
    "story",
    "published",
]


class Reason(Record, frozen=True, kw_only=True):
    """One thing in an article for which a clause of a query is true."""

    clause: str
    """The clause, as a query: parsed alone it is true of the article."""
    says: str
    """The clause in words."""
    field: ReasonField
    """Where it was found."""
    span: Span | None = None
    """The words themselves, in the title or in the body."""
    sentence: Span | None = None
    """The sentence of the body that holds them."""
    quote: str = ""
    """That sentence (or the title, the name of the source, ...), cut to 500 characters."""
    entity: str = ""
    """Id of the entity that it is about."""
    mood: Score | None = None
    claim: Claim | None = None


class Alert(Record, frozen=True, kw_only=True, tag_field="schema", tag="alert/1"):
    """That an alert topic was met, and why: the receipt, which can be checked again from this.

    ``processors.query.why.holds`` does so with the article alone.
    """

    id: str
    """The same for the same topic and story (or claim, or correction), however often decided."""
    kind: Literal["match", "correction"]
    topic: str
    topic_name: str
    topic_version: int
    owner: str
    query: str
    when: str = "any"
    at: datetime
    """When it was decided; relative dates of the query count from then."""
    event_id: str
    """The event of topic ``articles`` that met it."""
    article_id: str
    url: str
    title: str
    source: str
    site_name: str = ""
    published: datetime | None = None
    fetched_at: datetime
    content_hash: str
    story: str
    origins: int = 1
    """Stories that state the claim by then, this one included; copies count once."""
    reasons: tuple[Reason, ...] = ()
    claims: tuple[Claim, ...] = ()
    """What the article claims, those that the query asked for first; 20 at most."""
    news: str = ""
    """What is new against what was known before, in words."""
    before: tuple[Claim, ...] = ()
    """What that is new against: the claims that were known."""
    corrects: str = ""
    """Of a correction: the id of the alert that it corrects."""
    made_by: dict[str, str] = {}
    """As of the article."""


class DeadLetter(Record, frozen=True, kw_only=True, tag_field="schema", tag="dead-letter/1"):
    """An event that can never pass, cut down to itself, with what an operator needs to act."""

    stage: str
    topic: str
    partition: int
    offset: int
    key: str
    event_id: str
    error_class: str
    reason: str
    attempts: int
    failed_at: datetime
    code_version: str
    data: bytes


AnyRecord = Page | Article | Alert | DeadLetter

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(AnyRecord)


def encode(record: AnyRecord) -> bytes:
    """The record as UTF-8 JSON, tagged with its schema version."""
    return _encoder.encode(record)


def decode(data: bytes) -> AnyRecord:
    """Read a record of any published version.

    Raises:
        ValueError: the bytes are no JSON, name no known schema or do not fit it.
            (``msgspec.DecodeError`` and ``msgspec.ValidationError`` are ValueErrors.)
    """
    try:
        record: AnyRecord = _decoder.decode(data)
    except RecursionError as error:
        raise ValueError("nested too deeply to be a record") from error
    return record
