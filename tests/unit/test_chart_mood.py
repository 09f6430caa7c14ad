"""Mood over time: where the dots stand, what the line is, what the table says."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from processors.records import Polarity
from services.web.charts.mood import ENOUGH, HEIGHT, Felt, mood_chart
from tests.support.drawing import drawn
from tests.support.web import texts

START = datetime(2025, 1, 1, tzinfo=UTC)


def felt(score: float, day: float = 0) -> Felt:
    polarity: Polarity = "positive" if score > 0 else "negative" if score < 0 else "neutral"
    return Felt(
        at=START + timedelta(days=day),
        score=score,
        polarity=polarity,
        title=f"Day {day}",
        source="The Wire",
        address=f"/article/{day}",
        sentence="Shares of Nvidia fell <sharply>.",
    )


def test_scores_stand_between_the_lines() -> None:
    view = mood_chart([felt(1, 2), felt(-1, 1), felt(0, 0)], "Nvidia")
    assert [dot.y for dot in view.dots] == [HEIGHT / 2, HEIGHT, 0]
    assert [dot.score for dot in view.dots] == ["+0.00", "−1.00", "+1.00"]
    assert [dot.x for dot in view.dots] == sorted(dot.x for dot in view.dots)


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 9999)), max_size=40))
def test_every_article_is_a_dot_and_the_mean_stays_among_them(
    moods: list[tuple[float, float]],
) -> None:
    view = mood_chart([felt(score, day) for score, day in moods], "Nvidia")
    assert len(view.dots) == len(moods)
    assert len(view.mean) == (len(moods) if len(moods) >= ENOUGH else 0)
    heights = [dot.y for dot in view.dots]
    assert all(min(heights) - 0.1 <= point.y <= max(heights) + 0.1 for point in view.mean)
    assert all(0 <= dot.x <= 100 for dot in view.dots)


def test_the_drawing_has_its_words_and_its_table() -> None:
    tree = drawn("mood", mood_chart([felt(-0.71, 1), felt(0.4, 0)], "Nvidia"))
    assert tree.xpath("//svg/title/text()")[0] == "Mood towards Nvidia, 1 Jan 2025 to 2 Jan 2025"
    assert tree.xpath("//svg/desc/text()") == [
        "2 articles from −1, negative, to +1, positive; on average −0.15."
    ]
    assert texts(tree, "//tbody/tr[1]/td") == [
        "2 Jan 2025", "−0.71", "Shares of Nvidia fell <sharply>.", "Day 1 The Wire",
    ]  # fmt: skip
    assert tree.xpath("//circle/@class") == ["positive", "negative"]
    assert not tree.xpath("//@style")


def test_without_a_mood_nothing_is_drawn() -> None:
    assert not drawn("mood", mood_chart([], "Nvidia")).xpath("//svg")
