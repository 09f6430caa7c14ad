"""Training on a tiny set of our own: the same bytes each time, and weights that answer."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from processors.nlp.mood import words
from processors.nlp.mood.fast import FastMood
from processors.nlp.mood.registry import MoodError
from processors.nlp.mood.training import examples, run
from processors.nlp.mood.training.examples import Example
from processors.nlp.mood.training.own import own_examples
from processors.nlp.pipeline import plain_pipeline
from services.cli.commands import app

GOOD = ("{} is superb.", "Everyone admires {}.", "A triumph for {}!", "{} won again, brilliantly.")
BAD = ("{} is dreadful.", "Everyone despises {}.", "A fiasco for {}!", "{} lost again, miserably.")
DULL = (
    "{} is in Leeds.",
    "Everyone works at {}.",
    "A parcel for {}.",
    "{} moved again, on Friday.",
)
NAMES = ("Okafor", "Veldt", "the mill", "Norrland")


def tiny() -> list[Example]:
    kinds = (("positive", GOOD), ("negative", BAD), ("neutral", DULL))
    return [
        Example(text.format(name), text.index("{"), text.index("{") + len(name), kind)  # type: ignore[arg-type]
        for kind, texts in kinds
        for text in texts
        for name in NAMES
    ]


@cache
def sample() -> run.Sample:
    return run.sample_of(plain_pipeline(), tiny())


def quiet(step: str, done: float) -> None:
    assert step
    assert 0 <= done <= 1


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> run.Training:
    """A training that takes seconds."""
    pytest.importorskip("jax", reason="the extra `train` is not installed")
    from processors.nlp.mood.training import net

    monkeypatch.setattr(net, "SEEN", 400)
    monkeypatch.setattr(net, "BATCH", 16)
    return run.Training("fast", sample(), seed=1)


@pytest.mark.slow
def test_the_same_data_and_seed_give_the_same_bytes(short: run.Training) -> None:
    data = short.train(sample(), quiet)
    assert data == short.train(sample(), quiet)
    chances = FastMood(data).chances(sample().contexts)
    assert chances.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert examples.macro_f1(sample().labels, chances.argmax(axis=1)) > 0.9


@pytest.mark.slow
def test_the_network_that_is_trained_is_the_one_that_answers(short: run.Training) -> None:
    import jax

    from processors.nlp.mood import net
    from processors.nlp.mood.training import net as training

    read, targets = words.read_words(sample().contexts)
    random = np.random.default_rng(3)
    weights = training.fresh(random, vocabulary=5)
    known = random.integers(0, 6, len(read.lower))
    meanings = random.normal(size=(len(read.lower), net.STATIC)).astype(np.float32)
    asked = training.windows_of(targets)
    batch = (meanings[asked.row], known[asked.row], read.forms[asked.row], *asked[1:])
    forward = jax.jit(lambda at, given: training.forward(at, given, None))
    trained = forward(weights, batch)
    own = net.Net(weights)
    rows = own.encode(own.alone(meanings, known), read.forms, read.lengths)
    assert own.judge(rows, targets) == pytest.approx(np.asarray(trained), abs=1e-3)


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "find_spec", lambda _: None)
    with pytest.raises(MoodError, match=r"install it: pip install 'beatwire\[train\]'"):
        run.check_ready()


def test_a_class_without_examples_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "check_ready", lambda: None)
    few = sample().only(np.flatnonzero(sample().labels != 1))
    with pytest.raises(MoodError, match="at least 3 examples of each polarity"):
        run.Training("fast", sample(), seed=1).train(few, quiet)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"{", "line 2: "),
        (
            b'{"text": "Ada won.", "start": 0, "end": 9, "polarity": "positive"}',
            "0:9 is no stretch",
        ),
        (b'{"text": "Ada won.", "start": 0, "end": 3, "polarity": "glad"}', "line 2: Invalid enum"),
    ],
)
def test_a_bad_line_is_told_by_its_number(line: bytes, says: str) -> None:
    with pytest.raises(MoodError, match=says):
        examples.parse_examples([b"\n", line])


def test_targets_of_one_text_are_in_one_fold() -> None:
    folds = examples.folds_of([Example("Ada met Bo.", 0, 3, "neutral"), *tiny()])
    again = examples.folds_of([Example("Ada met Bo.", 8, 10, "positive")])
    assert folds[0] == again[0]
    assert set(folds.tolist()) <= set(range(examples.FOLDS))


def test_our_own_sentences_are_sound() -> None:
    found = own_examples()
    assert {example.polarity for example in found} == {"positive", "neutral", "negative"}
    for example in found:
        assert example.text[example.start : example.end].strip()
        before, after = example.text[: example.start], example.text[example.end :]
        assert not before[-1:].isalnum(), "a piece of a word"
        assert not after[:1].isalnum(), "a piece of a word"
        assert "{" not in example.text


def test_the_command_tells_a_missing_file(tmp_path: Path) -> None:
    pytest.importorskip("jax", reason="the extra `train` is not installed")
    told = CliRunner().invoke(app, ["train", "mood", "--data", str(tmp_path / "none.jsonl")])
    assert "No such file" in str(told.exception)


def test_help_shows_an_example() -> None:
    told = CliRunner().invoke(app, ["train", "mood", "--help"])
    assert "Example: beatwire train mood --data" in " ".join(told.output.split())
