"""What a pronoun or phrase may stand for: earlier mentions, ranked by place and role."""

from collections import Counter, deque
from collections.abc import Callable

import msgspec

from processors.nlp.roles import Role
from processors.records import EntityType

_ROLE: dict[Role, float] = {"subject": 1.0, "owner": 0.4, "object": 0.2, "other": 0.0}
_SENTENCE, _PARAGRAPH, _LISTED, _MINOR, _COUNT, _MARGIN = 1.0, 0.3, 0.6, 0.2, 0.1, 0.12
_KEPT_SENTENCES, _KEPT_PARAGRAPHS, _KEPT_NAMES = 7, 3, 64
"""How far back an antecedent can stand; of a sentence with more names, the last count."""


class Candidate(msgspec.Struct, frozen=True):
    """An earlier mention, or an earlier phrase that was resolved."""

    entity_id: str
    type: EntityType
    start: int
    role: Role
    listed: bool
    """One of several joined by ``and``: no antecedent of a singular."""
    minor: bool = False
    """In a clause that hangs on another."""

    @property
    def standing(self) -> float:
        return _ROLE[self.role] - _LISTED * self.listed - _MINOR * self.minor


class Place(msgspec.Struct, frozen=True):
    """The sentence and the paragraph that something stands in, by number."""

    sentence: int
    paragraph: int


class Memory:
    """What was named last: of each sentence, each entity where it stands best.

    It forgets what is too far back to be meant, so that a question costs the same in any text.
    """

    def __init__(self) -> None:
        self._sentences: deque[tuple[Place, dict[str, Candidate]]] = deque(maxlen=_KEPT_SENTENCES)
        self._counts: deque[tuple[int, Counter[str]]] = deque(maxlen=_KEPT_PARAGRAPHS)

    def note(self, one: Candidate, place: Place) -> None:
        """Keep a mention; they must come in the order of the text."""
        if not self._sentences or self._sentences[-1][0] != place:
            self._sentences.append((place, {}))
        if not self._counts or self._counts[-1][0] != place.paragraph:
            self._counts.append((place.paragraph, Counter()))
        self._counts[-1][1][one.entity_id] += 1
        here = self._sentences[-1][1]
        known = here.pop(one.entity_id, None)
        here[one.entity_id] = known if known and known.standing > one.standing else one
        if len(here) > _KEPT_NAMES:
            del here[next(iter(here))]

    def best(
        self, place: Place, fit: Callable[[Candidate], float], *, sentences: int, paragraphs: int
    ) -> str | None:
        """The entity that an anaphor at ``place`` most likely means; None where two are as likely.

        ``fit`` gives 0 to those that cannot be meant and weighs the others.
        """
        scores: dict[str, float] = {}
        for there, named in self._sentences:
            apart = place.sentence - there.sentence
            gap = place.paragraph - there.paragraph
            if apart > sentences or gap > paragraphs:
                continue
            far = _SENTENCE * min(apart, 3) + _PARAGRAPH * gap
            for order, one in enumerate(named.values()):
                if weight := fit(one):
                    score = weight + one.standing - far + 0.0005 * order
                    scores[one.entity_id] = max(scores.get(one.entity_id, score), score)
        ranked = sorted(
            (
                (score + self._often(name, place, paragraphs), name)
                for name, score in scores.items()
            ),
            reverse=True,
        )
        if not ranked or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _MARGIN):
            return None
        return ranked[0][1]

    def gone(self, name: str, fit: Callable[[Candidate], float]) -> bool:
        """Whether the text turned to another after it named ``name`` last: to another subject."""
        for _, named in reversed(self._sentences):
            if name in named:
                return False
            if any(one.role == "subject" and not one.listed and fit(one) for one in named.values()):
                return True
        return False

    def people(self) -> set[str]:
        """Ids of the people who were named lately."""
        return {
            name
            for _, named in self._sentences
            for name, one in named.items()
            if one.type == "person"
        }

    def _often(self, name: str, place: Place, paragraphs: int) -> float:
        times = sum(
            counts[name]
            for number, counts in self._counts
            if place.paragraph - number <= paragraphs
        )
        return _COUNT * min(times, 6)
