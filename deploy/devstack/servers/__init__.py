"""The servers, by name."""

from deploy.devstack.servers.base import Server
from deploy.devstack.servers.elasticsearch import Elasticsearch
from deploy.devstack.servers.kafka import Kafka
from deploy.devstack.servers.postgresql import Postgresql
from deploy.devstack.servers.redis import Redis

SERVERS: dict[str, Server] = {
    server.name: server for server in (Kafka(), Elasticsearch(), Postgresql(), Redis())
}
