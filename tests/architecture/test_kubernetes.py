"""deploy/kubernetes follows Kubernetes' schemas, names what is there, and keeps its pods in."""

import re
from ipaddress import ip_address, ip_network
from typing import Any

import kubernetes_validate
import pytest
import yaml

from services.bus.kafka_address import Address
from services.settings import MAY_HOLD_SECRETS, PREFIX, SHARED, Settings
from services.settings_sources import FILE
from services.stages.flow import LIVE, STEPS
from services.version import VERSION
from services.workers import supervisor
from services.workers.app import CHILD_KIB, app
from tests.architecture.test_compose_commands import beatwire, celery
from tests.support.kustomize import FOLDER, OVERLAYS, containers, is_a, merge, overlay, render
from tests.support.tree import ROOT

RENDERED = {name: overlay(name) for name in OVERLAYS}
OBJECTS = [(name, each) for name in OVERLAYS for each in RENDERED[name]]
PODS = [each for each in OBJECTS if each[1]["kind"] in ("Deployment", "Job")]
SCALED = [each for each in RENDERED["large"] if is_a(each, "ScaledObject")]
NAMES = {each["metadata"]["name"] for _, each in PODS}
UNITS = {"Mi": 1, "Gi": 1024}
PROBES = {"livenessProbe": "/livez", "readinessProbe": "/readyz"}
"""A pod that waits for a server at its start waits for as long as it takes."""
PROBES_OF_PAGES = {
    "startupProbe": "/startupz",
    "livenessProbe": "/livez",
    "readinessProbe": "/startupz",
}
"""The pages are served whatever is away."""


def ids(pair: tuple[str, dict[str, Any]]) -> str:
    return f"{pair[0]}-{pair[1]['kind']}-{pair[1]['metadata']['name']}"


def mebibytes(size: str) -> int:
    return int(size[:-2]) * UNITS[size[-2:]]


def one(item: dict[str, Any]) -> dict[str, Any]:
    (container,) = containers(item)
    return container


def option(item: dict[str, Any], name: str) -> str:
    (found,) = [part for part in one(item)["command"] if part.startswith(f"--{name}=")]
    return str(found.partition("=")[2])


def component(selector: dict[str, str]) -> str | None:
    return selector.get("app.kubernetes.io/component")


@pytest.mark.parametrize("version", kubernetes_validate.utils.all_versions()[-3:])
def test_every_object_follows_the_schema(version: str) -> None:
    for _, each in OBJECTS:
        if each["kind"] != "ScaledObject":
            kubernetes_validate.validate(each, version, strict=True)


def test_the_schema_refuses_a_typing_error() -> None:
    wrong = merge(PODS[0][1], {"spec": {"tmplate": {}}})
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, kubernetes_validate.latest_version(), strict=True)


def test_what_the_reader_does_not_know_it_refuses(tmp_path: Any) -> None:
    (tmp_path / "kustomization.yaml").write_text("resources: []\nnamePrefix: x-\n")
    with pytest.raises(ValueError, match="namePrefix"):
        render(tmp_path)
    with pytest.raises(ValueError, match="args"):
        merge({"args": ["a"]}, {"args": ["b"]})


def test_every_file_is_used() -> None:
    for path in sorted(FOLDER.rglob("*.yaml")):
        if path.name != "kustomization.yaml":
            assert path.name in (path.parent / "kustomization.yaml").read_text(), path


@pytest.mark.parametrize("pair", PODS, ids=ids)
def test_a_pod_is_kept_in(pair: tuple[str, dict[str, Any]]) -> None:
    pod, container = pair[1]["spec"]["template"]["spec"], one(pair[1])
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert not pod.keys() & {"hostNetwork", "hostPID", "hostIPC", "initContainers"}
    assert all(each.keys() - {"name"} <= {"secret", "emptyDir"} for each in pod["volumes"])
    assert container["image"] == f"registry.example/beatwire:{VERSION}"
    grace = pod["terminationGracePeriodSeconds"]
    assert grace > max(supervisor.GRACE_SECONDS, app.conf.worker_soft_shutdown_timeout)


