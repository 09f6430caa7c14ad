"""One article as a query sees it: its facts, and what is worked out once where a query asks."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from processors.query.matching.facts import (
    PAIR,
    READ,
    START,
    TEXTS,
    TITLE_START,
    field_facts,
    kind,
    reading_facts,
    text_facts,
)
from processors.query.matching.starts import Starts
from processors.query.terms import joined
from processors.query.tree import Leaf, Where
from processors.records import Article


class Seen:
    """An article with the facts that are asked for at all."""

    __slots__ = ("_places", "_spaced", "article", "facts", "known")

    def __init__(self, article: Article, facts: set[str], title: str, body: str) -> None:
        """``title`` and ``body`` as their terms, with spaces between them."""
        self.article, self.facts = article, facts
        self.known: dict[Leaf, bool] = {}
        """What ``checks.holds`` found already."""
        self._spaced = (f" {title} ", f" {body} ")
        self._places: dict[Where, tuple[Places, ...]] = {}

    def texts(self, where: Where) -> tuple[str, ...]:
        """The texts in which words are looked for: their terms, a space on both sides of each."""
        return self._spaced[:1] if where else self._spaced

    def places(self, where: Where) -> tuple["Places", ...]:
        """Where terms stand in each of these texts."""
        if where not in self._places:
            self._places[where] = tuple(map(Places, self.texts(where)))
        return self._places[where]


class Places:
    """Where terms stand in a text. Most stand there once: that takes no search."""

    __slots__ = ("_first", "_known", "_last", "_terms")

    def __init__(self, text: str) -> None:
        self._terms = text.split()
        size = len(self._terms)
        self._last = dict(zip(self._terms, range(size), strict=True))
        self._first = dict(zip(reversed(self._terms), reversed(range(size)), strict=True))
        self._known: dict[str, list[int]] = {}

    def of(self, term: str) -> Sequence[int]:
        """In order; empty where it is not there."""
        first = self._first.get(term)
        if first is None:
            return ()
        last = self._last[term]
        if first == last:
            return (first,)
        found = self._known.get(term)
        if found is None:
            found = self._known[term] = [first]
            while found[-1] < last:
                found.append(self._terms.index(term, found[-1] + 1))
        return found


class Asked:
    """What kinds of facts are asked for at all: the rest is not looked for in articles."""

    def __init__(self) -> None:
        self._kinds: Counter[str] = Counter()
        self._starts = Starts()

    @property
    def reading(self) -> bool:
        """Whether any is there only after the language of a text was read."""
        return any(map(self._kinds.__getitem__, READ))

    @property
    def language(self) -> bool:
        """Whether the language is asked for."""
        return "lang" in self._kinds

    def ask(self, facts: Iterable[str]) -> None:
        """Once more; ``drop`` takes it back."""
        for fact in facts:
            of = kind(fact)
            self._kinds[of] += 1
            if of in (START, TITLE_START):
                self._starts.ask(fact.partition(":")[2])

    def drop(self, facts: Iterable[str]) -> None:
        for fact in facts:
            of = kind(fact)
            self._kinds[of] -= 1
            if not self._kinds[of]:
                del self._kinds[of]
            if of in (START, TITLE_START):
                self._starts.drop(fact.partition(":")[2])

    def see(self, article: Article) -> Seen:
        """The article with all facts of these kinds."""
        title, body = joined(article.title), joined(article.body)
        facts = text_facts(title, body, pairs=PAIR in self._kinds)
        if self._starts.any:
            facts.update(self._begun(article))
        if self._kinds.keys() - TEXTS:
            facts.update(field_facts(article))
        if self.reading:
            facts.update(reading_facts(article))
        return Seen(article, facts, title, body)

    def _begun(self, article: Article) -> Iterable[str]:
        of = self._starts.__getitem__
        title = {*chain.from_iterable(map(of, article.title.split()))}
        body = {*chain.from_iterable(map(of, {*article.body.split()}))}
        yield from map(f"{START}:".__add__, body | title)
        yield from map(f"{TITLE_START}:".__add__, title)
