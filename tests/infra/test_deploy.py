"""What an operator lays beside a controller parses, is confined, and names only what we export."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import subprocess
import sys

import pytest
import yaml

from infra.clock import FakeClock
from infra.metrics import Metrics
from tests.house.source import ROOT

DEPLOY = ROOT / "infra" / "deploy"
ALERTS = yaml.safe_load((DEPLOY / "alerts.yml").read_text(encoding="utf-8"))
BOARD = json.loads((DEPLOY / "grafana" / "trawl.json").read_text(encoding="utf-8"))
RULES = {rule["alert"]: rule for group in ALERTS["groups"] for rule in group["rules"]}
PANELS = {panel["title"]: panel for panel in BOARD["panels"]}
QUERIES = {name: rule["expr"] for name, rule in RULES.items()} | {
    f"{title}, {target['refId']}": target["expr"]
    for title, panel in PANELS.items()
    for target in panel["targets"]
}
SELECTOR = re.compile(r"\b(trawl_\w+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)\s*(?:=|!=|=~|!~)\s*"([^"]*)"')
GROUPING = re.compile(r"\b(?:by|on)\s*\(([^)]*)\)")
SCRAPED = {"instance", "job"}


def exported():
    """Each series name with the values of its labels."""
    found = {}
    for family in Metrics(("fake", "ubuntu", "web"), FakeClock()).registry.collect():
        for sample in family.samples:
            labels = found.setdefault(sample.name, {})
            for key, value in sample.labels.items():
                labels.setdefault(key, set()).add(value)
    return found


EXPORTED = exported()


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_a_query_names_only_series_labels_and_values_that_are_exported(query):
    selectors = SELECTOR.findall(query)
    assert selectors or query == 'up{job="trawl"} == 0'
    known = set(SCRAPED)
    for name, matchers in selectors:
        assert name in EXPORTED, f"{name} is not exported"
        known |= set(EXPORTED[name])
        for label, wanted in MATCHER.findall(matchers):
            assert set(wanted.split("|")) <= EXPORTED[name][label], (name, label)
    for group in GROUPING.findall(query):
        assert {label.strip() for label in group.split(",")} <= known


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_a_query_is_closed_and_a_rate_is_of_a_counter(query):
    for opens, closes in ("()", "[]", "{}"):
        assert query.count(opens) == query.count(closes)
    for name in re.findall(r"\b(?:rate|increase)\((trawl_\w+)", query):
        assert name.endswith(("_total", "_bucket"))


def test_every_family_is_looked_at_by_an_alert_or_a_panel():
    looked_at = {name for query in QUERIES.values() for name, _ in SELECTOR.findall(query)}
    bare = {re.sub(r"_(bucket|count|sum)$", "", name) for name in EXPORTED}
    assert bare == {re.sub(r"_bucket$", "", name) for name in looked_at}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_an_alert_says_how_grave_it_is_and_what_to_do(rule):
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["action"]
    assert re.fullmatch(r"\d+m", rule.get("for", "0m"))
    named = set(re.findall(r"\$labels\.(\w+)", json.dumps(rule["annotations"])))
    kept = {label.strip() for group in GROUPING.findall(rule["expr"]) for label in group.split(",")}
    assert named <= (kept or SCRAPED) | SCRAPED


@pytest.mark.parametrize(
    "alert",
    ["TrawlFleetBelowDesired", "TrawlMachineOverdue", "TrawlReconcileLag", "TrawlDiskFloor",
     "TrawlRedactionFails", "TrawlHostileInputs"],
)  # fmt: skip
def test_what_must_wake_somebody_is_there(alert):
    assert RULES[alert]["labels"]["severity"] == "page"


def test_panels_have_their_own_numbers_and_do_not_overlap():
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])
    taken = set()
    for panel in BOARD["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & taken
        assert at["x"] + at["w"] <= 24
        taken |= cells


def test_the_dashboard_reads_the_data_source_that_is_provisioned():
    source = yaml.safe_load((DEPLOY / "grafana" / "datasource.yml").read_text(encoding="utf-8"))
    assert {p["datasource"]["uid"] for p in BOARD["panels"]} == {source["datasources"][0]["uid"]}


def unit():
    read = configparser.RawConfigParser(strict=False)
    read.optionxform = str
    read.read(DEPLOY / "trawl-controller.service", encoding="utf-8")
    return read


def test_prometheus_scrapes_the_port_that_the_service_opens():
    scrape = yaml.safe_load((DEPLOY / "prometheus.yml").read_text(encoding="utf-8"))
    (job,) = scrape["scrape_configs"]
    (target,) = job["static_configs"][0]["targets"]
    text = (DEPLOY / "trawl-controller.service").read_text(encoding="utf-8")
    (port,) = re.findall(r"TRAWL_METRICS_PORT=(\d+)", text)
    assert target == f"127.0.0.1:{port}"
    assert [(DEPLOY / name).exists() for name in scrape["rule_files"]] == [True]
    assert f'job="{job["job_name"]}"' in RULES["TrawlDown"]["expr"]


def test_the_service_is_confined():
    service = unit()["Service"]
    for key in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "ProtectKernelModules",
                "ProtectControlGroups", "LockPersonality", "RestrictSUIDSGID"):  # fmt: skip
        assert service[key] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert service["User"] == "trawl"
    assert service["UMask"] == "0077"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_finds_nothing_wrong_with_the_service(tmp_path):
    text = (DEPLOY / "trawl-controller.service").read_text(encoding="utf-8")
    text = text.replace("/opt/trawl/bin/python", sys.executable)
    text = re.sub(r"(?m)^(User|Group)=.*\n", "", text)  # this host need not have that user
    path = tmp_path / "trawl-controller.service"
    path.write_text(text, encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(path)], capture_output=True, text=True,
                          timeout=60, check=False)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_containers_are_pinned_confined_and_on_loopback():
    text = (DEPLOY / "compose.yml").read_text(encoding="utf-8")
    services = yaml.safe_load(text)["services"]
    for service in services.values():
        assert re.fullmatch(r"[\w/]+:v?\d+\.\d+\.\d+", service["image"])
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "ports" not in service
        for volume in service["volumes"]:
            place = volume.split(":")[0]
            assert (DEPLOY / place).exists() if place.startswith(".") else place in text
    assert "--web.listen-address=127.0.0.1:9090" in services["prometheus"]["command"]
    assert services["grafana"]["environment"]["GF_SERVER_HTTP_ADDR"] == "127.0.0.1"


def test_no_password_is_written_down():
    for path in DEPLOY.rglob("*.*"):
        for line in path.read_text(encoding="utf-8").splitlines():
            said = re.search(r"(?i)password\s*[:=]\s*(\S+)", line)
            assert said is None or said[1].startswith(("${GRAFANA_PASSWORD", "…"))


def test_every_file_is_in_the_paper():
    paper = (DEPLOY / "README.md").read_text(encoding="utf-8")
    files = {str(p.relative_to(DEPLOY)) for p in DEPLOY.rglob("*.*") if p.name != "README.md"}
    named = {name for name in files if f"({name})" in paper}
    assert files - named == {"grafana/datasource.yml", "grafana/dashboards.yml"}
    assert "grafana/*.yml" in paper
    links = re.findall(r"\]\((?!https?:)([^)#]+)", paper)
    assert [link for link in links if not (DEPLOY / link).exists()] == []
