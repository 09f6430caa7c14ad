"""Letters come from the log into the store, where what became of them is noted.

The stage runner puts them on the log alone. Whoever asks for them reads on from where the last
one stopped, so that nothing is missing, whoever was killed when, and however old the log is.
"""

import logging

from processors.records import DeadLetter, decode
from services.bus import BEGINNING, Bus, Event, Slice, Stored
from services.errors import UserError
from services.store.letters import Letter, Letters
from services.topics import ARTICLES, ARTICLES_BACKFILL, DEAD, PAGES, PAGES_BACKFILL

BATCH = 16
"""Letters in hand: each holds the bytes of its event, up to 16 MiB."""
READER = "letters"
"""The name under which the log is asked where it ends; its position there is never used."""
log = logging.getLogger(__name__)
_TYPES = {
    PAGES.name: "page/1",
    PAGES_BACKFILL.name: "page/1",
    ARTICLES.name: "article/1",
    ARTICLES_BACKFILL.name: "article/1",
}


def catch_up(bus: Bus, store: Letters) -> int:
    """Note all letters that came to the log since the last call; how many offsets were read.

    Raises TryLater while the log or the store is away; what was noted until then stays noted.
    """
    (lag,) = bus.lag(READER, DEAD.name)
    first = store.letters_read()
    if first > lag.end:
        told = "topic %s ends at %d and was read to %d: it was made anew, and is read anew"
        log.warning(told, DEAD.name, lag.end, first)
        first = 0
        store.note_letters([], first)
    if first < lag.end:
        # What the log has dropped by its age is behind us.
        first = max(first, bus.offsets_for(DEAD.name, BEGINNING).get(lag.partition, 0))
    for start in range(first, lag.end, BATCH):
        last = min(start + BATCH, lag.end) - 1
        stored = bus.read(Slice(DEAD.name, lag.partition, start, last))
        store.note_letters([each for one in stored if (each := letter_of(one))], last + 1)
    return max(0, lag.end - first)


def letter_of(stored: Stored) -> Letter | None:
    """What the store keeps of a letter on the log; None for an event that is none."""
    record = _record(stored.event.data)
    if record is None:
        return None
    return Letter(
        id=f"{record.stage}-{record.topic}-{record.partition}-{record.offset}",
        at=stored.offset,
        stage=record.stage,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        event_id=record.event_id,
        error_class=record.error_class,
        reason=record.reason,
        attempts=record.attempts,
        failed_at=record.failed_at,
        code_version=record.code_version,
    )


def event_of(bus: Bus, letter: Letter) -> Event:
    """The event that failed, as it was put on the log the first time.

    Raises UserError when neither its topic nor the letter on the log has it any more.
    """
    place = Slice(letter.topic, letter.partition, letter.offset, letter.offset)
    for stored in bus.read(place):
        if stored.event.id == letter.event_id:
            return stored.event
    for stored in bus.read(Slice(DEAD.name, 0, letter.at, letter.at)):
        if record := _record(stored.event.data):
            return Event(
                id=letter.event_id,
                type=_TYPES.get(letter.topic, ""),
                key=letter.key,
                time=letter.failed_at,
                data=record.data,
            )
    raise UserError(
        f"dead letter {letter.id}: its event is no longer in the log, which keeps letters for a "
        f"year; drop it: beatwire dead drop --id {letter.id} --reason gone"
    )


def _record(data: bytes) -> DeadLetter | None:
    try:
        record = decode(data)
    except ValueError:
        return None
    return record if isinstance(record, DeadLetter) else None
