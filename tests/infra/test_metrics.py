"""What is measured: every series exists from the start, and no more ever come."""

from __future__ import annotations

import re

import pytest

from infra.clock import FakeClock
from infra.metrics import OTHER, STATES, Metrics
from tests.house.source import ROOT

KINDS = ("fake", "ubuntu", "web")
WORD = re.compile(r"[A-Za-z_]+")


@pytest.fixture
def metrics():
    return Metrics(KINDS, FakeClock())


def series(metrics):
    return [sample for family in metrics.registry.collect() for sample in family.samples]


def value(metrics, name, **labels):
    return metrics.registry.get_sample_value(name, labels)


def test_every_value_of_every_label_is_zero_from_the_start(metrics):
    first = [s for s in series(metrics) if s.name != "trawl_reconcile_lag_seconds"]
    assert {s.value for s in first} == {0.0}
    states = {s.labels["state"] for s in first if s.name == "trawl_machines"}
    kinds = {s.labels["kind"] for s in first if s.name == "trawl_machines"}
    assert (states, kinds) == ({*STATES, OTHER}, {*KINDS, OTHER})


def test_names_are_ours_and_end_in_their_unit(metrics):
    counts = {"machines", "machines_desired", "machines_overdue", "leases", "queue_depth", "unpublished_episodes",
              "hypervisor_calls_hung"}  # fmt: skip
    for family in metrics.registry.collect():
        name = family.name.removeprefix("trawl_")
        assert name != family.name
        assert family.type == "counter" or name in counts or name.endswith(("_seconds", "_bytes"))


def test_a_label_value_that_nobody_foresaw_makes_no_new_series(metrics):
    before = len(series(metrics))
    hostile = 'web"} 1\ntrawl_machines{kind="x'
    metrics.machines(hostile, "PARKED").set(2)
    metrics.episodes("web", "http://user:word@host/").inc()
    metrics.machine_transitions("PARKED", "6f1c5a0e").inc()
    assert len(series(metrics)) == before
    assert value(metrics, "trawl_machines", kind=OTHER, state="PARKED") == 2
    assert value(metrics, "trawl_episodes_total", kind="web", outcome=OTHER) == 1
    for sample in series(metrics):
        words = [v for key, v in sample.labels.items() if key not in {"le", "image"}]
        assert all(WORD.fullmatch(word) for word in words)


def test_too_few_label_values_are_a_mistake_that_is_told(metrics):
    with pytest.raises(ValueError, match="argument 2"):
        metrics.machines("web")


def test_only_a_pass_that_gets_through_ends_the_lag():
    clock = FakeClock()
    metrics = Metrics(KINDS, clock)
    clock.sleep(70)
    with pytest.raises(RuntimeError), metrics.one_pass():
        raise RuntimeError
    assert value(metrics, "trawl_reconcile_lag_seconds") == 70
    with metrics.one_pass():
        clock.sleep(3)
    clock.sleep(2)
    assert value(metrics, "trawl_reconcile_lag_seconds") == 2
    assert value(metrics, "trawl_reconcile_seconds_sum") == 3
    assert value(metrics, "trawl_reconcile_seconds_count") == 1


def test_two_registries_know_nothing_of_each_other(metrics):
    metrics.db_busy().inc()
    assert value(Metrics(KINDS, FakeClock()), "trawl_db_busy_total") == 0
    assert b"trawl_db_busy_total 1.0" in metrics.exposition()


def test_the_table_of_the_paper_is_what_is_exported(metrics):
    paper = (ROOT / "infra" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(trawl_\w+)` \| (\w+) \| (.*?) \|", paper, flags=re.MULTILINE)
    told = {name: (kind, tuple(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}
    exported = {}
    for family in metrics.registry.collect():
        name = family.name + ("_total" if family.type == "counter" else "")
        labels = tuple(key for key in family.samples[0].labels if key != "le")
        exported[name] = (family.type, labels)
    assert told == exported
