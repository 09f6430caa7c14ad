"""The capacity model: a load and what an article costs, to cores, workers, bytes and limits."""

from math import ceil

import msgspec

from services.planning.ceilings import (
    MEMORY,
    PARTITION,
    SHARD_BYTES,
    SHARD_DOCUMENTS,
    UP_FRONT,
)
from services.planning.costs import STAGES, Cost, Costs, Measured, StageName
from services.planning.limits import Limit, limits
from services.planning.load import Load, Prices

OTHER_MEGABYTES = 200
"""A process that neither reads nor matches: measured 2026-11-30, after 384 articles of 600 words,
stage ``index`` had 195 and stage ``alert`` without topics 160."""
DOCUMENTS = 2.73
"""Of an article in Elasticsearch: itself and 1.73 claims, as in the million of `bench search`."""


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """What one stage needs in the busiest hour."""

    stage: StageName
    per_second: float
    """Events that come: articles, or messages."""
    cost: Cost
    """With what this load's topics and alerts add."""
    workers: int
    cores: float
    """CPU seconds a second, before any room is left."""

    @property
    def utilisation(self) -> float:
        """Of the workers, where slices are full."""
        return self.cores / self.workers


class Kept(msgspec.Struct, frozen=True):
    """Bytes of log, store and index, replicas included."""

    log: float
    store: float
    index: float

    @property
    def all(self) -> float:
        return self.log + self.store + self.index


class Money(msgspec.Struct, frozen=True):
    """A month, in the currency of the prices."""

    cores: float
    memory: float
    disk: float
    all: float
    a_thousand_articles: float


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    load: Load
    measured: Measured
    needs: tuple[Need, ...]
    servers_cores: float
    """Busy in Kafka, Elasticsearch and the others."""
    cores: int
    """To have, with room, for all."""
    partitions: int
    shards: int
    """Primary ones of the index, each with so many replicas."""
    a_day: Kept
    kept: Kept
    own_gigabytes: float
    """Memory of Beatwire's own processes."""
    index_gigabytes: float
    """Memory of the nodes that hold the index."""
    limits: tuple[Limit, ...]
    """What ends growth, the nearest first."""
    money: Money | None = None

    @property
    def widest(self) -> Need:
        """The stage that takes most."""
        return max(self.needs, key=lambda need: need.cores)

    def need(self, stage: StageName) -> Need:
        return next(need for need in self.needs if need.stage == stage)


def plan(load: Load, costs: Costs, prices: Prices | None = None) -> Plan:
    """What a load needs. The load was checked."""
    needs = tuple(_need(stage, load, costs) for stage in STAGES)
    servers = load.busiest * costs.long.servers
    busy = sum(need.cores for need in needs) + servers
    sizes, copies = costs.bytes, 1 + load.replicas
    daily = load.articles_per_day * copies
    a_day = Kept(daily * sizes.log, daily * sizes.store, daily * sizes.index)
    kept = Kept(*(each * load.days_kept for each in (a_day.log, a_day.store, a_day.index)))
    read = next(need.workers for need in needs if need.stage == "read")
    partitions = _partitions(load, costs, read)
    found = Plan(
        load=load,
        measured=costs.measured,
        needs=needs,
        servers_cores=servers,
        cores=ceil(round(busy / load.utilisation, 6)),
        partitions=partitions,
        shards=_shards(load, kept.index / copies),
        a_day=a_day,
        kept=kept,
        own_gigabytes=_memory(load, needs, costs),
        index_gigabytes=kept.index / MEMORY.value / 1e9,
        limits=limits(load, costs),
    )
    if prices is None or not prices.given:
        return found
    return msgspec.structs.replace(found, money=_money(found, prices))


def cost_of(stage: StageName, load: Load, costs: Costs) -> Cost:
    """The cost of a stage under this load: topics and alerts cost stage ``alert`` more."""
    cost = costs.stages[stage]
    if stage != "alert" or not load.topics:
        return cost
    more = (
        costs.facts
        + load.topics / 1_000 * costs.thousand_topics
        + load.alerts_an_article * costs.alert
    )
    return msgspec.structs.replace(cost, event=cost.event + more)


def rate_of(stage: StageName, load: Load) -> float:
    """Events a second in the busiest hour."""
    return load.busiest * (load.alerts_an_article if stage == "deliver" else 1.0)


def _need(stage: StageName, load: Load, costs: Costs) -> Need:
    cost, rate = cost_of(stage, load, costs), rate_of(stage, load)
    cores = rate * cost.full
    workers = max(1, ceil(round(cores / load.utilisation, 6)))
    return Need(stage=stage, per_second=rate, cost=cost, workers=workers, cores=cores)


def _partitions(load: Load, costs: Costs, readers: int) -> int:
    """12 or 24; past those, as many dozens as give each reader two, so that few of them idle."""
    written = load.busiest * max(costs.bytes.page, costs.bytes.article)
    wanted = max(2 * readers, ceil(written / PARTITION.value))
    return next((each for each in UP_FRONT if each >= wanted), 12 * ceil(wanted / 12))


def _shards(load: Load, index_bytes: float) -> int:
    documents = load.articles_per_day * load.days_kept * DOCUMENTS
    return max(1, ceil(index_bytes / SHARD_BYTES.value), ceil(documents / SHARD_DOCUMENTS.value))


def _memory(load: Load, needs: tuple[Need, ...], costs: Costs) -> float:
    """Gigabytes: each reader has the model, each worker of stage ``alert`` all topics."""
    topics = load.topics / 1e6 * costs.long.megabytes_a_million_topics
    each = {"read": float(costs.long.read_megabytes), "alert": OTHER_MEGABYTES + topics}
    return sum(need.workers * each.get(need.stage, OTHER_MEGABYTES) for need in needs) / 1_000


def _money(found: Plan, prices: Prices) -> Money:
    cores = found.cores * prices.core
    memory = (found.own_gigabytes + found.index_gigabytes) * prices.memory
    disk = found.kept.all / 1e9 * prices.disk
    total = cores + memory + disk
    articles = found.load.articles_per_day * 365 / 12
    return Money(cores, memory, disk, total, total / articles * 1_000)
