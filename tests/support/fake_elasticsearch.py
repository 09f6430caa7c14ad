"""Elasticsearch in memory behind the real client: its rules of versions, and answers on order."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from elastic_transport import (
    ApiResponseMeta,
    BaseNode,
    HttpHeaders,
    NodeConfig,
)
from elastic_transport._node import NodeApiResponse
from elasticsearch import Elasticsearch

PRODUCT = {"x-elastic-product": "Elasticsearch", "content-type": "application/json"}

Answer = tuple[int, Mapping[str, str], bytes]
"""Status, headers and body."""


def client_of(answer: Callable[[str, str, bytes], Answer]) -> Elasticsearch:
    """A client whose requests (method, path, body) a function answers; it may raise, too."""

    class Node(BaseNode):
        def perform_request(
            self,
            method: str,
            target: str,
            body: bytes | None = None,
            headers: object = None,
            request_timeout: object = None,
        ) -> NodeApiResponse:
            status, head, data = answer(method, target.partition("?")[0], body or b"")
            meta = ApiResponseMeta(status, "1.1", HttpHeaders(head), 0.0, self.config)
            return NodeApiResponse(meta, data)

        def close(self) -> None: ...

    where = NodeConfig("http", "127.0.0.1", 9)
    return Elasticsearch([where], node_class=Node, max_retries=0, retry_on_status=())


def ok(body: object, status: int = 200) -> Answer:
    return status, PRODUCT, json.dumps(body).encode()


class Doc(msgspec.Struct):
    version: int
    source: dict[str, Any] | None
    """None once it is deleted: the version is remembered."""


class FakeElasticsearch:
    """Answers ``_bulk`` and ``_mget``. An index behind an alias is made by the first write."""

    def __init__(self) -> None:
        self.docs: dict[str, dict[str, Doc]] = {}
        self.aliases: dict[str, str] = {}

    def live(self, index: str) -> dict[str, Doc]:
        found = self.docs.get(self.aliases.get(index, index), {})
        return {key: doc for key, doc in found.items() if doc.source is not None}

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        match path.rpartition("/")[2]:
            case "_bulk":
                return self._bulk(body)
            case "_mget":
                index = path.strip("/").partition("/")[0]
                return self._mget(index, json.loads(body))
        return ok({"error": {"type": "unknown", "reason": f"{method} {path}"}}, 400)

    def _mget(self, default: str, asked: dict[str, Any]) -> Answer:
        told = []
        for one in asked.get("docs") or [{"_id": key} for key in asked["ids"]]:
            alias = one.get("_index", default)
            index = self.aliases.get(alias, alias)
            doc = self.docs.get(index, {}).get(one["_id"])
            found: dict[str, Any] = {"_index": index, "_id": one["_id"], "found": False}
            if doc and doc.source is not None:
                found |= {"found": True, "_version": doc.version, "_source": doc.source}
            told.append(found)
        return ok({"docs": told})

    def _bulk(self, body: bytes) -> Answer:
        lines = [json.loads(line) for line in body.splitlines()]
        told = []
        while lines:
            ((op, action),) = lines.pop(0).items()
            source = None if op == "delete" else lines.pop(0)
            told.append({op: self.write(op, action, source)})
        errors = any("error" in result for one in told for result in one.values())
        return ok({"took": 1, "errors": errors, "items": told})

    def write(
        self, op: str, action: dict[str, Any], source: dict[str, Any] | None
    ) -> dict[str, Any]:
        """Do one item of a bulk request; its part of the answer."""
        index, key = self.aliases.get(action["_index"], action["_index"]), action["_id"]
        docs = self.docs.setdefault(index, {})
        doc, told = docs.get(key), {"_index": index, "_id": key}
        before = doc.version if doc else 0
        kind, version = action.get("version_type"), int(action.get("version", before + 1))
        live = doc is not None and doc.source is not None
        late = version < before or (kind == "external" and version == before)
        if late or (op == "create" and live):
            error = {"type": "version_conflict_engine_exception", "reason": f"[{key}] {before}"}
            return told | {"status": 409, "error": error}
        docs[key] = Doc(version, source)
        status = 200 if live else 404 if op == "delete" else 201
        return told | {"status": status, "_version": version}
