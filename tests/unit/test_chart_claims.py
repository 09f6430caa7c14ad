"""The chart of claims: each bound and modality in its shape, copies once, all of it in words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lxml import html

from processors.records import Claim
from services.index import ClaimHit, Marked
from services.web.charts.claims import ROWS, ClaimsChart, claims_chart
from tests.support.articles import claim
from tests.support.drawing import drawn
from tests.support.web import texts

NOW = datetime(2025, 3, 1, tzinfo=UTC)


def cost(low: float | None, high: float | None = None, **fields: Any) -> Claim:
    given = {"subject": "DeepSeek", "object": "R1", **fields}
    return claim("training_cost", low, high, **given)


def hit(stated: Claim, day: int = 0, source: str = "wire", story: str = "") -> ClaimHit:
    return ClaimHit(
        claim=stated,
        article_id=f"{source}-{day}",
        url="https://wire.example/story",
        title="A headline",
        source=source,
        site_name=source.title(),
        published=datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=day),
        sentence=Marked(""),
        story=story,
    )


def chart(*hits: ClaimHit, **options: Any) -> ClaimsChart:
    return claims_chart(hits, lambda it: f"/article/{it.article_id}", NOW, **options)


def picture(view: ClaimsChart) -> html.HtmlElement:
    return drawn("claims", view)


@pytest.mark.parametrize(
    ("stated", "shape"),
    [
        (cost(5.6e6), "point"),
        (cost(5.6e6, bound="about"), "point"),
        (cost(5.6e6, None, bound="at_least"), "floor"),
        (cost(None, 6e6, bound="at_most"), "ceiling"),
        (cost(5e6, 6e6, bound="range"), "range"),
        (cost(1e8, 1e9, bound="vague"), "vague"),
    ],
)
def test_each_bound_has_its_shape(stated: Claim, shape: str) -> None:
    view = chart(hit(stated), hit(cost(1e6)), hit(cost(1e10)))
    mark = view.groups[0].rows[0].mark
    assert mark.shape == shape
    assert 0 <= mark.x <= mark.end <= 100
    assert (mark.x == mark.end) == (shape == "point")


def test_an_arrow_begins_at_its_figure() -> None:
    view = chart(
        hit(cost(1e7)),
        hit(cost(1e7, None, bound="at_least")),
        hit(cost(None, 1e7, bound="at_most")),
    )
    point, floor, ceiling = (row.mark for row in view.groups[0].rows)
    assert point.x == floor.x == ceiling.end
    tree = picture(view)
    assert tree.xpath("count(//div[@class='group']//path[@class='arrow'])") == 2


def test_modality_is_a_class_and_a_word() -> None:
    words = ("done", "reported", "planned", "rumoured", "denied")
    tree = picture(chart(*(hit(cost(5e6, modality=word), day) for day, word in enumerate(words))))
    classes = tree.xpath("//div[@class='group']//svg[contains(@class,'marks')]/@class")
    assert classes == [f"plot marks {word}" for word in words]
    assert texts(tree, "//div[@class='group']//li//i") == list(words)
    assert len(tree.xpath("//div[@class='group']//path[@class='strike']")) == 1
    assert texts(tree, "//figcaption//li") == [
        "said as done or reported",
        "planned or rumoured",
        "denied",
    ]


def test_copies_of_a_story_are_one_row_under_the_first_that_was_published() -> None:
    view = chart(
        hit(cost(5.6e6), 3, "ledger", "s1"),
        hit(cost(5.6e6), 1, "wire", "s1"),
        hit(cost(5.6e6), 2, "circuit", "s1"),
        hit(cost(5.6e6), 2, "chipdesk", "s2"),
    )
    told = [(row.source, row.copies) for row in view.groups[0].rows]
    assert told == [("Wire", 2), ("Chipdesk", 0)]
    assert "+2 copies" in picture(view).text_content()


def test_rows_stand_with_what_they_are_about() -> None:
    hits = (
        hit(cost(5e6)),
        hit(cost(7e7, subject="OpenAI", object="GPT-4")),
        hit(cost(6e6, object="V3")),
    )
    assert [group.name for group in chart(*hits).groups] == [
        "DeepSeek · R1", "OpenAI · GPT-4", "DeepSeek · V3",
    ]  # fmt: skip
    by_subject = chart(*hits, group="subject")
    assert [(group.name, len(group.rows)) for group in by_subject.groups] == [
        ("DeepSeek", 2), ("OpenAI", 1),
    ]  # fmt: skip
    assert "DeepSeek · V3" in picture(by_subject).text_content()


def test_what_is_not_drawn_is_said() -> None:
    view = chart(hit(cost(5e6)), hit(cost(None)), total=9)
    assert view.notes == (
        "Of 9 claims, the first 2 are considered.",
        "1 claim states no figure in dollars and is not drawn.",
    )
    many = chart(*(hit(cost(1e6 + at), at) for at in range(ROWS + 2)))
    assert sum(len(group.rows) for group in many.groups) == ROWS
    assert many.notes == (
        f"The first {ROWS} of {ROWS + 2} figures are drawn; narrow the search for others.",
    )
    none = chart(hit(cost(None)), hit(cost(None), 1))
    assert none.notes == ("2 claims state no figure at all and are not drawn.",)
    assert not none.groups
    assert "are not drawn" in picture(none).text_content()


def test_numbers_of_things_are_drawn_where_nobody_speaks_of_money() -> None:
    chips = Claim(
        kind="chip_count", subject="Meta", amount_low=350_000, amount_high=350_000, unit="chips"
    )
    view = chart(hit(chips))
    assert view.groups[0].rows[0].figure == "350,000 chips"
    assert view.title == "Chip count, on a logarithmic scale"
    assert "$" not in "".join(tick.text for tick in view.ticks)


@pytest.mark.parametrize("worth", [0.0, -5.0])
def test_what_is_nothing_has_no_place_on_a_log_scale(worth: float) -> None:
    assert not chart(hit(cost(worth))).groups


def test_the_table_says_what_the_drawing_shows() -> None:
    tree = picture(chart(hit(cost(5.6e6, modality="reported", speaker="DeepSeek"), 27)))
    assert texts(tree, "//table//td") == [
        "DeepSeek · R1", "$5.6M", "reported", "DeepSeek", "Wire", "28 Jan 2025",
    ]  # fmt: skip
    assert set(tree.xpath("//a/@href")) == {"/article/wire-27"}
    assert not tree.xpath("//@style | //script")


def test_names_are_shown_and_never_obeyed() -> None:
    tree = picture(chart(hit(cost(5e6, subject="<script>alert(1)</script>", object='" onload="x'))))
    assert not tree.xpath("//script | //@onload")
    assert "<script>alert(1)</script>" in tree.text_content()
