"""The part of kustomize that `deploy/kubernetes` uses. What it does not know, it refuses."""

from pathlib import Path
from typing import Any

import yaml

from tests.support.tree import ROOT

FOLDER = ROOT / "deploy/kubernetes"
OVERLAYS = sorted(path.name for path in (FOLDER / "overlays").iterdir())
KEYS = {"apiVersion", "kind", "namespace", "resources", "patches", "images", "replicas"}
MERGED_BY = {
    "containers": "name",
    "env": "name",
    "volumes": "name",
    "volumeMounts": "mountPath",
    "ports": "containerPort",
}
"""Lists whose items a strategic merge tells apart by this key."""
Item = dict[str, Any]


def overlay(name: str) -> list[Item]:
    """Every object of an overlay as it would be applied."""
    return render(FOLDER / "overlays" / name)


def render(folder: Path) -> list[Item]:
    """Raises ValueError for whatever real kustomize might understand otherwise."""
    told = yaml.safe_load((folder / "kustomization.yaml").read_text())
    if unknown := told.keys() - KEYS:
        raise ValueError(f"{folder}: {sorted(unknown)} is not known here")
    found = [item for path in told["resources"] for item in _read(folder / path)]
    for patch in told.get("patches", ()):
        found = _patched(found, patch, yaml.safe_load((folder / patch["path"]).read_text()))
    for image in told.get("images", ()):
        _exactly(image, {"name", "newName", "newTag"})
        for item in found:
            for container in containers(item):
                if container["image"] == image["name"]:
                    container["image"] = f"{image['newName']}:{image['newTag']}"
    for each in told.get("replicas", ()):
        _exactly(each, {"name", "count"})
        (item,) = [one for one in found if is_a(one, "Deployment", each["name"])]
        item["spec"]["replicas"] = each["count"]
    if space := told.get("namespace"):
        for item in found:
            if item["kind"] != "Namespace":
                item["metadata"]["namespace"] = space
    return found


def is_a(item: Item, kind: str, name: str | None = None) -> bool:
    return item["kind"] == kind and name in (None, item["metadata"]["name"])


def containers(item: Item) -> list[Item]:
    spec = item["spec"]["template"]["spec"] if item["kind"] in ("Deployment", "Job") else {}
    found: list[Item] = spec.get("containers", [])
    return found


def _read(path: Path) -> list[Item]:
    return render(path) if path.is_dir() else list(yaml.safe_load_all(path.read_text()))


def _patched(items: list[Item], patch: Item, change: Item) -> list[Item]:
    _exactly(patch, {"path", "target"})
    target = patch["target"]
    if target.keys() - {"kind", "name"}:
        raise ValueError(f"{target}: only kind and name are known here")
    hit = [item for item in items if is_a(item, target["kind"], target.get("name"))]
    if not hit:
        raise ValueError(f"{target} is nowhere")
    body = {"spec": change["spec"]}
    return [merge(item, body) if item in hit else item for item in items]


def merge(old: Item, new: Item) -> Item:
    """A strategic merge: null takes a key away. Raises ValueError for lists it cannot merge."""
    merged = dict(old)
    for key, value in new.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(old.get(key), dict):
            merged[key] = merge(old[key], value)
        elif isinstance(value, list) and key in old:
            if key not in MERGED_BY:
                raise ValueError(f"{key}: this list cannot be merged here")
            merged[key] = _by_key(old[key], value, MERGED_BY[key])
        else:
            merged[key] = value
    return merged


def _by_key(old: list[Item], new: list[Item], key: str) -> list[Item]:
    found = {item[key]: item for item in old}
    for item in new:
        found[item[key]] = merge(found.get(item[key], {}), item)
    return list(found.values())


def _exactly(given: Item, keys: set[str]) -> None:
    if given.keys() != keys:
        raise ValueError(f"{given}: exactly {sorted(keys)} are known here")
