"""Lines of the log: one a record, whatever is in it, as text and as JSON."""

import json
import logging

import pytest

from services.logs import JsonLines, TextLines, bound

HOSTILE = "a title\nERROR services.web: all is lost\r\u2028\x1b[31m\udcff"


def record(message: str, *args: object, **extra: object) -> logging.LogRecord:
    return logging.getLogger("services.stages.runner").makeRecord(
        "services.stages.runner", logging.WARNING, "", 0, message, args, None, extra=extra
    )


@pytest.mark.parametrize("form", [TextLines(), JsonLines()], ids=["text", "json"])
def test_text_from_outside_cannot_fake_a_line(form: logging.Formatter) -> None:
    line = form.format(record("dead letter: %s", HOSTILE, event=HOSTILE))
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line
    assert line.isprintable()


def test_json_has_the_fields_apart() -> None:
    with bound(stage="read", slice="pages/3 10-19"):
        line = json.loads(JsonLines().format(record("ended: %s", "stored", event="a-1")))
    assert line["message"] == "ended: stored"
    assert (line["level"], line["logger"]) == ("warning", "services.stages.runner")
    assert (line["stage"], line["slice"], line["event"]) == ("read", "pages/3 10-19", "a-1")
    assert line["time"].endswith("+00:00")
    assert "stage" not in json.loads(JsonLines().format(record("later")))


def test_what_is_given_with_a_record_wins_and_hides_nothing_of_its_own() -> None:
    with bound(stage="read", level="none"):
        line = json.loads(JsonLines().format(record("x", stage="index")))
    assert (line["stage"], line["level"]) == ("index", "warning")


def test_a_bug_is_one_line_of_text_and_has_its_traceback_in_json() -> None:
    try:
        raise ValueError("seven")
    except ValueError as error:
        made = record("message %s", 5)
        made.exc_info = (ValueError, error, error.__traceback__)
    text = TextLines().format(made)
    assert text == "WARNING services.stages.runner: message 5: ValueError('seven')"
    assert "Traceback" in json.loads(JsonLines().format(made))["traceback"]
