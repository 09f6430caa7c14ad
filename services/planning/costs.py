"""What one article costs at each stage, as ``beatwire bench stages`` measured it."""

from importlib.resources import files
from pathlib import Path
from typing import Literal, get_args

import msgspec

from services.errors import UserError

StageName = Literal["crawl", "read", "index", "alert", "deliver"]
STAGES: tuple[StageName, ...] = get_args(StageName)
"""In the order of the flow."""


class Measured(msgspec.Struct, frozen=True):
    """Where, and when: costs of another machine are other costs."""

    date: str
    cores: int
    processor: str
    python: str


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """CPU seconds of one stage. Of ``deliver`` an event is a message, else an article."""

    event: float
    batch: float
    """Of a slice, whatever is in it: handing it out, one commit of the index."""
    slice: int
    """The most events of one slice."""
    spread: tuple[float, ...]
    """An event's own time by the mean one, at equal steps from the least to the most."""

    @property
    def full(self) -> float:
        """CPU seconds an event where slices are full: what there is at the most."""
        return self.event + self.batch / self.slice


class Bytes(msgspec.Struct, frozen=True):
    """On disk, an article, as the embedded mode keeps it."""

    page: int
    """In the log, the page as fetched."""
    article: int
    """In the log, what was read of it."""
    store: int
    index: int

    @property
    def log(self) -> int:
        return self.page + self.article


class Long(msgspec.Struct, frozen=True, kw_only=True):
    """What a short run cannot tell, from long ones; each with the day, and where it is told."""

    read_megabytes: int
    """A process that reads, once it has read 100,000 articles."""
    megabytes_a_million_topics: int
    servers: float
    """CPU seconds an article of Kafka, Celery, Elasticsearch and the others, beyond ours."""
    told: str


class Costs(msgspec.Struct, frozen=True, kw_only=True):
    measured: Measured
    load: float
    """Processes that wanted a core in the minutes before: many make CPU time longer, too."""
    articles: int
    """That were measured."""
    stages: dict[StageName, Cost]
    facts: float
    """What stage ``alert`` takes more where there are topics: an article is looked at once."""
    thousand_topics: float
    """And for each 1,000 of them; all CPU seconds an article."""
    alert: float
    """What it takes more for each alert."""
    join: float
    """CPU seconds an article in the store's transactions that join stories, one at a time."""
    bytes: Bytes
    long: Long


def own_costs() -> Costs:
    """Those that come with Beatwire."""
    return msgspec.json.decode((files(__package__) / "costs.json").read_bytes(), type=Costs)


def read_costs(path: Path | None) -> Costs:
    """The costs of a file, or those that come with Beatwire. Raises UserError when it has none."""
    if path is None:
        return own_costs()
    again = f"make it with: beatwire bench stages --save {path}"
    try:
        costs = msgspec.json.decode(path.read_bytes(), type=Costs)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}; {again}") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path} holds no costs: {error}; {again}") from error
    if problem := _problem(costs):
        raise UserError(f"{path}: {problem}; {again}")
    return costs


def _problem(costs: Costs) -> str:
    """Why these costs are none; empty when they can be planned with."""
    if lacking := [name for name in STAGES if name not in costs.stages]:
        return f"no cost of {', '.join(lacking)}"
    for name, cost in costs.stages.items():
        if not (0 < cost.event < 1e6 and 0 <= cost.batch < 1e6 and cost.slice >= 1):
            return f"the cost of {name} is no time"
        if len(cost.spread) < 2 or not 0 < sum(cost.spread) < 1e9 or min(cost.spread) < 0:
            return f"the spread of {name} needs two values or more"
    rest = (costs.facts, costs.thousand_topics, costs.alert, costs.join, costs.long.servers)
    if not all(0 <= each < 1e6 for each in rest):
        return "a time is negative, or none"
    sizes = (costs.bytes.page, costs.bytes.article, costs.bytes.store, costs.bytes.index)
    return "" if all(0 <= each < 1e12 for each in sizes) else "a size is negative, or none"
