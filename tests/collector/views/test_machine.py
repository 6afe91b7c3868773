"""A machine's life is told from its events: what it was, from when to when, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.fleet import query
from collector.views import event, fleet, machine
from infra.errors import NotFound
from infra.settings import Settings
from infra.store import Store, events, hosts, leases, machines, pools, runs
from infra.store.rows import Host, Machine, Pool, Run

S = 1_000_000_000
NOW = 1_700_000_000 * S


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "trawl.db")
    with made.write() as tx:
        pools.want(tx, [Pool("p", "ubuntu", "debian-12", 2)], NOW - 100 * S)
        hosts.report(tx, Host("here", NOW - S, 2, 1 << 30, 1 << 30))
        machines.add(tx, Machine("u1", "m1", "p", "ubuntu", "debian-12", "RUNNING", "STARTING", "wanted",
                                 NOW - 90 * S, NOW - 30 * S, NOW, 1, 0, 0, "here", born_ns=NOW - 90 * S))  # fmt: skip
        first = machines.move(tx, machines.get(tx, "m1"), "PARKED", "it is alive", NOW - 60 * S)
        leases.acquire(tx, "l1", "u1", "run-1", at_ns=NOW - 20 * S, until_ns=NOW + 10 * S)
        machines.move(tx, machines.get(tx, first.name), "BUSY", "it is driven", NOW - 20 * S,
                      deadline_ns=NOW - 5 * S)  # fmt: skip
    return made


def test_its_states_follow_each_other_up_to_now(store: Store) -> None:
    with store.read() as tx:
        life = machine.life(tx, "m1", NOW)
    told = [(s["state"], s["reason"], (s["to_ns"] - s["from_ns"]) // S) for s in life["states"]]
    assert told == [
        ("STARTING", "wanted", 30),
        ("PARKED", "it is alive", 40),
        ("BUSY", "it is driven", 20),
    ]
    assert life["late_s"] == 5
    assert life["lease"]["holder"] == "run-1"
    assert [e["kind"] for e in life["events"]] == ["lease.acquired"]


def test_of_a_long_life_the_last_events_are_told_oldest_first(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "EVENTS", 2)
    with store.read() as tx:
        told = machine.show(tx, tmp_path, "m1", NOW)["events"]
    assert [e["kind"] for e in told] == ["lease.acquired", "machine.state"]
    assert told[-1]["state"] == "BUSY"


def test_a_machine_that_is_not_there_is_not_told(store: Store) -> None:
    with store.read() as tx, pytest.raises(NotFound, match="m2"):
        machine.life(tx, "m2", NOW)


def test_the_board_says_who_drives_and_a_query_means_some(store: Store) -> None:
    with store.read() as tx:
        rows = machine.board(tx, NOW)
        assert [row["name"] for row in machine.listed(tx, NOW, query.parse("state:busy"))] == ["m1"]
        assert machine.listed(tx, NOW, query.parse("-state:busy")) == []
    assert [(row["holder"], row["late_s"]) for row in rows] == [("run-1", 5.0)]


def test_the_overview_counts_what_is_there_against_what_is_wanted(
    store: Store, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path, cache=tmp_path, disk_floor_bytes=1)
    with store.read() as tx:
        seen = fleet.overview(tx, settings, NOW)
    assert (seen["machines"], seen["wanted"], seen["at_once"]) == (1, 2, 2)
    assert seen["states"]["BUSY"] == 1
    assert [need["state"] for need in seen["needs"]] == ["BUSY"]


def test_events_are_found_by_kind_by_a_machines_name_and_before_another(store: Store) -> None:
    with store.read() as tx:
        every = event.page(tx, most=10)
        assert [e["kind"] for e in event.page(tx, most=10, kind="lease")] == ["lease.acquired"]
        mine = event.page(tx, most=10, subject="m1")
        older = event.page(tx, most=10, before=mine[0]["id"])
    assert {e["name"] for e in mine} == {"m1"}
    assert [e["id"] for e in every] == sorted((e["id"] for e in every), reverse=True)
    assert all(e["id"] < mine[0]["id"] for e in older)


def test_the_steps_of_the_last_hour_are_counted_by_the_minute(tmp_path: Path) -> None:
    with Store(tmp_path / "trawl.db") as store:
        with store.write() as tx:
            for ago_s in (9_000, 3_000, 61, 59, 30, 1):
                events.add(tx, NOW - ago_s * S, "step.committed", "run-1")
                events.add(tx, NOW - ago_s * S, "episode.ended", "run-1")
        with store.read() as tx:
            steps = fleet.overview(tx, Settings(home=tmp_path, cache=tmp_path), NOW)["steps"]
    assert (len(steps), steps[-1], steps[-2], sum(steps)) == (60, 3, 1, 5)


def test_its_last_episode_is_told_with_the_seconds_of_its_steps(store: Store) -> None:
    with store.write() as tx:
        runs.submit(tx, Run("run-1", "p", "walk", 2, 9, 0, "queued", NOW - 50 * S, None))
        driven = runs.claim(tx, ["p"], "ep-1", NOW - 40 * S)
        assert driven is not None
        runs.machine_of(tx, driven, "u1")
        for steps, ago_s in ((1, 30), (2, 28), (3, 23)):
            runs.step(tx, driven, steps, NOW - ago_s * S, "click")
    with store.read() as tx:
        episode = machine.life(tx, "m1", NOW)["episode"]
    assert (episode["run"], episode["status"], episode["steps"]) == ("run-1", "running", 3)
    assert episode["steps_s"] == [2, 5]
