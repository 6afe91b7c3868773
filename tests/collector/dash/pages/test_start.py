"""A run is started from a form: as the command line would, by an operator, without a script."""

from __future__ import annotations

import re

import pytest

from infra.store import events, runs
from tests.collector.dash.answering import answering

WANTS = {"pool": "pages", "explorer": "walk=2,tree=1", "episodes": "3", "steps": "7", "seed": "5"}


def planned(desk):
    with desk.store.read() as tx:
        return runs.listed(tx)


def test_an_operator_starts_a_run_and_comes_to_its_page(desk, served, seeded):
    seeded(machines=2)
    with answering(desk), served.client("operator") as peer:
        assert 'href="/runs/new"' in peer.get("/runs").text
        form = peer.get("/runs/new?pool=pages").text
        assert re.search(r'value="pages" selected', form)
        assert "No controller" not in form
        done = peer.post("/runs", data=WANTS)
        assert done.status_code == 303
        assert peer.get(done.headers["location"]).status_code == 200
    (run,) = planned(desk)
    assert done.headers["location"] == f"/runs/{run.id}"
    assert (run.pool, run.explorer, run.episodes, run.steps, run.seed) == (
        "pages", "walk=2,tree=1", 3, 7, 5,
    )  # fmt: skip
    with desk.store.read() as tx:
        (noted,) = events.newest(tx, 9, kind="audit.run")
    assert (noted.kind, noted.subject, noted.payload["by"]) == (
        "audit.run.submit", run.id, "the operator",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "status", "says"),
    [
        ({"explorer": "walkk"}, 404, "walk"),
        ({"explorer": "walk=<b>"}, 400, "walk=&lt;b&gt;"),
        ({"pool": "page"}, 404, "pages"),
    ],
)
def test_what_does_not_go_is_said_beside_the_form_which_stays_filled(
    desk, served, seeded, wrong, status, says
):
    seeded(machines=2)
    with answering(desk), served.client() as peer:
        told = peer.post("/runs", data=WANTS | wrong)
    assert told.status_code == status
    assert says in told.text
    assert 'name="steps" type="number" min="1" max="10000" value="7"' in told.text
    assert planned(desk) == []


def test_numbers_out_of_bounds_are_refused(desk, served, seeded):
    seeded(machines=2)
    with answering(desk), served.client() as peer:
        for wrong in ({"episodes": "0"}, {"steps": "10001"}, {"seed": "one"}, {"more": "1"}):
            assert peer.post("/runs", data=WANTS | wrong).status_code == 422
    assert planned(desk) == []


def test_without_a_controller_the_form_says_so_and_no_run_is_taken(desk, served, seeded):
    seeded(machines=2)
    with served.client() as peer:
        assert "No controller is running" in peer.get("/runs/new").text
        assert peer.post("/runs", data=WANTS).status_code == 503
    assert planned(desk) == []


def test_without_a_pool_the_form_says_what_to_do(served):
    with served.client() as peer:
        assert "trawl fleet up --file fleet.toml" in peer.get("/runs/new").text


def test_who_may_only_look_starts_nothing(desk, served, seeded):
    seeded(machines=2)
    with answering(desk), served.client("annotator") as peer:
        assert 'href="/runs/new"' not in peer.get("/runs").text
        assert peer.get("/runs/new").status_code == 403
        assert peer.post("/runs", data=WANTS).status_code == 403
        foreign = {"Sec-Fetch-Site": "cross-site"}
    with answering(desk), served.client("operator") as peer:
        assert peer.post("/runs", data=WANTS, headers=foreign).status_code == 403
    assert planned(desk) == []
