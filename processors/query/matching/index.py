"""The index of plans: by a fact that must be there, so that an article meets few of them."""

from collections.abc import Iterable

from processors.query.matching.plans import Facts, Plan, share
from processors.query.matching.seen import Seen

LEARNS = 4_096
"""Articles in which every plan that was met in vain looks for a better place; later one in"""
LEARNS_EVERY = 16
_GUESSED = 8.0
"""How many articles a guess at a share weighs."""


class Bucket:
    """The plans under one fact, and how often articles had it since there is a bucket."""

    __slots__ = ("checked", "guess", "met", "since", "sure")

    def __init__(self, guess: float, since: int) -> None:
        self.sure: list[Plan] = []
        self.checked: list[Plan] = []
        self.guess, self.since, self.met = guess, since, 0


class PlanIndex:
    """Plans hang under one fact each (or under each of some facts of which one must be there).

    One that was met in vain, because another fact that it needs was not there, moves to that fact
    if articles have it less often: so each comes to hang under the rarest of its facts, whatever
    the articles are about. Where a plan hangs makes no difference to what matches.
    """

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}
        self._always: dict[Plan, None] = {}
        self._articles = 0

    def hang(self, plan: Plan) -> None:
        """Find it from now on."""
        hangers = plan.hangers()
        if hangers:
            best = hangers[0] if len(hangers) == 1 else min(hangers, key=self._rate)
            self._hang(plan, best)
        else:
            self._always[plan] = None

    def take_down(self, plan: Plan) -> None:
        """No longer."""
        self._always.pop(plan, None)
        self._unhang(plan)
        for fact in {*plan.facts(), *plan.at}:
            bucket = self._buckets.get(fact)
            if bucket is not None and not bucket.sure and not bucket.checked:
                del self._buckets[fact]

    def matching(self, seen: Seen) -> Iterable[Plan]:
        """The plans that hold for an article; one that hangs under several facts may come twice."""
        facts = seen.facts
        self._articles += 1
        found = [plan for plan in self._always if plan.holds(seen)]
        vain: list[Plan] = []
        for fact in self._buckets.keys() & facts:
            bucket = self._buckets[fact]
            bucket.met += 1
            found += bucket.sure
            for plan in bucket.checked:
                # What nearly all fail at stands here, for a call of ``holds`` takes longer.
                if facts.issuperset(plan.needs) and plan.holds(seen):
                    found.append(plan)
                else:
                    vain.append(plan)
        if self._articles < LEARNS or not self._articles % LEARNS_EVERY:
            for plan in vain:
                self._move(plan, facts)
        return found

    def _move(self, plan: Plan, facts: set[str]) -> None:
        for need in plan.needs:
            if need not in facts:
                if self._rate((need,)) < self._rate(plan.at):
                    self._unhang(plan)
                    self._hang(plan, (need,))
                return

    def _rate(self, facts: Facts) -> float:
        """How many of all articles have one of the facts, about."""
        return sum(map(self._rate_of, facts))

    def _rate_of(self, fact: str) -> float:
        bucket = self._buckets.get(fact)
        if bucket is None:
            return share(fact)
        articles = self._articles - bucket.since
        return (bucket.met + bucket.guess * _GUESSED) / (articles + _GUESSED)

    def _hang(self, plan: Plan, at: Facts) -> None:
        plan.at = at
        for fact in at:
            bucket = self._buckets.get(fact)
            if bucket is None:
                bucket = self._buckets[fact] = Bucket(share(fact), self._articles)
            (bucket.sure if plan.sure else bucket.checked).append(plan)

    def _unhang(self, plan: Plan) -> None:
        for fact in plan.at:
            bucket = self._buckets[fact]
            (bucket.sure if plan.sure else bucket.checked).remove(plan)
        plan.at = ()
