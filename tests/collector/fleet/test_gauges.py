"""A scrape says what the store says at that moment."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from collector.fleet import tally
from collector.fleet.deadlines import SIGN_TTL_S
from collector.fleet.gauges import Gauges
from infra.clock import FakeClock
from infra.images.image import DISK, INITRD, KERNEL, Manifest, save
from infra.metrics import OTHER, STATES, Metrics
from infra.store import Store, events, leases, machines, runs
from infra.store.models import PoolTable
from infra.store.rows import LIVE, Machine, Run

S = 1_000_000_000


@pytest.fixture
def fleet(tmp_path):
    clock, store = FakeClock(), Store(tmp_path / "trawl.db")
    metrics = Metrics(("fake", "web"), clock)
    places = {"home": tmp_path, "cache": tmp_path / "not" / "yet"}
    gauges = Gauges(store, metrics, clock, places, disk_floor_bytes=5)

    def read(name, **labels):
        gauges.exposition()
        return metrics.registry.get_sample_value(f"trawl_{name}", labels)

    return SimpleNamespace(clock=clock, store=store, metrics=metrics, gauges=gauges, read=read)


def machine(clock, uuid, observed="PARKED", kind="web", deadline_ns=None):
    now = clock.now_ns()
    return Machine(uuid, f"p-{uuid}", "p", kind, "", "RUNNING", observed, "made",
                   now, deadline_ns, now, 0, 0, 0)  # fmt: skip


def add(fleet, *args, **kwargs):
    made = machine(fleet.clock, *args, **kwargs)
    with fleet.store.write() as tx:
        machines.add(tx, made)
    return made


def want(fleet, name, kind, count, image=""):
    with fleet.store.write() as tx:
        tx.add(PoolTable(name=name, kind=kind, image=image, count=count, settings={}, recycle={},
                         failures=0, not_before_ns=0))  # fmt: skip


def submit(fleet, episodes=3):
    with fleet.store.write() as tx:
        runs.submit(tx, Run("run-1", "p", "walk", episodes, 5, 0, "queued", 1, None))


def test_machines_are_counted_by_state_and_states_that_emptied_are_zero(fleet):
    first = add(fleet, "u-1")
    add(fleet, "u-2")
    assert fleet.read("machines", kind="web", state="PARKED") == 2
    with fleet.store.write() as tx:
        machines.move(tx, first, "GONE", "asked to", fleet.clock.now_ns())
    assert fleet.read("machines", kind="web", state="PARKED") == 1
    for state in STATES:
        assert fleet.read("machines", kind="fake", state=state) == 0


@pytest.mark.parametrize("state", sorted(LIVE))
def test_a_machine_that_gave_no_sign_for_too_long_is_not_exported_as_well(fleet, state):
    add(fleet, "u-1", state)
    fleet.clock.sleep(SIGN_TTL_S)
    assert fleet.read("machines", kind="web", state=state) == 1
    fleet.clock.sleep(1)
    assert fleet.read("machines", kind="web", state=state) == 0
    assert fleet.read("machines", kind="web", state="UNKNOWN") == 1


def test_a_kind_that_is_not_known_is_counted_as_other(fleet):
    add(fleet, "u-1", kind="plug-in")
    add(fleet, "u-2", kind="plug-out")
    assert fleet.read("machines", kind=OTHER, state="PARKED") == 2


def test_what_is_wanted_and_what_is_late_are_told_apart(fleet):
    want(fleet, "p", "web", 3)
    want(fleet, "q", "web", 2)
    add(fleet, "u-1", "STARTING", deadline_ns=fleet.clock.now_ns() + 60 * S)
    assert fleet.read("machines_desired", kind="web") == 5
    assert fleet.read("machines_overdue", kind="web") == 0
    fleet.clock.sleep(61)
    assert fleet.read("machines_overdue", kind="web") == 1


def test_the_age_of_a_sign_of_life_is_seen_at_each_scrape(fleet):
    add(fleet, "u-1")
    add(fleet, "u-2", "STARTING")
    fleet.clock.sleep(40)
    assert fleet.read("heartbeat_age_seconds_count") == 1
    assert fleet.read("heartbeat_age_seconds_sum") == 80
    assert fleet.read("heartbeat_age_seconds_bucket", le="30.0") == 0


def test_a_lease_is_live_then_overdue_then_expired(fleet):
    add(fleet, "u-1")
    now = fleet.clock.now_ns()
    with fleet.store.write() as tx:
        leases.acquire(tx, "l-1", "u-1", "ep-1", at_ns=now, until_ns=now + 10 * S)
    assert fleet.read("leases", state="live") == 1
    fleet.clock.sleep(11)
    assert (fleet.read("leases", state="live"), fleet.read("leases", state="overdue")) == (0, 1)
    with fleet.store.write() as tx:
        leases.release(tx, "u-1", fleet.clock.now_ns(), "BUSY took too long")
        leases.acquire(tx, "l-2", "u-1", "ep-2", at_ns=now, until_ns=now + 99 * S)
        leases.release(tx, "u-1", fleet.clock.now_ns(), "completed")
    assert fleet.read("lease_expired_total") == 1
    assert fleet.read("lease_expired_total") == 1, "and it is counted once"


def test_the_queue_is_what_waits_in_runs_that_go_on(fleet):
    submit(fleet, episodes=3)
    assert fleet.read("queue_depth") == 3
    with fleet.store.write() as tx:
        assert runs.claim(tx, ["p"], "ep-1", fleet.clock.now_ns()) is not None
    assert fleet.read("queue_depth") == 2
    with fleet.store.write() as tx:
        runs.cancel(tx, "run-1", fleet.clock.now_ns())
    assert fleet.read("queue_depth") == 0


def test_transitions_and_episodes_are_counted_from_the_log_once(fleet):
    want(fleet, "p", "web", 1)
    first = add(fleet, "u-1", "STARTING")
    submit(fleet, episodes=1)
    now = fleet.clock.now_ns()
    with fleet.store.write() as tx:
        machines.move(tx, first, "PARKED", "started", now)
        episode = runs.claim(tx, ["p"], "ep-1", now)
        runs.end(tx, episode, "completed", "", now)
    for _ in range(2):
        assert fleet.read("machine_transitions_total", **{"from": "ABSENT", "to": "STARTING"}) == 1
        assert fleet.read("machine_transitions_total", **{"from": "STARTING", "to": "PARKED"}) == 1
        assert fleet.read("episodes_total", kind="web", outcome="completed") == 1


def test_a_step_is_counted_with_the_outcome_that_its_event_names(fleet):
    want(fleet, "p", "web", 1)
    submit(fleet)
    with fleet.store.write() as tx:
        events.add(tx, 1, "step.committed", "run-1", "click", outcome="applied")
        events.add(tx, 1, "step.committed", "run-1", "click")
        events.add(tx, 1, "step.committed", "run-0", "click", outcome="applied")
    assert fleet.read("steps_total", kind="web", outcome="applied") == 1
    assert fleet.read("steps_total", kind="web", outcome=OTHER) == 1
    assert fleet.read("steps_total", kind=OTHER, outcome="applied") == 1


def test_what_happened_before_this_process_is_not_counted_again(fleet, tmp_path):
    add(fleet, "u-1", "STARTING")
    later = Metrics(("web",), fleet.clock)
    Gauges(fleet.store, later, fleet.clock, {}, 0).exposition()
    assert later.registry.get_sample_value(
        "trawl_machine_transitions_total", {"from": "ABSENT", "to": "STARTING"}) == 0  # fmt: skip


def test_a_log_longer_than_one_scrape_reads_is_a_lag_and_is_caught_up(fleet, monkeypatch):
    monkeypatch.setattr(tally, "AT_ONCE", 2)
    monkeypatch.setattr(tally, "BATCHES", 1)
    with fleet.store.write() as tx:
        for _ in range(3):
            events.add(
                tx, fleet.clock.now_ns(), "machine.state", "u-1", state="LOST", before="BUSY"
            )
    fleet.clock.sleep(7)
    assert fleet.read("event_lag_seconds") == 7
    assert fleet.read("event_lag_seconds") == 0
    assert fleet.read("machine_transitions_total", **{"from": "BUSY", "to": "LOST"}) == 3


@pytest.fixture
def built(tmp_path):
    images = tmp_path / "not" / "yet" / "images"

    def build(clock, name):
        files = dict.fromkeys((DISK, KERNEL, INITRD), "0" * 64)
        made = Manifest(name, "0" * 64, clock.now_ns(), "1", name, "", "", files, {})
        (images / f"{name}-{clock.now_ns()}").mkdir(parents=True)
        save(images / f"{name}-{clock.now_ns()}", made)

    return build


def test_an_image_that_a_pool_wants_ages_until_it_is_built_again(fleet, built):
    assert fleet.read("image_age_seconds", image="debian-12") == 0
    built(fleet.clock, "debian-12")
    built(fleet.clock, "ubuntu-24.04")
    fleet.clock.sleep(70)
    assert fleet.read("image_age_seconds", image="debian-12") == 0, "no pool wants it"
    want(fleet, "p", "ubuntu", 2, image="debian-12")
    assert fleet.read("image_age_seconds", image="debian-12") == 70
    assert fleet.read("image_age_seconds", image="ubuntu-24.04") == 0
    built(fleet.clock, "debian-12")
    fleet.clock.sleep(1)
    assert fleet.read("image_age_seconds", image="debian-12") == 1


def test_an_image_that_is_not_there_or_not_known_has_no_age(fleet):
    want(fleet, "p", "ubuntu", 2, image="debian-12")
    want(fleet, "q", "ubuntu", 2, image="mine")
    assert fleet.read("image_age_seconds", image="debian-12") == 0
    assert fleet.read("image_age_seconds", image=OTHER) == 0


def test_free_disk_is_told_beside_its_floor_also_where_nothing_is_yet(fleet):
    assert fleet.read("disk_free_bytes", role="home") > 0
    assert fleet.read("disk_free_bytes", role="cache") > 0
    assert fleet.read("disk_floor_bytes") == 5
