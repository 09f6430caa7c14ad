"""The index of plans: by a fact that must be there, so that an article meets few of them."""

from collections.abc import Collection
from itertools import chain, compress
from operator import attrgetter

from processors.query.matching.facts import ALL_HAVE
from processors.query.matching.plans import Facts, Plan, share
from processors.query.matching.seen import Seen

LEARNS = 512
"""Articles from which is learned how many have which fact."""
LEARNS_EVERY = 64
"""One article in so many is learned from later."""
_GUESSED = 8.0
"""How many articles a guess at a share weighs."""
_PLANS, _OTHERS = attrgetter("plans"), attrgetter("others")


class Bucket:
    """The plans under one fact, and how often articles had it since there is a bucket.

    ``others`` has another fact that each plan needs, ``ALL_HAVE`` where it needs no other: most
    plans that are met fail at it, and are not looked at any further.
    """

    __slots__ = ("guess", "met", "others", "plans", "since")

    def __init__(self, guess: float, since: int) -> None:
        self.plans: list[Plan] = []
        self.others: list[str] = []
        self.guess, self.since, self.met = guess, since, 0

    def add(self, plan: Plan, other: str) -> None:
        self.plans.append(plan)
        self.others.append(other)

    def remove(self, plan: Plan) -> None:
        at = self.plans.index(plan)
        del self.plans[at], self.others[at]


class PlanIndex:
    """Plans hang under one fact each (or under each of some facts of which one must be there).

    One that was met in vain, because another fact that it needs was not there, moves to that fact
    if articles have it less often: so each comes to hang under the rarest of its facts, whatever
    the articles are about. Where a plan hangs makes no difference to what matches.
    """

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}
        self._always: dict[Plan, None] = {}
        self._articles = self._learned = 0

    def hang(self, plan: Plan) -> None:
        """Find it from now on."""
        hangers = plan.hangers()
        if hangers:
            self._hang(plan, hangers[0] if len(hangers) == 1 else min(hangers, key=self._rate))
        else:
            self._always[plan] = None

    def take_down(self, plan: Plan) -> None:
        """Find it no longer."""
        self._always.pop(plan, None)
        self._unhang(plan)
        for fact in {*plan.facts()}:
            bucket = self._buckets.get(fact)
            if bucket is not None and not bucket.plans:
                del self._buckets[fact]

    def matching(self, seen: Seen) -> list[Plan]:
        """The plans that hold for an article; one that hangs under several facts may come twice."""
        facts, buckets = seen.facts, self._buckets
        met = [*map(buckets.__getitem__, buckets.keys() & facts)]
        able = compress(
            chain.from_iterable(map(_PLANS, met)),
            map(facts.__contains__, chain.from_iterable(map(_OTHERS, met))),
        )
        found = [plan for plan in able if plan.plain or plan.holds(seen)]
        found += [plan for plan in self._always if plan.holds(seen)]
        self._articles += 1
        if self._articles <= LEARNS or not self._articles % LEARNS_EVERY:
            self._learn(met, facts)
        return found

    def _learn(self, met: Collection[Bucket], facts: set[str]) -> None:
        self._learned += 1
        for bucket in met:
            bucket.met += 1
        for bucket in met:
            moving = {one: fact for one in bucket.plans if (fact := self._better(one, facts))}
            if moving:
                self._leave(bucket, moving)
                for plan, fact in moving.items():
                    self._hang(plan, (fact,))

    def _better(self, plan: Plan, facts: set[str]) -> str | None:
        """A fact that was missing, if it is a better place."""
        if facts.issuperset(plan.needs):
            return None
        missing = next(need for need in plan.needs if need not in facts)
        return missing if self._rate_of(missing) < self._rate(plan.at) else None

    def _leave(self, bucket: Bucket, moving: Collection[Plan]) -> None:
        """Take the plans out of one bucket at once, for it may be large, and out of all others."""
        stay = [one not in moving for one in bucket.plans]
        bucket.plans = [*compress(bucket.plans, stay)]
        bucket.others = [*compress(bucket.others, stay)]
        for plan in moving:
            for other in map(self._buckets.__getitem__, plan.at):
                if other is not bucket:
                    other.remove(plan)

    def _rate(self, facts: Facts) -> float:
        """How many of all articles have one of the facts, about."""
        return sum(map(self._rate_of, facts))

    def _rate_of(self, fact: str) -> float:
        bucket = self._buckets.get(fact)
        if bucket is None:
            return share(fact)
        return (bucket.met + bucket.guess * _GUESSED) / (self._learned - bucket.since + _GUESSED)

    def _hang(self, plan: Plan, at: Facts) -> None:
        others = [need for need in plan.needs if need not in at]
        other = min(others, key=self._rate_of) if others else ALL_HAVE
        for fact in at:
            bucket = self._buckets.get(fact)
            if bucket is None:
                bucket = self._buckets[fact] = Bucket(share(fact), self._learned)
            bucket.add(plan, other)
        plan.at = at

    def _unhang(self, plan: Plan) -> None:
        for fact in plan.at:
            self._buckets[fact].remove(plan)
        plan.at = ()
