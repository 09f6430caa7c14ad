"""Traces: one from the fetch of a page to its alerts, over Kafka's and Celery's headers."""

import json
import sys
from pathlib import Path

import pytest

from tests.support.collector import Collector, collector
from tests.support.killing_load import bodies
from tests.support.killing_places import Mode, place
from tests.support.processes import beatwire

ADDRESS = "https://ledger.example/a"


def set_up(tries: int = 10) -> None:
    """Make the topics; a log that has only just started may ask to be tried again."""
    for left in reversed(range(tries)):
        try:
            beatwire("setup")
        except AssertionError as error:
            if "exit code 69" not in str(error) or not left:
                raise
        else:
            return


def traced(mode: Mode, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Collector:
    """What a collector was told while one page of history went its way."""
    page = {"url": ADDRESS, "html": bodies()[0].decode(), "fetched_at": "2026-11-01T00:00:00Z"}
    saved = folder / "saved.jsonl"
    saved.write_text(json.dumps(page) + "\n")
    with place(mode, folder / "home", monkeypatch), collector() as told:
        monkeypatch.setenv("BEATWIRE_TRACES", told.address)
        monkeypatch.setenv("BEATWIRE_WORKERS", "1")
        set_up()
        beatwire("import", str(saved))
        beatwire("work", "--drain")
    return told


@pytest.mark.slow
@pytest.mark.connected
def test_one_trace_goes_from_the_page_to_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = traced("servers", tmp_path, monkeypatch)
    (fetch,) = told.named("fetch")
    assert fetch.attributes["beatwire.url"] == ADDRESS
    (read,), (index,) = told.named("read-backfill"), told.named("index-backfill")
    assert read.trace == index.trace == fetch.trace
    assert (read.parent, index.parent) == (fetch.span, read.span)
    assert index.attributes["beatwire.outcome"] == "stored"
    assert {fetch.service, read.service} == {"beatwire-import", "beatwire-worker"}
    sent = {span.span: span for span in told.named("send slice")}
    runs = {span.span: span for span in told.named("run slice")}
    for each in (read, index):
        (run,) = each.links
        assert sent[runs[run].parent].service.startswith("beatwire-")
        assert runs[run].trace == sent[runs[run].parent].trace


@pytest.mark.slow
def test_the_one_file_log_carries_none_and_each_stage_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = traced("embedded", tmp_path, monkeypatch)
    (read,) = told.named("read-backfill")
    assert read.parent == ""
    assert read.attributes["beatwire.outcome"] == "read"
    (run,) = (span for span in told.named("run slice") if span.span in read.links)
    assert run.parent in {span.span for span in told.named("slice")}


def test_the_extra_that_is_missing_stops_the_start_with_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from services.errors import SettingsError
    from services.settings import Settings
    from services.tracing import start_tracing

    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(SettingsError, match=r"beatwire\[traces\]"):
        start_tracing(Settings(traces="http://127.0.0.1:4318"), "test")
