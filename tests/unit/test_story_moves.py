"""How the figures of two texts differ."""

from processors.records import Claim
from processors.stories.moves import Moved, moves
from tests.support.articles import claim


def cost(usd: float | None, **fields: object) -> Claim:
    return claim("training_cost", usd, subject="DeepSeek", **{"object": "R1", **fields})  # type: ignore[arg-type]


ABOUT = "training cost · DeepSeek · R1"


def test_a_figure_that_changed() -> None:
    assert moves([cost(5.6e6)], [cost(6e6)]) == (Moved(ABOUT, ("$5.6M",), ("$6M",)),)


def test_what_both_say_is_not_told() -> None:
    assert moves([cost(5.6e6), cost(5.6e6)], [cost(5.6e6, modality="rumoured")]) == ()
    assert moves([cost(5.6e6), cost(1e9)], [cost(1e9), cost(7e6)]) == (
        Moved(ABOUT, ("$5.6M",), ("$7M",)),
    )


def test_what_was_left_out_or_added() -> None:
    other = cost(1e6, object="V3")
    assert moves([cost(5.6e6), other], [cost(5.6e6)]) == (
        Moved("training cost · DeepSeek · V3", ("$1M",), ()),
    )
    assert moves([], [other]) == (Moved("training cost · DeepSeek · V3", (), ("$1M",)),)


def test_claims_without_a_figure_are_left_aside() -> None:
    assert moves([cost(None)], []) == ()
