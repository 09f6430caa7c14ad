"""docker-compose.yml says what the Compose Specification knows, and names what is there.

No container runs here: what can be known without one is checked to the letter.
"""

import base64
import json
import re
import shlex
import xml.etree.ElementTree as ET
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from services.settings import MAY_HOLD_SECRETS, PREFIX, SHARED, Settings
from services.settings_sources import FILE
from services.stages.flow import LIVE
from services.topics import TOPICS
from services.version import VERSION
from services.web.entrance import entrance_for
from services.workers.app import CHILD_KIB
from tests.support import compose
from tests.support.local_index import LocalIndex
from tests.support.tree import ROOT, tracked
from tests.support.web import Browser

SERVICES = compose.services()
OWN = sorted(name for name, each in SERVICES.items() if "build" in each)
WATCHERS = ["grafana", "prometheus"]
SERVERS = sorted(set(SERVICES) - {*OWN, *WATCHERS})
ALWAYS = [name for name in OWN if not SERVICES[name].get("profiles")]
WHOLE = compose.load(compose.example())
SCHEMA = json.loads((ROOT / "tests/architecture/compose.schema.json").read_text())
MEBIBYTES = {"m": 1, "g": 1024}


def mebibytes(size: str) -> int:
    return int(size[:-1]) * MEBIBYTES[size[-1]]


def seconds(duration: str) -> int:
    assert duration.endswith("s")
    return int(duration[:-1])


def check(name: str) -> list[str]:
    """The command of a health check, without the word that says how it is run."""
    test: list[str] = SERVICES[name]["healthcheck"]["test"]
    return test[1:]


def test_the_file_follows_the_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    problems = [error.message for error in Draft202012Validator(SCHEMA).iter_errors(WHOLE)]
    assert not problems


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("image", "redis:latest"),
        ("image", "redis"),
        ("image", "redis:7"),
        ("ports", ["8321:8321"]),
        ("ports", ["0.0.0.0:8321:8321"]),
        ("user", "0:0"),
        ("restart", "always"),
        ("privileged", True),
        ("network_mode", "host"),
        ("volumes", ["/:/host"]),
        ("volumes", ["./deploy:/deploy"]),
        ("cap_drop", []),
        ("mem_limt", "1g"),
        ("healthcheck", {"test": "curl localhost"}),
        ("command", "beatwire serve"),
        ("depends_on", ["redis"]),
    ],
)
def test_the_schema_refuses(path: str, value: object) -> None:
    valid = Draft202012Validator(SCHEMA).is_valid
    assert valid({**WHOLE, "services": {"redis": SERVICES["redis"]}})
    assert not valid({**WHOLE, "services": {"redis": {**SERVICES["redis"], path: value}}})


def test_every_part_that_is_declared_is_used_and_the_reverse() -> None:
    kinds = ("networks", "volumes", "secrets", "configs")
    used: dict[str, set[str]] = {kind: set() for kind in kinds}
    for each in SERVICES.values():
        used["networks"] |= set(each["networks"])
        used["secrets"] |= set(each.get("secrets", ()))
        used["configs"] |= {config["source"] for config in each.get("configs", ())}
        used["volumes"] |= {volume.partition(":")[0] for volume in each.get("volumes", ())}
    assert used == {kind: set(WHOLE[kind]) for kind in used}


def test_a_profile_chooses_what_starts() -> None:
    assert {name: each.get("profiles", []) for name, each in SERVICES.items()} == {
        **{name: [] for name in ALWAYS},
        **{name: ["full"] for name in SERVERS},
        **{name: ["observability"] for name in ("flower", *WATCHERS)},
    }
    assert compose.example()["COMPOSE_PROFILES"] == "full"
    dispatchers = {"dispatch-read", "dispatch-index", "dispatch-alert"}
    assert set(ALWAYS) == {"setup", "crawl", *dispatchers, "worker", "deliver", "web"}
    assert set(SERVERS) == {"kafka", "elasticsearch", "redis", "postgres"}


# How containers are kept in


