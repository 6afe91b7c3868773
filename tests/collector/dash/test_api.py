"""The API says what the command line says, to whoever may hear it, and whatever it is asked."""

from __future__ import annotations

import json
import sqlite3

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from collector.cli.main import main
from collector.dash.access import keeper
from collector.dash.api import PATH
from collector.dash.api.application import api
from infra.store import events, machines, runs
from infra.store.rows import Run
from tests.collector.dash.answering import answering
from tests.collector.dash.recorded import mixed
from tests.collector.dash.seeding import seed
from tests.collector.dash.serving import desk_at, serving

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance,
          response_schema_conformance]  # fmt: skip
FLEET = '[pools.fake]\nkind = "fake"\ncount = 2\n'
SCHEMA = api().openapi()


@pytest.fixture
def controller(desk):
    with answering(desk):
        yield


@pytest.fixture
def peer(served):
    with served.client() as asked:
        asked.base_url = f"{served.url}{PATH}/"
        yield asked


def conforms(answer, noun, verb):
    schemas = SCHEMA["components"]["schemas"]
    whole = {"components": {"schemas": schemas}, "$ref": f"#/components/schemas/{noun}.{verb}"}
    jsonschema.validate(answer.json(), whole)
    return answer.json()


def test_it_says_what_the_command_line_says(desk, peer, seeded, monkeypatch, capsys):
    seeded(machines=5, events=20)
    monkeypatch.setenv("TRAWL_HOME", str(desk.settings.home))
    said = {
        ("fleet", "status"): "fleet",
        ("machine", "list"): "machines",
        ("host", "list"): "hosts",
        ("run", "list"): "runs",
        ("events", "tail"): "events",
        ("run", "tasks"): "tasks",
    }
    for words, path in said.items():
        capsys.readouterr()
        assert main([*words, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        answered = conforms(peer.get(path), *words)
        assert timeless(answered) == timeless(told)


def timeless(document):
    """Without the seconds that go on between two answers."""
    if isinstance(document, dict):
        return {k: timeless(v) for k, v in document.items() if not k.endswith("_s")}
    return [timeless(v) for v in document] if isinstance(document, list) else document


def test_an_order_is_written_whole_or_not_at_all_and_says_who_gave_it(desk, peer, seeded):
    made = seeded(machines=3)
    names = [machine.name for machine in made]
    done = conforms(
        peer.post("machines/recycle", json={"names": names, "reason": "old"}), "machine", "recycle"
    )
    assert [row["desired"] for row in done["machines"]] == ["GONE"] * 3
    refused = peer.post("machines/drain", json={"names": [names[0]]})
    assert (refused.status_code, refused.json()["error"]["kind"]) == (409, "conflict")
    assert peer.post("machines/release", json={"names": [names[0], "m9"]}).status_code == 404
    with desk.store.read() as tx:
        noted = events.newest(tx, 9, kind="audit")
        assert {e.subject for e in noted} == {machine.uuid for machine in made}
        assert {(e.kind, e.reason, e.payload["by"]) for e in noted} == {
            ("audit.machine.recycle", "old", "the admin")
        }
        assert [m.desired for m in machines.alive(tx)] == ["GONE"] * 3


def test_a_run_is_submitted_cancelled_and_retried(desk, peer, seeded, controller):
    seeded(machines=1)
    wants = {"pool": "pages", "episodes": 2, "steps": 3, "explorer": "walk=2,tree=1", "seed": 4}
    submitted = peer.post("runs", json=wants)
    assert submitted.status_code == 201
    run = conforms(submitted, "run", "submit")["run"]
    assert conforms(peer.get(f"runs/{run}"), "run", "show")["done"] == "0/2"
    assert (
        conforms(peer.post(f"runs/{run}/cancel", json={}), "run", "cancel")["status"] == "cancelled"
    )
    again = conforms(peer.post(f"runs/{run}/retry", json={"reason": "try"}), "run", "retry")
    assert (again["episodes"], again["controller"]) == (2, "up")
    assert peer.post("runs", json={**wants, "explorer": "nobody"}).status_code == 404
    assert "pages" in peer.post("runs", json={**wants, "pool": "page"}).json()["error"]["hint"]
    conforms(peer.get(f"runs/{run}/actions"), "run", "actions")


def test_without_a_controller_no_run_is_taken(peer, seeded):
    seeded(machines=1)
    refused = peer.post("runs", json={"pool": "pages"})
    assert (refused.status_code, refused.json()["error"]["kind"]) == (503, "unavailable")


def test_a_fleet_is_planned_wanted_scaled_and_ended(desk, peer, controller):
    planned = conforms(peer.post("fleet/plan", json={"toml": FLEET}), "fleet", "plan")
    assert [(p["pool"], p["change"]) for p in planned["pools"]] == [("fake", 2)]
    wanted = peer.post("fleet/up", json={"toml": FLEET})
    assert wanted.status_code == 202
    assert conforms(wanted, "fleet", "up")["pools"][0]["wanted"] == 2
    scaled = conforms(peer.post("fleet/scale", json={"pool": "fake", "count": 3}), "fleet", "scale")
    assert scaled["pools"][0]["wanted"] == 3
    assert conforms(peer.post("fleet/down", json={}), "fleet", "down") == {
        "machines": 0,
        "hosts": {},
    }
    wrong = peer.post("fleet/plan", json={"toml": FLEET.replace("count", "cuont")}).json()["error"]
    assert wrong["message"].startswith("fleet.toml:3:")
    with desk.store.read() as tx:
        assert [e.kind for e in events.newest(tx, 9, kind="audit")] == [
            "audit.fleet.up", "audit.fleet.scale", "audit.fleet.down",
        ]  # fmt: skip


def test_a_host_is_cordoned_and_one_that_speaks_is_not_forgotten(peer, seeded):
    seeded(machines=1)
    assert conforms(peer.post("hosts/here/cordon"), "host", "cordon") == {
        "host": "here",
        "cordoned": True,
    }
    assert conforms(peer.post("hosts/here/uncordon"), "host", "uncordon")["cordoned"] is False
    assert peer.post("hosts/here/forget", json={}).status_code == 409
    assert "here" in peer.post("hosts/her/cordon").json()["error"]["hint"]


CHANGES = [
    (path, verb)
    for path, verbs in SCHEMA["paths"].items()
    for verb in verbs
    if verb == "post" and not path.endswith("/plan")
]


@pytest.mark.parametrize(("path", "verb"), CHANGES, ids=str)
def test_who_may_only_look_changes_nothing(desk, served, path, verb):
    bodies = {"names": ["m"], "reason": "", "toml": FLEET, "pool": "a", "count": 1, "name": "ann"}
    before = dump(desk)
    with served.client("viewer") as peer:
        where = PATH + path.format(name="here", run="r", verb="drain")
        wants = needed(path, bodies)
        refused = peer.request(verb, where, json=wants)
    assert refused.status_code == 403, refused.text
    assert dump(desk) == before


def needed(path, bodies):
    """A body that the route takes."""
    body = SCHEMA["paths"][path]["post"].get("requestBody")
    if body is None:
        return None
    name = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return {key: bodies[key] for key in SCHEMA["components"]["schemas"][name].get("required", [])}


def dump(desk):
    """All that the database holds."""
    with sqlite3.connect(desk.settings.home / "trawl.db") as connection:
        return list(connection.iterdump())


def test_looking_changes_nothing(desk, served, seeded, bare):
    seeded(machines=5, events=20)
    with desk.store.write() as tx:
        runs.submit(tx, Run("run-1", "pages", "walk", 2, 3, 0, "queued", 1, None))
    before = dump(desk)
    paths = [path for path, verbs in SCHEMA["paths"].items() if "get" in verbs]
    with served.client() as peer:
        for path in paths:
            where = PATH + path.format(name="m0000", run="run-1", sample="s", other="o", step=0)
            assert peer.get(where).status_code in {200, 404, 409, 503}, path
    assert dump(desk) == before


def test_its_description_is_published_and_names_every_route_once(served):
    with served.client("viewer") as peer:
        told = peer.get(f"{PATH}/openapi.json").json()
    assert told == json.loads(json.dumps(SCHEMA))
    names = [route["operationId"] for verbs in told["paths"].values() for route in verbs.values()]
    assert len(names) == len(set(names))
    assert told["security"] == [{"token": []}]


OPERATIONS = [result.ok() for result in schemathesis.openapi.from_dict(SCHEMA).get_all_operations()]


COSTLY = {"/support-bundle"}
"""It starts a process to look with."""
KNOWN = {
    "machines": {"name": "m0000"}, "hosts": {"name": "here"}, "runs": {"run": "run-1"},
    "episodes": {"name": "ep-1"}, "corpora": {"name": "own", "other": "own"},
    "images": {"name": "debian-12"}, "recipes": {"name": "first"},
}  # fmt: skip


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory):
    """A server over a few machines, a run, recordings and a corpus; its controller does nothing."""
    with pytest.MonkeyPatch.context() as patch, desk_at(tmp_path_factory.mktemp("f")) as desk:
        patch.setenv("PATH", "/nowhere")
        patch.setattr(keeper, "REQUESTS_S", 1e9)
        patch.setattr(keeper, "REQUESTS_BURST", 1e9)
        seed(desk, 5, 20)
        with desk.store.write() as tx:
            runs.submit(tx, Run("run-1", "pages", "walk", 2, 3, 0, "queued", 1, None))
        mixed(desk)
        with answering(desk), serving(desk) as running:
            yield running


ASKED = [(o, mode) for o in OPERATIONS for mode in GenerationMode
         if mode.is_positive or o.body or o.query or o.path_parameters]  # fmt: skip


@pytest.mark.parametrize(("operation", "mode"), ASKED, ids=lambda a: getattr(a, "label", str(a)))
def test_whatever_it_is_asked_it_answers_as_it_says(fuzzed, operation, mode):
    """With what its description allows, and with what it does not, of what is there and what is not."""
    told = {"Authorization": f"Bearer {fuzzed.token()}"}

    varies = operation.body or operation.query or operation.path_parameters
    examples = 25 if varies and operation.path not in COSTLY else 2

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode), is_known=st.booleans())
    def asked(case, is_known):
        named = KNOWN.get(operation.path.split("/")[1], {}) if is_known else {}
        case.path_parameters |= {k: v for k, v in named.items() if k in case.path_parameters}
        answer = case.call(base_url=f"{fuzzed.url}{PATH}", headers=told, timeout=20)
        case.validate_response(answer, checks=CHECKS)

    asked()
