"""What one index says that another does not, and when that is too much to switch."""

from collections.abc import Iterable
from typing import Any

import pytest

from processors.records import Article, Mood
from services.cli.compared import render
from services.index.documents import number_of
from services.replay.compare import EXAMPLES, Report, compare
from services.replay.gate import refusals
from tests.support.articles import article, claim, entity


def ordered(articles: Iterable[Article]) -> list[Article]:
    """As an index gives all that it has."""
    return sorted(articles, key=lambda each: (number_of(each.id), each.id))


def compared(before: Iterable[Article], after: Iterable[Article]) -> Report:
    return compare(iter(ordered(before)), iter(ordered(after)))


def counts(report: Report, group: str, kind: str = "") -> tuple[int, int, int]:
    tally = report.kinds[group][kind] if kind else report.groups[group]  # type: ignore[index]
    return tally.added, tally.removed, tally.changed


def read(slug: str = "a", version: str = "1", **fields: Any) -> Article:
    return article(slug, made_by={"claims": version, "model": "3"}, **fields)


def mood(of: str, score: float) -> Mood:
    return Mood(entity=of, polarity="positive" if score > 0 else "negative", score=score)


def test_a_bound_that_is_no_number_lets_nothing_through() -> None:
    assert refusals(compared([], []), max_removed=float("nan"), max_changed=None)


def test_the_same_is_no_difference() -> None:
    whole = [
        read(f"s{n}", claims=(claim(low=n),), entities=(entity("Examplar"),)) for n in range(50)
    ]
    report = compared(whole, whole)
    assert report.is_empty
    assert "The two say the same." in render(report)
    assert refusals(report, max_removed=0, max_changed=0) == []
    assert compared([], []).is_empty


def test_stories_and_times_of_fetches_are_no_content() -> None:
    other = read(hours=5, story="s", original=False, event="e")
    assert compared([read()], [other]).is_empty


def test_articles_of_one_side_alone() -> None:
    both = [read(f"s{n}") for n in range(20)]
    report = compared([*both, read("old", claims=(claim(),))], [*both, read("n1"), read("n2")])
    assert counts(report, "articles") == (2, 1, 0)
    assert counts(report, "claims", "investment") == (0, 1, 0)
    assert (report.groups["articles"].before, report.groups["articles"].after) == (21, 22)


def test_an_article_that_is_read_otherwise_counts_once() -> None:
    report = compared([read(body="Old words.")], [read(body="New.", section="Chips")])
    assert counts(report, "articles") == (0, 0, 1)
    assert counts(report, "articles", "body") == counts(report, "articles", "section") == (0, 0, 1)
    assert report.kinds["articles"]["body"].examples[0].says == "text: 2 → 1 words"


def test_claims_entities_and_moods() -> None:
    old = read(
        claims=(claim(low=5e6), claim("fine", 1e6)),
        entities=(entity("Examplar"), entity("Deep Harbour")),
        moods=(mood("examplar", 0.5), mood("deep-harbour", 0.2)),
    )
    new = read(
        claims=(claim(low=6e6), claim("loss", 1e6)),
        entities=(entity("Examplar", "lab"), entity("Nvidia", "chip")),
        moods=(mood("examplar", -0.5), mood("deep-harbour", 0.201)),
    )
    report = compared([old], [new])
    assert counts(report, "claims") == counts(report, "entities") == (1, 1, 1)
    assert counts(report, "claims", "investment") == (0, 0, 1)
    assert counts(report, "claims", "fine") == (0, 1, 0)
    assert counts(report, "claims", "loss") == (1, 0, 0)
    assert counts(report, "entities", "lab") == (0, 0, 1)
    assert counts(report, "moods") == counts(report, "moods", "positive → negative") == (0, 0, 1)
    assert counts(report, "articles") == (0, 0, 0)
    said = render(report)
    assert "$5M → $6M" in said
    assert "examplar: positive +0.50 → negative −0.50" in said


def test_versions_that_differ_are_counted_with_what_they_changed() -> None:
    before = [read(f"s{n}") for n in range(4)]
    after = [read(f"s{n}", "2", claims=(claim(),) * (n == 0)) for n in range(4)]
    (found,) = compared(before, after).versions
    assert (found.component, found.before, found.after) == ("claims", "1", "2")
    assert (found.articles, found.differing) == (4, 1)
    (gone,) = compared([read()], [article("a", made_by={"claims": "1"})]).versions
    assert (gone.component, gone.before, gone.after) == ("model", "3", "")


def test_few_examples_are_kept_each_of_another_article() -> None:
    many = [read(f"s{n}", claims=(claim(low=1e6), claim(low=2e6))) for n in range(100)]
    report = compared(many, [])
    kept = report.kinds["claims"]["investment"].examples
    assert len(kept) == len({each.url for each in kept}) == EXAMPLES
    assert counts(report, "claims") == (0, 200, 0)


def test_no_more_is_read_ahead_than_one_of_each() -> None:
    ahead: list[int] = []
    done = 0

    def going(side: int) -> Iterable[Article]:
        nonlocal done
        for each in ordered(read(f"s{n}") for n in range(300)):
            done += 1 if side else -1
            ahead.append(abs(done))
            yield each

    compare(going(0), going(1))
    assert max(ahead) <= 2


def test_a_hostile_title_is_harmless_on_a_terminal() -> None:
    said = render(compared([], [read(title="\x1b[31mred\x07")]))
    assert "\x1b" not in said
    assert "red" in said


@pytest.mark.parametrize(
    ("bounds", "reasons"),
    [
        ({"max_removed": None, "max_changed": None}, []),
        ({"max_removed": 25, "max_changed": 50}, []),
        ({"max_removed": 24.9, "max_changed": None}, ["claims: 1 of 4 removed, 25.00 %"]),
        ({"max_removed": None, "max_changed": 0}, ["claims: 2 of 4 changed, 50.00 %"]),
    ],
)
def test_the_gate(bounds: dict[str, float | None], reasons: list[str]) -> None:
    kinds = ("fine", "loss", "revenue", "price")
    old = read(claims=tuple(claim(kind, 1e6) for kind in kinds))  # type: ignore[arg-type]
    new = read(claims=(claim("fine", 2e6), claim("loss", 2e6), claim("revenue", 1e6)))
    found = refusals(compared([old], [new]), **bounds)
    assert [each.partition(";")[0] for each in found] == reasons
