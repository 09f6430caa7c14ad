"""The indices and aliases: made when they are missing, replaced as a whole by a rebuild.

The server refuses to make an index because something is written to it (``allow_auto_create``), so
that a late writer cannot bring back, without its fields, an index that a rebuild has deleted.
"""

from typing import Any

from elasticsearch import ApiError, Elasticsearch

from services.errors import UserError
from services.index.elasticsearch_names import KINDS, Kind, Names
from services.index.elasticsearch_schema import fingerprint, template

CLAIMS_VERSION = "claims_version"
"""Of an article: the version of its claims; see ``elasticsearch_put``. Nobody searches it."""
REMEDY = "rebuild it with: beatwire rebuild"
_OWN_FIELDS = {CLAIMS_VERSION: {"type": "long", "index": False, "doc_values": False}}


class FreshNames(Names, frozen=True):
    """One generation by its own names, before the aliases lead to it."""

    generation: int = 0

    def read(self, kind: Kind) -> str:
        return self.concrete(kind, self.generation)

    def write(self, kind: Kind) -> str:
        return self.concrete(kind, self.generation)


def prepare(client: Elasticsearch, names: Names) -> None:
    """Make what is missing; calling it again, or in several processes at once, changes nothing.

    Raises UserError when the indices were written by a version with other fields.
    """
    if _check(client, names):
        return
    put_templates(client, names)
    make(client, names, 1, aliased=True)
    _check(client, names)


def _check(client: Elasticsearch, names: Names) -> bool:
    """Whether all indices are there. Raises UserError when they have other fields."""
    found = client.options(ignore_status=404).indices.get_mapping(
        index=[names.write(kind) for kind in KINDS]
    )
    if found.meta.status == 404:
        return False
    for name, told in found.body.items():
        if told["mappings"].get("_meta", {}).get("fingerprint") != fingerprint():
            raise UserError(f"index {name} was written by another version of Beatwire; {REMEDY}")
    return len(found.body) == len(KINDS)


def put_templates(client: Elasticsearch, names: Names) -> None:
    """Let indices of these names be made with the fields of this version."""
    for kind in KINDS:
        body = {**template(names, kind), "allow_auto_create": False}
        client.indices.put_index_template(name=names.template(kind), body=body)


def make(client: Elasticsearch, names: Names, generation: int, *, aliased: bool) -> None:
    """Make the indices of a generation; one that another process made at this moment will do."""
    for kind in KINDS:
        try:
            client.indices.create(
                index=names.concrete(kind, generation),
                # The version of a claim that was deleted holds off a writer that slept so long.
                settings={"index.gc_deletes": "1h"},
                mappings={"properties": _OWN_FIELDS if kind == "articles" else {}},
                aliases=_aliases(names, kind) if aliased else {},
            )
        except ApiError as error:
            if "resource_already_exists_exception" not in str(error):
                raise
    indices = [names.concrete(kind, generation) for kind in KINDS]
    client.cluster.health(index=indices, wait_for_status="yellow", timeout="20s")


def _aliases(names: Names, kind: Kind) -> dict[str, dict[str, Any]]:
    return {names.read(kind): {}, names.write(kind): {"is_write_index": True}}


def swap(client: Elasticsearch, names: Names, new: FreshNames, old: set[str]) -> None:
    """All aliases in one step: no search and no write ever sees half of it."""
    actions: list[dict[str, Any]] = []
    for kind in KINDS:
        for alias, how in _aliases(names, kind).items():
            actions += [
                {"remove": {"index": name, "alias": alias}}
                for name in sorted(old)
                if name.startswith(names.pattern(kind).rstrip("*"))
            ]
            actions.append({"add": {"index": new.write(kind), "alias": alias, **how}})
    client.indices.update_aliases(actions=actions)


def behind_aliases(client: Elasticsearch, names: Names) -> set[str]:
    """The indices that are searched and written."""
    found = client.options(ignore_status=404).indices.get_alias(
        index=[names.pattern(kind) for kind in KINDS],
        name=[names.write(kind) for kind in KINDS],
    )
    return {
        name for name, told in found.body.items() if isinstance(told, dict) and "aliases" in told
    }


def delete(client: Elasticsearch, indices: set[str]) -> None:
    """Remove indices; those that are gone already, too."""
    for name in sorted(indices):
        client.options(ignore_status=404).indices.delete(index=name)


def generation(index: str) -> int:
    """The number at the end of an index's name."""
    return int(index.rpartition("-")[2])
