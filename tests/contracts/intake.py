"""What every ``Store`` promises of history, imports and hubs: see ``services.store.intake``."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from processors.records import Article
from services.store import Store
from services.store.alerting import Candidate
from services.store.intake import Subscription
from tests.contracts.alerting import match, topic
from tests.support.articles import article, claim

OpenStore = Callable[[], Store]
NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
COST: dict[str, Any] = {"kind": "training_cost", "subject": "DeepSeek"}
ODD = "https://paper.example/ä?b=%00'"


def costing(slug: str, low: float, days: float = 0, **fields: Any) -> Article:
    made = (claim(low=low, **COST),)
    given: dict[str, Any] = {"story": slug, "claims": made, "hours": 24 * days} | fields
    return article(slug, f"{slug} {low}", **given)


def subscription(source: str = "paper", **changes: Any) -> Subscription:
    given = {"topic": "https://paper.example/feed", "hub": "https://hub.example/"}
    given |= {"token": f"t-{source}", "secret": "s"}
    return Subscription(source=source, **(given | changes))


def decided(store: Store, made: Article, event_id: str, when: str = "any") -> int:
    """How many alerts an article makes of a topic that it meets by its claim."""
    wanted = topic(when, when=when)
    store.add_topic(wanted)
    met = match(wanted, made, event_id, made.claims)
    candidate = Candidate(article=made, event_id=event_id, matches=(met,))
    return len(store.decide([candidate], NOON)[0])


class IntakeContract:
    """Bind it with a fixture ``open_store`` that opens the same empty store once more."""

    def test_an_article_of_history_is_told_of_only_for_a_new_claim(
        self, open_store: OpenStore
    ) -> None:
        with open_store() as store:
            for _ in range(2):
                store.remember([costing("r1", 5.6e6, -400)])
            assert decided(store, costing("r1", 5.6e6), "e1") == 0
            assert decided(store, costing("r1", 7e6, 1), "e2") == 1
            assert decided(store, costing("other", 5.6e6, 1), "e3") == 1

    def test_what_was_decided_at_a_later_fetch_is_left_as_it_is(
        self, open_store: OpenStore
    ) -> None:
        with open_store() as store:
            assert decided(store, costing("r1", 5.6e6), "e1") == 1
            store.remember([costing("r1", 9e6, -1)])
            assert decided(store, costing("r1", 5.6e6, 1), "e2") == 0
            assert decided(store, costing("two", 9e6, 2), "e3", "second-origin") == 0

    def test_claims_of_history_are_older_than_all_that_was_decided(
        self, open_store: OpenStore
    ) -> None:
        with open_store() as store:
            decided(store, costing("live", 6e6), "e1")
            store.remember([costing("late", 9e9, -10), costing("early", 5e9, -20)])
            assert decided(store, costing("same", 6e6, 1), "e2", "changed") == 0
            assert decided(store, costing("more", 7e6, 2), "e3", "changed") == 1
            [alert] = [each.alert for each in store.alerts(topic="changed")]
            assert [each.amount_low for each in alert.before] == [6e6]

    def test_times_of_all_ages_are_kept(self, open_store: OpenStore) -> None:
        with open_store() as store:
            far = datetime(9999, 1, 1, tzinfo=UTC)
            odd = [
                msgspec.structs.replace(costing(f"s{year}", 5e6, -400), published=at)
                for year, at in enumerate((datetime(1, 1, 1, tzinfo=UTC), far))
            ]
            store.remember(odd)
            store.remember([costing(f"m{number}", 5e6, -300) for number in range(300)])

    def test_what_is_remembered_by_several_at_once_is_remembered_once(
        self, open_store: OpenStore
    ) -> None:
        batch = [costing(f"s{number}", number, -400) for number in range(40)]
        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(self._remember, open_store, batch) for _ in range(4)]:
                done.result()
        with open_store() as store:
            assert decided(store, batch[0], "e0") == 0

    @staticmethod
    def _remember(open_store: OpenStore, batch: list[Article]) -> None:
        with open_store() as store:
            store.remember(batch)

    def test_how_far_imports_are(self, open_store: OpenStore) -> None:
        with open_store() as store:
            assert store.imported("file") == 0
            store.note_imported("file", 7, NOON)
            store.note_imported("file", 9, NOON)
        with open_store() as store:
            assert (store.imported("file"), store.imported("other")) == (9, 0)

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"state": "active", "until": NOON, "asked_at": NOON, "heard_at": NOON, "tries": 3},
            {"state": "denied", "reason": "täglich\u2028", "topic": ODD},
        ],
    )
    def test_a_subscription_comes_back_as_it_was(
        self, open_store: OpenStore, changes: dict[str, Any]
    ) -> None:
        with open_store() as store:
            kept = subscription(**changes)
            store.put_subscription(subscription("another"))
            store.put_subscription(msgspec.structs.replace(kept, state="wanted"))
            store.put_subscription(kept)
            assert store.subscriptions() == [subscription("another"), kept]
            assert store.subscription(kept.token) == kept
            assert store.subscription("guess") is None
            assert store.remove_subscription("paper")
            assert not store.remove_subscription("paper")
            assert store.subscriptions() == [subscription("another")]

    def test_times_are_aware(self, open_store: OpenStore) -> None:
        with open_store() as store:
            zone = datetime.fromisoformat("2026-03-01T13:00:00.123456+01:00")
            store.put_subscription(subscription(until=zone, asked_at=zone - timedelta(days=1)))
            assert store.subscriptions()[0].until == NOON