def test_nothing_is_published_but_the_pages_and_what_watches_on_loopback() -> None:
    published = {name: each["ports"] for name, each in SERVICES.items() if "ports" in each}
    port = Settings.model_fields["port"].default
    assert published == {
        "web": [f"127.0.0.1:{port}:{port}"],
        "flower": ["127.0.0.1:5555:5555"],
        "grafana": ["127.0.0.1:3000:3000"],
        "prometheus": ["127.0.0.1:9090:9090"],
    }
    # An address from the env file could open them to everyone.
    assert set(re.findall(r'ports: \["([^$]+)\$', compose.FILE.read_text())) == {"127.0.0.1:"}


def test_nobody_logs_in_only_where_a_port_on_loopback_keeps_others_out() -> None:
    web = SERVICES["web"]
    assert web["environment"][f"{PREFIX}LOGIN"] == "never"
    assert all(port.startswith("127.0.0.1:") for port in web["ports"])
    opened = compose.load(
        {**compose.example(), "WEB_LOGIN": "auto", "WEB_ADDRESS": "https://news.example"}
    )
    given = opened["services"]["web"]["environment"]
    settings = {name: given[f"{PREFIX}{name.upper()}"] for name in ("login", "address")}
    assert entrance_for(Settings(**settings), "0.0.0.0").login
    # A Beatwire that is started beside the file of variables reads it too.
    assert f"{PREFIX}LOGIN" not in compose.example()


def test_servers_and_workers_have_no_way_out() -> None:
    assert WHOLE["networks"]["servers"] == {"internal": "true"}
    outside = {name for name, each in SERVICES.items() if "outside" in each["networks"]}
    assert outside == {"crawl", "deliver", "web", "flower", *WATCHERS}
    assert all("servers" in each["networks"] for each in SERVICES.values())


