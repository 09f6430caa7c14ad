"""The matcher: which of very many topics an article matches, exactly as a search would find it.

A topic is put in the words of facts once, when it is added. Each hangs in an index under a fact
that it cannot match without; an article is asked only for topics whose fact it has. Nothing is
tried in turn, and there are no patterns: the query language has none.
"""

from functools import lru_cache
from itertools import chain
from operator import attrgetter

from processors.query.matching.formulas import Formula, formula, true
from processors.query.matching.index import PlanIndex
from processors.query.matching.plans import Clauses, Plan, clauses_of
from processors.query.matching.seen import Asked
from processors.query.tree import Node
from processors.records import Article

__all__ = ["Matcher", "matches"]

_KEYS = attrgetter("keys")


class Matcher:
    """Topics by their keys, and which of them an article matches. One thread at a time."""

    def __init__(self) -> None:
        self._topics: dict[str, tuple[Plan, ...]] = {}
        self._plans: dict[Clauses, Plan] = {}
        self._index = PlanIndex()
        self._asked = Asked()

    def __len__(self) -> int:
        """How many topics there are."""
        return len(self._topics)

    def add(self, key: str, node: Node) -> None:
        """A topic, in place of the one that had this key. Takes microseconds."""
        if key in self._topics:
            self.remove(key)
        self._topics[key] = tuple(
            self._joined(key, clauses) for clauses in dict.fromkeys(clauses_of(formula(node)))
        )

    def remove(self, key: str) -> None:
        """Without the topic of this key; nothing happens where there is none."""
        for plan in self._topics.pop(key, ()):
            plan.keys.remove(key)
            if not plan.keys:
                del self._plans[plan.clauses]
                self._index.take_down(plan)
                self._asked.drop(plan.facts())

    def matching(self, article: Article) -> list[str]:
        """The keys of all topics that the article matches, sorted."""
        seen = self._asked.see(article)
        keys = map(_KEYS, self._index.matching(seen))
        return sorted({*chain.from_iterable(keys)})

    def wants_reading(self) -> bool:
        """Whether a topic asks for entities, claims or moods, which plain text has not yet."""
        return self._asked.reading

    def wants_language(self) -> bool:
        """Whether a topic asks for the language, which plain text may not state."""
        return self._asked.language

    def _joined(self, key: str, clauses: Clauses) -> Plan:
        plan = self._plans.get(clauses)
        if plan is None:
            plan = self._plans[clauses] = Plan(clauses)
            self._index.hang(plan)
            self._asked.ask(plan.facts())
        plan.keys.append(key)
        return plan


def matches(node: Node, article: Article) -> bool:
    """Whether one article matches one query."""
    meant, asked = _prepared(node)
    return true(meant, asked.see(article))


@lru_cache(maxsize=32)
def _prepared(node: Node) -> tuple[Formula, Asked]:
    meant, asked = formula(node), Asked()
    for clauses in clauses_of(meant):
        asked.ask(Plan(clauses).facts())
    return meant, asked