@pytest.mark.parametrize("pair", PODS, ids=ids)
def test_memory_asked_for_is_within_the_limit(pair: tuple[str, dict[str, Any]]) -> None:
    resources = one(pair[1])["resources"]
    limit = mebibytes(resources["limits"]["memory"])
    assert 0 < mebibytes(resources["requests"]["memory"]) <= limit
    if one(pair[1])["command"][0] == "celery":
        assert limit >= int(option(pair[1], "concurrency")) * CHILD_KIB / 1024 + 1024


@pytest.mark.parametrize("pair", PODS, ids=ids)
def test_settings_are_settings_and_addresses_are_files(pair: tuple[str, dict[str, Any]]) -> None:
    (settings,) = [each for each in RENDERED[pair[0]] if is_a(each, "ConfigMap")]
    container, pod = one(pair[1]), pair[1]["spec"]["template"]["spec"]
    given = {each["name"]: each["value"] for each in container["env"]}
    fields = {PREFIX + name.upper() for name in Settings.model_fields}
    files = {PREFIX + name.upper() + FILE for name in MAY_HOLD_SECRETS}
    assert given.keys() | settings["data"].keys() <= fields | files
    assert container["envFrom"] == [{"configMapRef": {"name": settings["metadata"]["name"]}}]
    mounts = {each["name"]: each["mountPath"] for each in container["volumeMounts"]}
    assert mounts.keys() == {each["name"] for each in pod["volumes"]}
    for name in SHARED:
        assert given[PREFIX + name.upper() + FILE] == f"{mounts['addresses']}/{name}"


