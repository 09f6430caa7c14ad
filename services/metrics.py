"""Every metric of Beatwire; labels are few and bounded, never an address or a text."""

from prometheus_client import Counter, Gauge, Histogram

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

MOST_CLASSES = 50
_classes: set[str] = set()


def class_label(error: Exception) -> str:
    """The error's class as a label; ``other`` once there are more classes than code should have."""
    name = type(error).__name__
    if len(_classes) < MOST_CLASSES:
        _classes.add(name)
    return name if name in _classes else "other"
