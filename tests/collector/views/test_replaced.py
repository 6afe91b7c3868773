"""What replaced machines cost a run: told from the log, whoever else the pool serves."""

from __future__ import annotations

import pytest

from collector.views import replaced
from infra.store import Store, events
from infra.store.rows import Event, Run

S = 1_000_000_000
RUN = Run("run-1", "web", "walk", 2, 3, 0, "completed", 0, 100 * S)


def change(at_s, machine, state, before, reason="", pool="web"):
    payload = {"state": state, "before": before, "pool": pool}
    return Event(at_s, at_s * S, "machine.state", machine, reason, payload)


def leased(at_s, machine, run="run-1"):
    return change(at_s, machine, "RESUMING", "PARKED", f"leased to {run}")


def given_up(at_s, machine, reason, state="DIRTY", **more):
    return change(at_s, machine, state, "BUSY", reason, **more)


def comes(at_s, machine, **more):
    return change(at_s, machine, "PARKED", "STARTING", "started", **more)


def told(*changes, until_s=100):
    return replaced.told(changes, RUN, until_s * S)


def test_a_seat_is_empty_until_the_next_new_machine_rests():
    found = told(leased(1, "a"), given_up(10, "a", "episode completed"), comes(14, "b"))
    assert found == {
        "machines": 1, "lost_s": 4.0,
        "reasons": [{"reason": "episode completed", "machines": 1, "lost_s": 4.0}],
    }  # fmt: skip


def test_reasons_that_differ_in_figures_are_one_and_the_dearest_stands_first():
    found = told(
        leased(1, "a"), leased(1, "b"), leased(1, "c"),
        given_up(10, "a", "it holds 612 MiB of its own"), comes(20, "d"),
        given_up(30, "b", "its process is gone", "LOST"), comes(31, "e"),
        given_up(40, "c", "it holds 999 MiB of its own"), comes(45, "f"),
    )  # fmt: skip
    assert [(row["reason"], row["machines"], row["lost_s"]) for row in found["reasons"]] == [
        ("it holds … MiB of its own", 2, 15.0), ("its process is gone", 1, 1.0),
    ]  # fmt: skip


def test_what_nobody_came_for_costs_until_the_run_ends():
    assert told(leased(1, "a"), given_up(90, "a", "episode completed"))["lost_s"] == 10.0


def test_a_lost_machine_that_is_cleaned_away_later_is_one():
    lost, cleaned = given_up(10, "a", "it is gone", "LOST"), change(11, "a", "DIRTY", "LOST")
    assert told(leased(1, "a"), lost, cleaned, comes(12, "b"))["machines"] == 1


def test_other_runs_and_pools_and_machines_that_rest_again_cost_this_run_nothing():
    others = (
        leased(1, "a", "run-2"), given_up(5, "a", "episode completed"),
        leased(2, "b"), change(8, "b", "PARKED", "BUSY", "episode completed"),
        given_up(9, "c", "episode completed", pool="ubuntu"), comes(50, "d"),
    )  # fmt: skip
    assert told(*others)["machines"] == 0


def test_who_comes_takes_the_seat_that_was_left_first():
    found = told(
        leased(1, "a", "run-2"), leased(1, "b"), given_up(10, "a", "it slept"),
        given_up(20, "b", "it slept"), comes(30, "c"), comes(41, "d"),
    )  # fmt: skip
    assert (found["machines"], found["lost_s"]) == (1, 21.0)


@pytest.mark.parametrize("most", [1, 3])
def test_events_between_two_times_are_the_last_of_one_kind(tmp_path, most):
    with Store(tmp_path / "trawl.db") as store:
        with store.write() as tx:
            for at_ns in range(10):
                events.add(tx, at_ns, "machine.state", "m", state="BUSY")
                events.add(tx, at_ns, "machine.states", "m")
        with store.read() as tx:
            found = events.between(tx, "machine.state", 2, 6, most)
            assert [e.at_ns for e in found] == list(range(7 - most, 7))
            assert found == events.newest(tx, 20, kind="machine.state")[7 - most : 7]
            assert events.between(tx, "machine.state", 20, 30, most) == []
