"""What an e-mail says: subject, text and HTML, of a message and nothing else."""

from functools import cache

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from processors.figures import claim_line
from processors.records import Reason
from services.alerts.links import Links, followed
from services.alerts.words import (
    LONGEST_NAME,
    LONGEST_TITLE,
    cadence_words,
    counts,
    cut,
    dated,
    held,
)
from services.answers.clean import one_line
from services.store.alerting import Noted, Parcel
from services.words import counted, signed

REASONS, CLAIMS = 8, 8
"""Of an alert; how many more there are is said."""
LONGEST_SUBJECT = 200


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """One thing for which a clause is true."""

    clause: str
    says: str
    quote: str
    claim: str
    mood: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One alert; every text is one clean line, and empty where there is nothing to say."""

    correction: bool
    title: str
    link: str
    page: str
    source: str
    published: str
    articles: str
    news: str
    before: tuple[str, ...]
    why: tuple[Why, ...]
    more_why: str
    origins: str
    original_page: str
    version_page: str


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """All that an e-mail says, in plain words; the templates only put it in its place."""

    subject: str
    topic: str
    counts: str
    told: tuple[Told, ...]
    more: str
    held: str
    sends: str
    topic_page: str
    unsubscribe: str

    @property
    def heading(self) -> str:
        return f"{self.topic}: {self.counts}"


def letter(parcel: Parcel, links: Links) -> Letter:
    """``subject``: the title of the one alert, or how many there are."""
    topic, channel = parcel.topic, parcel.channel
    name = cut(topic.name, LONGEST_NAME)
    left = parcel.message.alerts - len(parcel.alerts)
    return Letter(
        subject=cut(f"{name}: {_about(parcel)}", LONGEST_SUBJECT),
        topic=name,
        counts=counts(parcel),
        told=tuple(_told(each, topic.zone, links) for each in parcel.alerts),
        more=counted(left, "more alert") if left else "",
        held=held(parcel),
        sends=f"The alert topic “{name}” sends to {channel.address}: {cadence_words(topic)}.",
        topic_page=links.topic(topic.id),
        unsubscribe=links.unsubscribe(channel.id, channel.token),
    )


def text(said: Letter) -> str:
    return _templates().get_template("letter.txt").render(letter=said)


def html(said: Letter) -> str:
    return _templates().get_template("letter.html").render(letter=said)


def _about(parcel: Parcel) -> str:
    if parcel.message.alerts > 1:
        return counts(parcel)
    noted = parcel.alerts[0]
    copies = f" ({counted(noted.articles, 'article')})" if noted.articles > 1 else ""
    room = LONGEST_SUBJECT - LONGEST_NAME - len(copies) - 20
    kind = "correction: " if noted.alert.kind == "correction" else ""
    return f"{kind}{cut(noted.alert.title, room)}{copies}"


def _told(noted: Noted, zone: str, links: Links) -> Told:
    alert = noted.alert
    page = links.alert(alert.id)
    left = len(alert.reasons) - REASONS
    return Told(
        correction=alert.kind == "correction",
        title=cut(alert.title, LONGEST_TITLE) or "Untitled",
        link=alert.url if followed(alert.url) else links.article(alert.article_id),
        page=page,
        source=cut(alert.site_name or alert.source, LONGEST_NAME),
        published=dated(alert.published, zone) if alert.published else "",
        articles=counted(noted.articles, "article") if noted.articles > 1 else "",
        news=one_line(alert.news),
        before=tuple(one_line(claim_line(each)) for each in alert.before[:CLAIMS]),
        why=tuple(map(_why, alert.reasons[:REASONS])),
        more_why=counted(left, "more reason") if left > 0 else "",
        origins=f"{alert.origins:,} origins state it." if alert.origins > 1 else "",
        original_page=links.alert(alert.corrects) if alert.corrects else "",
        version_page=(
            links.version(alert.article_id, alert.content_hash) if alert.corrects else ""
        ),
    )


def _why(reason: Reason) -> Why:
    return Why(
        clause=one_line(reason.clause),
        says=one_line(reason.says),
        quote=one_line(reason.quote),
        claim=one_line(claim_line(reason.claim)) if reason.claim else "",
        mood="" if reason.mood is None else signed(reason.mood),
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("services.alerts"),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
