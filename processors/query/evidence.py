"""What in an article shows that one clause of a query is true, each place of it as a reason."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from processors.nlp.starts import sentence_around
from processors.query import tree
from processors.query.conditions import (
    called,
    is_claim,
    is_entity,
    is_mood,
    is_published,
    is_source,
)
from processors.query.explain import explain
from processors.query.places import Cut
from processors.query.printed import one_word, printed
from processors.query.terms import terms
from processors.records import Article, Entity, Reason, ReasonField, Span

QUOTED = 500
"""Characters of a quote."""


class Reading:
    """An article with its texts cut, for all who ask about it; each text when it is first asked."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self._cut: dict[str, Cut] = {}

    def cut(self, text: str) -> Cut:
        """Of its title or its body."""
        found = self._cut.get(text)
        if found is None:
            found = self._cut[text] = Cut(text)
        return found


@lru_cache(maxsize=16_384)
def told(node: tree.Node) -> tuple[str, str]:
    """A clause as text of the query language, and in words.

    Raises:
        ValueError: no text means this tree.
    """
    return printed(node), explain(node)


def evidence(node: tree.Node, reading: Reading, at: Span | None = None) -> Iterator[Reason]:
    """All reasons for a clause, the best first; none where it is not true of the article.

    With ``at``, those of words and mentions that stand elsewhere may be left out.

    A clause is a leaf, or the choice that the parser makes of ``us``. Texts give their places in
    the body before those in the title, entities their mentions, moods the sentences that show
    them, claims themselves in the order of the article.
    """
    match node:
        case tree.Or():
            word = one_word(node)
            return _texts(node, node.parts if word else (), reading, at)
        case tree.Words() | tree.Near() | tree.Prefix():
            return _texts(node, (node,), reading, at)
        case tree.EntityIs():
            return _entities(node, reading.article, at)
        case tree.MoodIs():
            return _moods(node, reading.article)
        case tree.ClaimIs():
            return _claims(node, reading.article)
        case leaf:
            return _filtered(leaf, reading.article)


def field_of(node: tree.Node) -> ReasonField:  # noqa: PLR0911 - one return a kind of node
    """Where a filter looks; ``everything`` for texts and for what has parts."""
    match node:
        case tree.EntityIs():
            return "entity"
        case tree.MoodIs():
            return "mood"
        case tree.ClaimIs():
            return "claim"
        case tree.SourceIs():
            return "source"
        case tree.AuthorIs():
            return "author"
        case tree.LanguageIs():
            return "language"
        case tree.SectionIs():
            return "section"
        case tree.StoryIs() | tree.EventIs() | tree.Original():
            return "story"
        case tree.Published():
            return "published"
        case _:
            return "everything"


def quoted(text: str, whole: Span, span: Span) -> str:
    """A stretch of a text as it stands there, of 500 characters at most, around a part of it."""
    start, end = whole.start, whole.end
    if end - start > QUOTED:
        before = max(0, QUOTED - (span.end - span.start)) // 2
        start = max(start, min(span.start - before, end - QUOTED))
        end = start + QUOTED
    return text[start:end]


def _texts(
    node: tree.Node, words: Iterable[tree.Node], reading: Reading, at: Span | None
) -> Iterator[Reason]:
    clause, says = told(node)
    body, title = reading.article.body, reading.article.title
    sought = [one for one in words if isinstance(one, tree.Words | tree.Near | tree.Prefix)]
    anywhere = [one for one in sought if not one.where]
    for span in _only(at, chain.from_iterable(map(reading.cut(body).places, anywhere))):
        sentence = sentence_around(body, span.start, span.end)
        quote = quoted(body, sentence, span)
        yield Reason(
            clause=clause, says=says, field="body", span=span, sentence=sentence, quote=quote
        )
    whole = Span(start=0, end=len(title))
    for span in _only(at, chain.from_iterable(map(reading.cut(title).places, sought))):
        quote = quoted(title, whole, span)
        yield Reason(clause=clause, says=says, field="title", span=span, quote=quote)


def _only(at: Span | None, spans: Iterable[Span]) -> Iterable[Span]:
    return spans if at is None else (span for span in spans if span == at)


