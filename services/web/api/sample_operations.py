"""The example of how everything runs."""

from datetime import UTC, datetime, timedelta

from services.operations.report import (
    Component,
    DeadLetters,
    Freshness,
    LetterGroup,
    Missing,
    Operations,
    SourcesLook,
    StageRow,
    TroubledSource,
)

_NOW = datetime(2025, 1, 28, 9, 20, tzinfo=UTC)

OPERATIONS_SAMPLE = Operations(
    looked_at=_NOW,
    stages=(
        StageRow(
            stage="read",
            waiting=12,
            lag_seconds=300.0,
            rate_5m=0.0,
            rate_60m=4.2,
            outcomes={"read": 250, "too-short": 3},
            last_progress=_NOW - timedelta(minutes=5),
            state="stands",
            says="12 events wait, the oldest for 5 minutes; nothing came to its end for 5 minutes",
            remedy="see that `beatwire up` runs, or `beatwire work` with its workers",
        ),
    ),
    dead_letters=DeadLetters(
        states={"open": 2, "retried": 1},
        groups=(
            LetterGroup(
                stage="read",
                error_class="Reject",
                letters=2,
                under_way=0,
                newest=_NOW - timedelta(hours=1),
                reasons=("not a record: the event is empty",),
            ),
        ),
        more=0,
    ),
    sources=SourcesLook(
        states={"fine": 40, "late": 1},
        troubled=(
            TroubledSource(
                id="wire",
                name="Meridian Wire",
                state="late",
                since=_NOW - timedelta(hours=3),
                reason="the server did not answer in time",
            ),
        ),
        more=0,
    ),
    freshness=Freshness(articles=120, p50_seconds=20, p95_seconds=45),
    components=(
        Component(name="pages", version="0.1.0", last_seen=None),
        Component(name="read", version="0.1.0", last_seen=_NOW - timedelta(minutes=5)),
    ),
    disk=None,
    missing=(
        Missing(part="disk", reason="no answer in time", remedy="load this page again in a moment"),
    ),
)
