"""Rules and dashboard ask for what is exported, and leave nothing of it out."""

import json
import re
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from tests.support import compose
from tests.support.exported import labels
from tests.support.tree import ROOT

PROMETHEUS, GRAFANA = ROOT / "deploy/prometheus", ROOT / "deploy/grafana"
GROUPS = yaml.safe_load((PROMETHEUS / "rules.yml").read_text())["groups"]
RULES = [rule for group in GROUPS for rule in group["rules"]]
DASHBOARD = json.loads((GRAFANA / "beatwire.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
TARGETS = [
    (panel["title"], target["expr"].replace("$__rate_interval", "5m"), target["legendFormat"])
    for panel in PANELS
    for target in panel["targets"]
]
EXPRESSIONS = [(rule["alert"], rule["expr"], "") for rule in RULES] + TARGETS
OF_PROMETHEUS = {"instance", "job"}
"""Labels that it gives to whatever it scrapes."""
BY_PEOPLE = {"restore"}
"""Runbooks that no rule can lead to: that data is gone, only people know."""
RUNBOOKS = {
    *("lag-growing", "source-silent", "dead-letters-growing", "index-refuses", "server-away"),
    *("alert-storm", "disk-full", "wrong-release", "restore"),
}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    return labels(tmp_path_factory.mktemp("home"))


def parts(expression: str) -> list[Any]:
    """Every part of an expression; raises ValueError for one that Prometheus would refuse."""
    found: list[Any] = []
    promql_parser.walk(promql_parser.parse(expression), found.append)
    return found


def names_in(expression: str) -> set[str]:
    return set(re.findall(r"\bbeatwire_\w+", expression))


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=lambda each: each[0])
def test_an_expression_is_one_and_asks_for_labels_that_there_are(
    expression: tuple[str, str, str], exported: dict[str, set[str]]
) -> None:
    _, query, legend = expression
    known = set(OF_PROMETHEUS)
    for part in parts(query):
        if isinstance(part, promql_parser.VectorSelector):
            name = str(part.name)
            assert name == "up" or name in exported
            mine = exported.get(name, set()) | OF_PROMETHEUS
            assert {matcher.name for matcher in part.matchers.matchers} <= mine
            known |= mine
    grouped = {
        label
        for part in parts(query)
        if isinstance(part, promql_parser.AggregateExpr) and part.modifier
        for label in part.modifier.labels
    }
    assert grouped <= known
    assert set(re.findall(r"\{\{(\w+)\}\}", legend)) <= known


def test_everything_that_is_exported_is_looked_at(exported: dict[str, set[str]]) -> None:
    asked = set().union(*(names_in(query) for _, query, _ in EXPRESSIONS))
    assert exported.keys() - asked == set()


def test_a_wrong_expression_is_refused() -> None:
    with pytest.raises(ValueError, match="parenthesis"):
        parts("sum(rate(beatwire_fetch_requests_total[5m])")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_a_rule_says_what_to_do_and_where_it_is_written(rule: dict[str, Any]) -> None:
    assert rule.keys() - {"for"} == {"alert", "expr", "labels", "annotations"}
    assert re.fullmatch(r"Beatwire([A-Z][a-z]+)+", rule["alert"])
    assert rule["labels"]["severity"] in {"critical", "warning", "info"}
    assert re.fullmatch(r"\d+[mhd]", rule.get("for", "1m"))
    said = rule["annotations"]
    assert said.keys() == {"summary", "runbook_url"}
    (book,) = re.findall(r"^docs/operations/([a-z-]+)\.md$", said["runbook_url"])
    assert rule["alert"] in (ROOT / said["runbook_url"]).read_text()
    assert book in RUNBOOKS
    used = set(re.findall(r"\$labels\.(\w+)", said["summary"]))
    assert used <= set(re.findall(r"\w+", rule["expr"])) | OF_PROMETHEUS
    assert said["summary"].count(".") >= 2, "what is wrong, and what to do first"


def test_names_and_runbooks_are_all_there() -> None:
    names = [rule["alert"] for rule in RULES]
    assert len(names) == len(set(names))
    expected = {
        *("LagGrowing", "NoProgress", "FreshnessSlow", "SourceSilent", "DeadLettersGrowing"),
        *("IndexRefuses", "IndexReadOnly", "BrokerDown", "AlertStorm", "DeliveriesFail"),
        *("DiskFull", "ProcessDown", "ProcessMissing"),
    }
    assert {f"Beatwire{name}" for name in expected} <= set(names)
    named = {Path(rule["annotations"]["runbook_url"]).stem for rule in RULES}
    assert named == RUNBOOKS - BY_PEOPLE


def test_panels_have_ids_titles_and_places_of_their_own() -> None:
    every = DASHBOARD["panels"]
    assert len({panel["id"] for panel in every}) == len(every)
    assert len({panel["title"] for panel in every}) == len(every)
    taken: set[tuple[int, int]] = set()
    for panel in every:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert max(x for x, _ in cells) < 24
        assert not cells & taken, panel["title"]
        taken |= cells
    (source,) = yaml.safe_load((GRAFANA / "datasource.yml").read_text())["datasources"]
    assert {panel["datasource"]["uid"] for panel in PANELS} == {source["uid"]}


def test_prometheus_asks_every_container_that_has_a_port_and_reads_the_rules() -> None:
    settings = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())
    services, whole = compose.services(), compose.load(compose.example())
    (job,) = [each for each in settings["scrape_configs"] if each["job_name"] == "beatwire"]
    (asked,) = job["dns_sd_configs"]
    runs = {name for name, each in services.items() if "build" in each} - {"setup", "flower"}
    assert set(asked["names"]) == runs
    for name in runs:
        given = services[name]["environment"]
        assert int(given["BEATWIRE_METRICS_PORT"]) == asked["port"]
        assert given["BEATWIRE_METRICS_HOST"] == "0.0.0.0"
    for name in ("prometheus", "grafana"):
        for config in services[name]["configs"]:
            assert (ROOT / whole["configs"][config["source"]]["file"]).is_file()
    targets = {each["target"] for each in services["prometheus"]["configs"]}
    assert {f"/etc/prometheus/{name}" for name in settings["rule_files"]} <= targets
    providers = yaml.safe_load((GRAFANA / "dashboards.yml").read_text())["providers"]
    folder = providers[0]["options"]["path"]
    assert f"{folder}/beatwire.json" in {each["target"] for each in services["grafana"]["configs"]}
