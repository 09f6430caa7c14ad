"""Made-up coverage: article ``n`` is the same wherever it is made, and no two are alike.

About 600 words by Zipf's law, the names of our gazetteer, claims with figures of every kind, moods,
sources, sections and three years of dates. One article in five is a near-copy of an earlier one.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from msgspec.structs import replace

from processors.ids import article_id, content_hash
from processors.records import Article, Claim, ClaimKind, Entity, Modality, Mood, Polarity, Span
from services.bench.cast import LANGUAGES, SECTIONS, SEED, Cast, Name, cast
from services.bench.words import random_of, rare_word

SINCE = datetime(2023, 6, 1, tzinfo=UTC)
DAYS = 3 * 365
WORDS = 600
MADE_BY = {"bench": "1"}
BLOCK = 1_000
"""Articles among which one story has many copies."""
_KINDS: tuple[tuple[ClaimKind, int, str], ...] = (
    ("investment", 20, "plans to spend {} on {}"),
    ("revenue", 12, "reported revenue of {} with {}"),
    ("funding", 12, "raised {} for {}"),
    ("price", 10, "charges {} for {}"),
    ("chip_count", 10, "runs {} chips for {}"),
    ("date", 9, "will release in {} its {}"),
    ("valuation", 8, "was valued at {} thanks to {}"),
    ("training_cost", 6, "spent {} on training {}"),
    ("headcount", 4, "employs {} people on {}"),
    ("acquisition", 3, "paid {} for {}"),
    ("fine", 2, "was fined {} over {}"),
    ("loss", 2, "lost {} on {}"),
    ("export_control", 2, "may from {} no longer export {}"),
)
_DRAWN = [row for row in _KINDS for _ in range(row[1])]
_SCALES = {"price": (10, 4), "training_cost": (17, 2), "fine": (18, 2)}
"""Natural logarithm of the usual figure, and how far around it figures lie."""
_MODALITIES: tuple[Modality, ...] = (
    *("done",) * 4, *("reported",) * 4, *("planned",) * 2, "rumoured", "denied",
)  # fmt: skip


def newsprint(numbers: range) -> Iterator[Article]:
    """The articles of these numbers, in order."""
    known = cast()
    return (_numbered(known, number) for number in numbers)


def _numbered(known: Cast, number: int) -> Article:
    first = copied(number)
    if first is None:
        return _original(known, number)
    random = random_of(SEED ^ number)
    return _copy(known, _original(known, first), number, random)


def copied(number: int) -> int | None:
    """The article that one is a copy of; None for an original."""
    block, at = divmod(number, BLOCK)
    if 500 <= at < 540:
        return block * BLOCK + 8
    if at % 8 == 7 or at % 40 == 23:
        return block * BLOCK + at - 7 - (at % 8 != 7)
    return None


def _original(known: Cast, number: int) -> Article:
    random = random_of(SEED ^ number)
    topic = known.topics[int(known.topic_ranks.draw(random, 1)[0])]
    names = _cast_of(known, random, topic.names)
    writer = _Writer(random)
    general = known.topics[random.randrange(len(known.topics))].sentences
    claims = random.choice((0, 0, 1, 1, 2, 2, 3, 5)) if len(names) > 1 else 0
    while writer.words < WORDS * random.uniform(0.8, 1.2):
        sentence = random.choice(topic.sentences if random.random() < 0.7 else general)
        name = random.choice(names) if random.random() < 0.45 else None
        writer.write(sentence, name)
        if claims and random.random() < 0.3:
            writer.claim(*random.sample(names, 2))
            claims -= 1
    body = writer.body()
    lead = random.choice(topic.sentences).split()[:9]
    title = f"{names[0].name} {' '.join(lead).lower().rstrip('.')}"
    source = known.sources[int(known.source_ranks.draw(random, 1)[0])]
    url = f"https://{source.id}.example/{number}"
    published = SINCE + timedelta(seconds=random.randrange(DAYS * 86_400))
    return Article(
        id=article_id(url), url=url, source=source.id, site_name=source.name, title=title,
        body=body, content_hash=content_hash(title, body), published=published,
        fetched_at=published + timedelta(seconds=random.randint(20, 900)),
        authors=tuple(random.sample(known.authors, random.randint(0, 2))),
        language=random.choice(LANGUAGES), section=random.choice(SECTIONS),
        summary=topic.sentences[0], entities=writer.entities(), claims=tuple(writer.claims),
        moods=tuple(_moods(random, writer)), made_by=MADE_BY, story=article_id(url),
    )  # fmt: skip


def _copy(known: Cast, first: Article, number: int, random: Random) -> Article:
    source = random.choice(known.sources)
    url = f"https://{source.id}.example/{number}"
    body = f"{first.body}\n\n{source.name} has this from {first.site_name}."
    published = (first.published or first.fetched_at) + timedelta(minutes=random.randint(2, 600))
    return replace(
        first, id=article_id(url), url=url, source=source.id, site_name=source.name, body=body,
        content_hash=content_hash(first.title, body), published=published, story=first.id,
        fetched_at=published + timedelta(minutes=1), original=False,
    )  # fmt: skip


def _cast_of(known: Cast, random: Random, own: tuple[Name, ...]) -> tuple[Name, ...]:
    """Whom an article names: most of them belong to its topic."""
    count = random.randint(4, 14)
    others = known.name_ranks.draw(random, count // 3)
    found = random.sample(own, min(len(own), count - len(others)))
    return tuple(dict.fromkeys((*found, *(known.names[int(rank)] for rank in others))))


def _moods(random: Random, writer: "_Writer") -> Iterator[Mood]:
    for id, spans in writer.mentions.items():
        if random.random() < 0.4:
            score = round(random.triangular(-1, 1, -0.1), 2)
            polarity: Polarity = "neutral"
            if abs(score) > 0.15:
                polarity = "positive" if score > 0 else "negative"
            yield Mood(entity=id, polarity=polarity, score=score, evidence=spans[:1])


class _Writer:
    """Puts a text together and keeps what stands where in it."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._parts: list[str] = []
        self._at = 0
        self._names: dict[str, Name] = {}
        self.words = 0
        self.mentions: dict[str, tuple[Span, ...]] = {}
        self.claims: list[Claim] = []

    def write(self, sentence: str, name: Name | None) -> None:
        """One sentence, about somebody if a name is given."""
        if name is not None:
            self._mention(name, self._at)
            sentence = f"{name.name} {sentence[0].lower()}{sentence[1:]}"
        if self._random.random() < 0.15:
            # A word of the long tail: names, places and slips that stand in one article alone.
            sentence = f"{sentence[:-1]} {rare_word(10**6 + self._random.randrange(10**8))}."
        self._add(sentence)

    def claim(self, subject: Name, object: Name) -> None:
        """One sentence that states a figure."""
        random = self._random
        kind, _, pattern = random.choice(_DRAWN)
        figure, fields = _figure(random, kind)
        said = pattern.format(figure, object.name)
        sentence = f"{subject.name} {said}."
        self._mention(subject, self._at)
        start = self._at + len(subject.name) + 1
        place = Span(start=self._at, end=self._at + len(sentence))
        self.claims.append(
            Claim(
                kind=kind, subject=subject.name, subject_id=subject.id, object=object.name,
                object_id=object.id, modality=random.choice(_MODALITIES), confidence=0.9,
                evidence=said, start=start, end=start + len(said), sentence=place,
                rule=f"{kind}.bench", speaker=subject.name if random.random() < 0.5 else None,
                **fields,
            )
        )  # fmt: skip
        self._add(sentence)

    def entities(self) -> tuple[Entity, ...]:
        return tuple(
            Entity(id=id, name=self._names[id].name, type=self._names[id].type, mentions=spans)
            for id, spans in self.mentions.items()
        )

    def body(self) -> str:
        return "".join(self._parts).rstrip()

    def _mention(self, name: Name, start: int) -> None:
        span = Span(start=start, end=start + len(name.name))
        self._names[name.id] = name
        self.mentions[name.id] = (*self.mentions.get(name.id, ()), span)

    def _add(self, sentence: str) -> None:
        text = sentence + ("\n\n" if self._random.random() < 0.3 else " ")
        self._parts.append(text)
        self._at += len(text)
        self.words += sentence.count(" ") + 1


