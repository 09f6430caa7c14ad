"""Every metric of Beatwire; labels are few and bounded, never an address or a text."""

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

# When each series began is a series more, and nobody asks for it.
disable_created_metrics()  # type: ignore[no-untyped-call]

BULK_ITEMS = Counter(
    "beatwire_index_bulk_items_total", "Items of bulk requests, by what became of them.", ["status"]
)
BULK_RETRIES = Counter("beatwire_index_bulk_retries_total", "Bulk items that were sent again.")
BULK_WAIT_SECONDS = Counter(
    "beatwire_index_bulk_wait_seconds_total", "Seconds waited before bulk items were sent again."
)
SKIPPED_RECORDS = Counter(
    "beatwire_bus_skipped_records_total",
    "Records that the log had dropped before a group came to them.",
    ["group", "topic"],
)
REFUSED_EVENTS = Counter(
    "beatwire_bus_refused_events_total", "Events that were not published.", ["topic", "reason"]
)

FETCH_REQUESTS = Counter(
    "beatwire_fetch_requests_total",
    "Addresses that were looked at, by source and by how they ended.",
    ["source", "outcome"],
)
FETCH_DURATION = Histogram(
    "beatwire_fetch_duration_seconds",
    "Seconds that a server took to answer a request, without our own politeness.",
    buckets=(0.03, 0.1, 0.3, 1, 3, 10, 30),
)
ROBOTS_BLOCKED = Counter(
    "beatwire_robots_blocked_total", "Addresses that were left alone because of a robots.txt."
)

STAGE_PROCESSED = Counter(
    "beatwire_stage_processed_total", "Events that a stage brought to an end.", ["stage", "outcome"]
)
STAGE_DURATION = Histogram(
    "beatwire_stage_duration_seconds",
    "Seconds that a slice took from its reading to its noted outcomes.",
    ["stage"],
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100),
)
STAGE_WAITS = Counter(
    "beatwire_stage_waits_total", "Slices that were put off because a server was away.", ["stage"]
)
STAGE_LAST_PROGRESS = Gauge(
    "beatwire_stage_last_progress_timestamp_seconds",
    "When a stage last brought a slice to its end.",
    ["stage"],
    multiprocess_mode="max",
)
DEAD_LETTERS = Counter(
    "beatwire_dead_letters_total",
    "Events that went to the dead letters, by the class of the error.",
    ["stage", "reason"],
)

DEDUP_FOLDED = Counter(
    "beatwire_dedup_folded_total", "New articles that are copies of one that was there."
)
PUBLISH_TO_INDEX = Histogram(
    "beatwire_publish_to_index_seconds",
    "Seconds from an article's publication, by its own word, to its being in the index.",
    buckets=(5, 15, 30, 60, 120, 300, 600, 1800, 3600, 14400, 86400),
)
FETCH_TO_INDEX = Histogram(
    "beatwire_fetch_to_index_seconds",
    "Seconds from an article's fetch to its being in the index.",
    buckets=(0.3, 1, 3, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600),
)

ALERT_MATCHES = Counter(
    "beatwire_alert_matches_total", "Alerts that were decided: a topic was met, and it is news."
)
ALERT_DELIVERIES = Counter(
    "beatwire_alert_deliveries_total",
    "Tries to deliver a message, by the kind of channel and what came of it.",
    ["channel", "outcome"],
)
ALERT_DELIVERY_LATENCY = Histogram(
    "beatwire_alert_delivery_latency_seconds",
    "Seconds from when a message was due to its delivery.",
    ["channel"],
    buckets=(0.1, 0.3, 1, 3, 10, 30, 100, 300, 1800, 7200, 36000, 300000),
)

SSE_CLIENTS = Gauge(
    "beatwire_sse_clients",
    "Browsers and programs that listen to a live stream of this process.",
    multiprocess_mode="sum",
)

OTHER = "other"
"""The label of everything beyond a ceiling."""
MOST_SOURCES = 200
"""Sources of fetches that have a label of their own; each may end in some 16 ways."""
MOST_SHOWN_SOURCES = 1_000
"""Sources whose last success is shown, one series each."""
MOST_CLASSES = 50
_sources: set[str] = set()
_classes: set[str] = set()


def class_label(error: Exception) -> str:
    """The error's class as a label; ``other`` once there are more classes than code should have."""
    name = type(error).__name__
    if len(_classes) < MOST_CLASSES:
        _classes.add(name)
    return name if name in _classes else OTHER


def source_label(source: str) -> str:
    """The id of a source as a label; ``other`` once there are ``MOST_SOURCES``."""
    if len(_sources) < MOST_SOURCES:
        _sources.add(source)
    return source if source in _sources else OTHER
