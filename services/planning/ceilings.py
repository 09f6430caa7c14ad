"""What others say that their servers can take. Ours is measured; this is not."""

import msgspec


class Ceiling(msgspec.Struct, frozen=True):
    value: float
    unit: str
    what: str
    source: str


PARTITION = Ceiling(
    10e6, "bytes/s", "written to one partition of Kafka",
    "Confluent: a producer writes tens of megabytes a second to one partition "
    "(https://www.confluent.io/blog/5-common-pitfalls-when-using-apache-kafka/); the least of that",
)  # fmt: skip
SHARD_BYTES = Ceiling(
    40e9, "bytes", "one shard of Elasticsearch",
    "Elastic recommends 30 to 50 GB "
    "(https://discuss.elastic.co/t/how-to-decide-storage-size-of-an-index-in-elasticsearch/274076);"
    " the middle",
)  # fmt: skip
SHARD_DOCUMENTS = Ceiling(
    200e6, "documents", "one shard of Elasticsearch",
    "Elastic: about 200 million is the practical most "
    "(https://www.elastic.co/docs/reference/autoops-insights/shard_near_document_limit)",
)  # fmt: skip
MEMORY = Ceiling(
    30, "bytes of index a byte of memory", "a node of Elasticsearch that is searched",
    "Elastic: 1 to 30 on hot nodes (https://www.elastic.co/blog/"
    "benchmarking-and-sizing-your-elasticsearch-cluster-for-logs-and-metrics)",
)  # fmt: skip

CEILINGS = (PARTITION, SHARD_BYTES, SHARD_DOCUMENTS, MEMORY)
UP_FRONT = (12, 24)
"""Partitions that topics are made with: more of them later move keys, so the order of a key's
events is lost once."""
