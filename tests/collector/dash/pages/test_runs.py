"""Runs: plan against what is done, what failed and how, what may be done about it and by whom."""

from __future__ import annotations

from collector.explore.graph import Edge, Place, State, stored
from collector.views import course
from infra.store import events, runs
from tests.collector.dash.recorded import RUN, ran, recorded


def met(home, recording):
    """A graph of two states, the second of them reached by a hostile name."""
    graph = stored.opened(stored.path_of(home, RUN))
    states = [State((f"demo|frame|{n}",), frozenset({n}), 1 << 20 * n) for n in range(2)]
    for number, state in enumerate(states):
        graph.met(state, Place(recording, number))
    graph.led(Edge(0, 1, "click", "<script>pwned()</script>"))


def test_before_any_run_the_page_says_what_to_do(served):
    with served.client() as peer:
        assert "trawl run submit" in peer.get("/runs").text


def test_a_run_tells_plan_failures_and_states(desk, served):
    recorded(desk, "ep-1", "ep-2")
    met(desk.settings.home, "ep-1")
    ran(desk, ("ep-1", "completed", ""), ("ep-2", "tainted", "no answer <b>in time</b>"), planned=5)
    with served.client() as peer:
        assert RUN in peer.get("/runs").text
        page = peer.get(f"/runs/{RUN}").text
        assert "2/5" in page
        assert "no answer &lt;b&gt;in time&lt;/b&gt;" in page
        assert 'href="/trajectories/ep-2"' in page
        graph = peer.get(f"/runs/{RUN}/graph").text
        assert "2 states and 1 ways" in graph
        assert "<script>pwned" not in graph
        assert "/trajectories/ep-1?step=0#step=0" in graph
        assert peer.get("/runs/run-9").status_code == 404
        assert peer.get("/runs/run-9/graph").status_code == 404


def test_a_run_tells_what_replaced_machines_cost_it(desk, served):
    ran(desk, ("ep-1", "completed", ""))
    now_ns = desk.clock.now_ns()
    states = [
        (1, "RESUMING", "PARKED", f"leased to {RUN}", "a"), (3, "DIRTY", "BUSY", "it is <b>slow</b>", "a"),
        (7, "PARKED", "STARTING", "started", "b"),
    ]  # fmt: skip
    with served.client() as peer:
        assert "No machine of this run was given up" in peer.get(f"/runs/{RUN}").text
        with desk.store.write() as tx:
            for after_ms, state, before, reason, machine in states:
                events.add(tx, now_ns + after_ms * 1_000_000, "machine.state", machine, reason,
                           state=state, before=before, pool="ubuntu")  # fmt: skip
        page = peer.get(f"/runs/{RUN}").text
    assert "it is &lt;b&gt;slow&lt;/b&gt;" in page
    assert "of empty seats" in page


def test_states_are_counted_over_the_time_that_they_were_met_in(desk):
    recorded(desk, "ep-1", grounded=False)
    met(desk.settings.home, "ep-1")
    ran(desk, ("ep-1", "completed", ""))
    with desk.store.read() as tx:
        told = course.shown(tx, desk.settings.home, RUN, desk.clock.now_ns())
    assert [count for _, count in told["novelty"]["points"]] == [1, 2]
    assert told["pace"]["steps"] == 3
    assert told["by_status"] == {"completed": 1}
    assert told["failures"] == []


def test_the_pace_is_steps_by_time_and_adds_up():
    at_ns = [n * 30_000_000_000 for n in range(41)]
    pace = course.pace(at_ns)
    assert round(pace["per_min"]) == 2
    step_min = pace["points"][1][0] - pace["points"][0][0]
    assert round(sum(per_min for _, per_min in pace["points"]) * step_min) == 41


def test_an_operator_cancels_and_retries_and_a_viewer_does_neither(desk, served):
    ran(desk, ("ep-1", "failed", "it broke"), planned=2)
    with served.client("viewer") as peer:
        assert peer.post(f"/runs/{RUN}/cancel").status_code == 403
    with served.client("operator") as peer:
        asked = peer.post(f"/runs/{RUN}/cancel")
        assert (asked.status_code, f'value="{RUN}"' in asked.text) == (200, True)
        with desk.store.read() as tx:
            assert runs.get(tx, RUN).status == "running"
        meant = {"confirm": RUN, "reason": "enough"}
        assert peer.post(f"/runs/{RUN}/cancel", data=meant).status_code == 303
        with desk.store.read() as tx:
            assert runs.get(tx, RUN).status == "cancelled"
        assert peer.post(f"/runs/{RUN}/retry").status_code == 303
        assert peer.post(f"/runs/{RUN}/retry").status_code == 409
    with desk.store.read() as tx:
        assert runs.get(tx, RUN).status == "queued"
        noted = [(event.kind, event.reason) for event in events.newest(tx, 9, kind="audit")]
    assert noted == [("audit.run.cancel", "enough"), ("audit.run.retry", "")]