def _entities(node: tree.EntityIs, article: Article, at: Span | None) -> Iterator[Reason]:
    clause, says = told(node)
    named = [entity for entity in article.entities if is_entity(node, entity)]
    for entity in named:
        for span in _only(at, _inside(article.body, entity.mentions)):
            sentence = sentence_around(article.body, span.start, span.end)
            yield Reason(
                clause=clause,
                says=says,
                field="entity",
                span=span,
                sentence=sentence,
                quote=quoted(article.body, sentence, span),
                entity=entity.id,
            )
    for entity in named:
        yield Reason(
            clause=clause, says=says, field="entity", quote=entity.name[:QUOTED], entity=entity.id
        )


def _moods(node: tree.MoodIs, article: Article) -> Iterator[Reason]:
    clause, says = told(node)
    entities = {entity.id: entity for entity in article.entities}
    for mood in article.moods:
        entity = entities.get(mood.entity)
        name = entity.name if entity else None
        if not is_mood(node, mood, name):
            continue
        for sentence in _inside(article.body, mood.evidence):
            span = _mentioned(entity, sentence)
            yield Reason(
                clause=clause,
                says=says,
                field="mood",
                span=span,
                sentence=sentence,
                quote=quoted(article.body, sentence, span),
                entity=mood.entity,
                mood=mood.score,
            )
        yield Reason(
            clause=clause,
            says=says,
            field="mood",
            quote=(name or mood.entity)[:QUOTED],
            entity=mood.entity,
            mood=mood.score,
        )


def _mentioned(entity: Entity | None, sentence: Span) -> Span:
    """Where an entity stands in a sentence; else the whole of it."""
    spans = (*entity.mentions, *entity.references) if entity else ()
    inside = (it for it in spans if sentence.start <= it.start < it.end <= sentence.end)
    return next(inside, sentence)


def _claims(node: tree.ClaimIs, article: Article) -> Iterator[Reason]:
    clause, says = told(node)
    body = article.body
    for claim in dict.fromkeys(claim for claim in article.claims if is_claim(node, claim)):
        own = (Span(start=claim.start, end=claim.end),)
        span = next(_inside(body, own), None)
        sentence = next(_inside(body, (claim.sentence,)), None)
        if span and (not sentence or not sentence.start <= span.start < span.end <= sentence.end):
            sentence = sentence_around(body, span.start, span.end)
        shown = span or sentence
        yield Reason(
            clause=clause,
            says=says,
            field="claim",
            span=span,
            sentence=sentence,
            quote=quoted(body, sentence, shown) if sentence and shown else claim.evidence[:QUOTED],
            entity=claim.subject_id or "",
            claim=claim,
        )


def _inside(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Those that lie in the text: what an article says of itself is not known to be right."""
    return (span for span in spans if 0 <= span.start < span.end <= len(text))


def _filtered(node: tree.Node, article: Article) -> Iterator[Reason]:
    clause, says = told(node)
    for quote in _values(node, article):
        yield Reason(clause=clause, says=says, field=field_of(node), quote=quote[:QUOTED])


def _values(  # noqa: PLR0911 - one return a kind of node
    node: tree.Node, article: Article
) -> Iterable[str]:
    """What the article has where a filter looks, if that is what is asked for."""
    match node:
        case tree.AuthorIs(text=text):
            return (author for author in article.authors if called(text, author))
        case tree.SourceIs() if is_source(node, article):
            return (article.site_name or article.source,)
        case tree.LanguageIs(code=code) if article.language.split("-")[0].lower() == code:
            return (article.language,)
        case tree.SectionIs(text=text) if terms(article.section) == terms(text):
            return (article.section,)
        case tree.StoryIs(id=story) if (article.story or article.id) == story:
            return (story,)
        case tree.EventIs(id=event) if (article.event or article.story or article.id) == event:
            return (event,)
        case tree.Published() if is_published(node, article):
            return ((article.published or article.fetched_at).isoformat(),)
        case tree.All():
            return ("",)
        case tree.Original() if article.original:
            return ("",)
        case _:
            return ()
