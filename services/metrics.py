"""Every metric of Beatwire; labels are few and bounded, never an address or a text."""

from prometheus_client import Counter

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