@pytest.mark.parametrize("name", OVERLAYS)
def test_selectors_and_ports_lead_somewhere(name: str) -> None:
    items = RENDERED[name]
    pods = {each["metadata"]["name"]: each for each in items if each in [p for _, p in PODS]}
    for each, item in pods.items():
        template = item["spec"]["template"]
        assert component(template["metadata"]["labels"]) == each
        container = one(item)
        ports = {port["name"] for port in container.get("ports", ())}
        if item["kind"] == "Deployment":
            assert item["spec"]["selector"]["matchLabels"] == template["metadata"]["labels"]
            assert item["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
            answered = {
                key: value["httpGet"] for key, value in container.items() if key.endswith("Probe")
            }
            asked = PROBES_OF_PAGES if each == "web" else PROBES
            assert {key: found["path"] for key, found in answered.items()} == asked
            assert {found["port"] for found in answered.values()} <= ports
            assert "metrics" in ports
            given = {each["name"]: each["value"] for each in container["env"]}
            scraped = template["metadata"]["annotations"]["prometheus.io/port"]
            assert given[f"{PREFIX}METRICS_PORT"] == scraped
    budgets = [each for each in items if is_a(each, "PodDisruptionBudget")]
    named = {component(each["spec"]["selector"]["matchLabels"]) for each in budgets}
    assert named == {each for each, item in pods.items() if item["kind"] == "Deployment"}
    (service,) = [each for each in items if is_a(each, "Service")]
    web = pods[str(component(service["spec"]["selector"]))]
    assert service["spec"]["ports"][0]["targetPort"] == one(web)["ports"][0]["name"]
    for each in items:
        if is_a(each, "NetworkPolicy"):
            chosen = each["spec"]["podSelector"]
            named = {component(chosen.get("matchLabels", {}))} - {None}
            for wanted in chosen.get("matchExpressions", ()):
                named |= {*wanted["values"]}
            assert named <= pods.keys()


def test_only_two_reach_the_web_and_nobody_a_private_network() -> None:
    policies = {
        each["metadata"]["name"]: each["spec"]
        for each in RENDERED["small"]
        if is_a(each, "NetworkPolicy")
    }
    assert policies["nothing"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    wide = {name for name, each in policies.items() if "ipBlock" in str(each)}
    assert wide == {"outside-crawl", "outside-deliver"}
    private = ["10.1.2.3", "172.31.0.1", "192.168.0.1", "169.254.169.254", "127.0.0.1", "fd00::1"]
    for name in wide:
        blocks = [each["ipBlock"] for each in policies[name]["egress"][0]["to"]]
        left_out = [ip_network(each) for block in blocks for each in block["except"]]
        for address in [
            *private,
            "100.64.0.1",
            "::1",
            "fe80::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
        ]:
            assert any(ip_address(address) in each for each in left_out), address
        assert not any(ip_address("93.184.215.14") in each for each in left_out)


@pytest.mark.parametrize("pair", PODS, ids=ids)
def test_the_program_takes_the_command(pair: tuple[str, dict[str, Any]]) -> None:
    name, command = pair[1]["metadata"]["name"], one(pair[1])["command"]
    assert all(isinstance(part, str) for part in command)
    kind, _, stage = name.partition("-")
    if kind == "crawl":
        assert command == ["python", "-m", "crawlers", "--every", "600"]
    elif kind == "worker":
        parsed = celery(command)
        assert (list(parsed["queues"]), parsed["rest"]) == ([stage], [])
    else:
        parsed = beatwire(command)
        assert parsed["rest"] == []
        wanted = {"web": "serve", "dispatch": "work"}.get(kind, kind)
        assert (parsed[""], parsed.get("stage")) == (wanted, stage or None)


def test_every_stage_has_its_dispatcher_and_its_workers() -> None:
    stages = {step.stage for step in LIVE}
    assert {name for name in NAMES if name.startswith(("dispatch-", "worker-"))} == {
        f"{kind}-{stage}" for kind in ("dispatch", "worker") for stage in stages
    }


@pytest.mark.parametrize("item", SCALED, ids=lambda item: str(item["metadata"]["name"]))
def test_workers_follow_the_lag_of_their_own_groups(item: dict[str, Any]) -> None:
    spec, name = item["spec"], item["metadata"]["name"]
    (target,) = [each for each in RENDERED["large"] if is_a(each, "Deployment", name)]
    assert spec["scaleTargetRef"] == {"name": name}
    assert "replicas" not in target["spec"]
    stage = name.removeprefix("worker-")
    address = Address(("kafka.servers.svc:9092",), "beatwire")
    steps = [STEPS[stage], STEPS[f"{stage}-backfill"]]
    assert len(spec["triggers"]) == len(steps)
    for trigger, step in zip(spec["triggers"], steps, strict=True):
        told = dict(trigger["metadata"])
        assert int(told.pop("lagThreshold")) >= step.slice_events
        assert trigger["type"] == "kafka"
        assert told == {
            "bootstrapServers": address.servers[0],
            "consumerGroup": address.name(step.stage),
            "topic": address.name(step.takes.name),
            "activationLagThreshold": "0",
            "offsetResetPolicy": _reset_policy(),
            "allowIdleConsumers": "false",
            "excludePersistentLag": "true",
            "limitToPartitionsWithLag": "true",
        }
        assert spec["maxReplicaCount"] <= step.takes.partitions
    # A group that stands still is left out of the lag: from none it would never start again.
    assert spec["minReplicaCount"] >= 1


def _reset_policy() -> str:
    source = (ROOT / "services/bus/kafka_group.py").read_text()
    (found,) = re.findall(r'auto_offset_reset="(\w+)"', source)
    return str(found)


def test_the_guide_makes_the_secret_that_pods_mount() -> None:
    guide = (ROOT / "docs/kubernetes.md").read_text()
    patch = yaml.safe_load((FOLDER / "base/every-deployment.yaml").read_text())
    (secret,) = [
        each["secret"] for each in patch["spec"]["template"]["spec"]["volumes"] if "secret" in each
    ]
    assert f"create secret generic {secret['secretName']} " in guide
    assert all(f"--from-file={name}" in guide for name in SHARED)