def _figure(random: Random, kind: ClaimKind) -> tuple[str, dict[str, Any]]:
    """A figure in words, and the fields of a claim that states it."""
    if kind in ("date", "export_control"):
        when = f"{random.randint(2023, 2027)}-{random.randint(1, 12):02}"
        return when, {"date": when}
    if kind in ("chip_count", "headcount"):
        count = round(10 ** random.uniform(2, 6))
        unit = "chips" if kind == "chip_count" else "people"
        return f"{count:,}", {"amount_low": float(count), "amount_high": float(count), "unit": unit}
    middle, spread = _SCALES.get(kind, (21, 2))
    dollars = float(f"{random.lognormvariate(middle, spread):.2g}")
    low: float | None = dollars
    high: float | None = dollars
    bound = random.choice(("exact", "exact", "exact", "about", "at_least", "at_most"))
    low, high = (None if bound == "at_most" else low), (None if bound == "at_least" else high)
    fields = {"amount_low": low, "amount_high": high, "usd_low": low, "usd_high": high}
    scale, name = (1e9, " billion") if dollars >= 1e9 else (1e6, " million")
    words = f"${dollars / scale:,.4g}{name}" if dollars >= 1e6 else f"${dollars:,.0f}"
    return words, {**fields, "bound": bound, "currency": "USD"}