def test_who_shows_figures_changes_nothing_and_brings_no_code_from_the_web() -> None:
    given = SERVICES["grafana"]["environment"]
    assert given["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"
    for name in ("AUTH_DISABLE_LOGIN_FORM", "PLUGINS_PREINSTALL_DISABLED"):
        assert given[f"GF_{name}"] == "true"
    for name in ("AUTH_BASIC_ENABLED", "PLUGINS_PREINSTALL_AUTO_UPDATE"):
        assert given[f"GF_{name}"] == "false"


@pytest.mark.parametrize("name", OWN)
def test_own_containers_may_write_nothing_but_their_home(name: str) -> None:
    each = SERVICES[name]
    assert each["read_only"] is True
    assert [path.partition(":")[0] for path in each["tmpfs"]] == ["/tmp"]
    assert each["volumes"] == ["home:/var/lib/beatwire"]
    assert each["init"] is True
    assert each["pull_policy"] == "build"
    assert each["image"] == f"beatwire:{VERSION}"
    assert (ROOT / each["build"]["dockerfile"]).is_file()


@pytest.mark.parametrize("name", SERVERS)
def test_servers_are_looked_at_often_and_keep_what_must_be_kept(name: str) -> None:
    health = SERVICES[name]["healthcheck"]
    assert seconds(health["timeout"]) <= seconds(health["interval"]) <= 20
    kept = [volume.partition(":")[0] for volume in SERVICES[name].get("volumes", ())]
    assert kept == ([] if name == "redis" else [name])


def test_only_what_starts_once_is_not_started_again() -> None:
    once = {name for name, each in SERVICES.items() if each["restart"] == "no"}
    assert once == {"setup"}
    unchecked = {name for name, each in SERVICES.items() if "disable" in each["healthcheck"]}
    assert unchecked == {"setup"}


def test_nothing_starts_before_what_it_needs() -> None:
    waits = {name: each.get("depends_on") for name, each in SERVICES.items()}
    # Where the profile `full` is off, the servers are elsewhere.
    there = {"condition": "service_healthy", "required": False}
    assert waits.pop("setup") == dict.fromkeys(SERVERS, there)
    ready = {"setup": {"condition": "service_completed_successfully"}}
    assert waits == {
        **dict.fromkeys(set(OWN) - {"setup"}, ready),
        **dict.fromkeys([*SERVERS, *WATCHERS]),
    }


# What the names in it stand for


def test_every_setting_in_it_is_one() -> None:
    fields = {PREFIX + name.upper() for name in Settings.model_fields}
    files = {PREFIX + name.upper() + FILE for name in MAY_HOLD_SECRETS}
    given = {key for name in OWN for key in SERVICES[name].get("environment", ())}
    assert given <= fields | files
    assert {PREFIX + name.upper() + FILE for name in SHARED} <= given
    named = set(re.findall(rf"{PREFIX}\w+", compose.FILE.read_text() + compose.EXAMPLE.read_text()))
    assert named <= fields | files
    assert not {key for name in SERVERS for key in SERVICES[name].get("environment", ())} & fields


@pytest.mark.parametrize("name", OWN)
def test_addresses_come_from_files(name: str) -> None:
    environment = SERVICES[name]["environment"]
    assert SERVICES[name]["secrets"] == list(SHARED)
    for secret in SHARED:
        assert environment[f"{PREFIX}{secret.upper()}{FILE}"] == f"/run/secrets/{secret}"


def test_the_example_holds_every_variable_with_its_default_and_no_other() -> None:
    example = compose.example()
    for name, operator, default in compose.variables():
        assert operator == ":?" or example[name] == default, name
    used = {name for name, _, _ in compose.variables()}
    assert used | {"COMPOSE_PROFILES"} == example.keys()
    assert float(example["BEATWIRE_CRAWL_DELAY"]) == Settings.model_fields["crawl_delay"].default
    assert float(example["CRAWL_EVERY"]) == Settings.model_fields["poll_every"].default
    assert int(example["WEB_PORT"]) == Settings.model_fields["port"].default


def test_without_the_example_compose_says_what_to_do() -> None:
    with pytest.raises(compose.Unset, match=r"copy \.env\.example to \.env first"):
        compose.load({})


def test_the_secrets_of_the_trial_are_there_fit_together_and_open_nothing_else() -> None:
    files = {name: ROOT / each["file"] for name, each in WHOLE["secrets"].items()}
    assert all(path.relative_to(ROOT) in tracked() for path in files.values())
    texts = {name: path.read_text().removesuffix("\n") for name, path in files.items()}
    hosts = {"bus": "kafka", "index": "elasticsearch", "store": "postgres", "broker": "redis"}
    for name, host in hosts.items():
        assert re.fullmatch(rf"[a-z]+://(?:[^@/]+@)?{host}:\d+(?:/\w+)?", texts[name])
        assert host in SERVERS
    postgres = SERVICES["postgres"]["environment"]
    assert postgres["POSTGRES_PASSWORD_FILE"] == "/run/secrets/postgres_password"
    assert texts["store"] == (
        f"postgresql://{postgres['POSTGRES_USER']}:{texts['postgres_password']}"
        f"@postgres:5432/{postgres['POSTGRES_DB']}"
    )
    assert "trial" in texts["postgres_password"]


def test_secrets_of_ones_own_stay_out_of_the_history_and_of_the_image() -> None:
    ignored = (ROOT / "deploy/secrets/.gitignore").read_text().splitlines()
    assert ignored[1:] == ["*", "!.gitignore", "!trial/", "!trial/*"]
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()


# The servers


def test_versions_are_those_that_the_tests_run_on() -> None:
    pom = ET.parse(ROOT / "deploy/devstack/pom.xml").getroot()
    for server in ("kafka", "elasticsearch"):
        tested = pom.findtext(f"{{*}}properties/{{*}}{server}.version", "")
        image = SERVICES[server]["image"].partition(":")[2]
        assert image.split(".")[:2] == tested.split(".")[:2]
    assert SERVICES["redis"]["image"].startswith("redis:7.")
    assert SERVICES["postgres"]["image"].startswith("postgres:15.")


@pytest.mark.filterwarnings("ignore:.*_text is deprecated:DeprecationWarning")
def test_kafka_holds_the_largest_event_and_makes_no_topic_by_itself() -> None:
    from services.bus.kafka_topics import ENVELOPE_BYTES

    kafka = SERVICES["kafka"]["environment"]
    largest = max(topic.max_event_bytes for topic in TOPICS.values()) + ENVELOPE_BYTES
    assert int(kafka["KAFKA_MESSAGE_MAX_BYTES"]) >= largest
    assert int(kafka["KAFKA_REPLICA_FETCH_MAX_BYTES"]) >= largest
    assert kafka["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    assert kafka["KAFKA_LOG_DIRS"] == SERVICES["kafka"]["volumes"][0].partition(":")[2]
    assert len(base64.urlsafe_b64decode(kafka["CLUSTER_ID"] + "==")) == 16


def test_kafkas_listeners_are_all_explained() -> None:
    kafka = SERVICES["kafka"]["environment"]
    listeners = dict(each.split("://") for each in kafka["KAFKA_LISTENERS"].split(","))
    protocols = dict(
        each.split(":") for each in kafka["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(",")
    )
    assert listeners.keys() == protocols.keys()
    assert {
        kafka["KAFKA_INTER_BROKER_LISTENER_NAME"],
        kafka["KAFKA_CONTROLLER_LISTENER_NAMES"],
    } == listeners.keys()
    assert kafka["KAFKA_ADVERTISED_LISTENERS"] == f"PLAINTEXT://kafka{listeners['PLAINTEXT']}"
    assert kafka["KAFKA_CONTROLLER_QUORUM_VOTERS"] == f"1@{listeners['CONTROLLER']}"
    assert kafka["KAFKA_NODE_ID"] == "1"


def test_redis_forgets_nothing_that_it_took_and_keeps_nothing_on_disk() -> None:
    command = SERVICES["redis"]["command"]
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert command[0] == "redis-server"
    assert options["--maxmemory-policy"] == "noeviction"
    assert (options["--save"], options["--appendonly"]) == ("", "no")
    assert int(options["--maxmemory"].removesuffix("mb")) < mebibytes(
        SERVICES["redis"]["mem_limit"]
    )


def test_memory_is_enough_for_what_runs_in_it() -> None:
    example = compose.example()
    processes = int(example["WORKER_PROCESSES"])
    assert mebibytes(SERVICES["worker"]["mem_limit"]) >= processes * CHILD_KIB / 1024 + 1024
    for server in ("kafka", "elasticsearch"):
        heap = mebibytes(example[f"{server.upper()}_HEAP"])
        assert mebibytes(SERVICES[server]["mem_limit"]) >= 2 * heap


@pytest.mark.parametrize(
    ("server", "programs"),
    [
        ("kafka", {"/opt/kafka/bin/kafka-broker-api-versions.sh"}),
        ("elasticsearch", {"curl"}),
        ("redis", {"redis-cli"}),
        ("postgres", {"pg_isready"}),
    ],
)
def test_health_is_asked_with_what_the_image_has(server: str, programs: set[str]) -> None:
    words = shlex.split(re.sub(r"[()\"']", " ", " ".join(check(server))))
    assert programs <= set(words)
    assert "wget" not in words


def test_health_of_the_pages_is_a_page_that_there_is() -> None:
    code = check("web")[-1]
    compile(code, "check", "exec")
    (path,) = re.findall(r"http://127\.0\.0\.1:8321(/\w+)", code)
    assert Browser(LocalIndex()).get(path).status_code == 200


def test_the_largest_wait_for_an_end_is_longer_than_ours() -> None:
    from services.workers import supervisor
    from services.workers.app import app

    grace = seconds(SERVICES["worker"]["stop_grace_period"])
    assert grace > supervisor.GRACE_SECONDS
    assert grace > app.conf.worker_soft_shutdown_timeout


def test_every_stage_has_its_dispatcher_and_its_queue() -> None:
    for step in LIVE:
        assert SERVICES[f"dispatch-{step.stage}"]["command"] == ["beatwire", "work", step.stage]
    (queues,) = [each for each in SERVICES["worker"]["command"] if each.startswith("--queues=")]
    assert queues == "--queues=" + ",".join(step.stage for step in LIVE)


def test_yaml_says_nothing_twice() -> None:
    """A key that comes twice is an error of Compose; PyYAML would take the last one."""

    class Strict(yaml.SafeLoader):
        pass

    def mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"{keys} at {node.start_mark}"
        loader.flatten_mapping(node)
        return {loader.construct_object(key, True): None for key, _ in node.value}

    Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    yaml.load(compose.FILE.read_text(), Strict)
