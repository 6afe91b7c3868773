"""The conformance suite passes an honest machine and catches each kind of dishonest one."""

from __future__ import annotations

import json

import pytest

from envs import conformance
from envs.base import Env
from envs.conformance import Report
from envs.fake import NAMED, FakeEnv, Faults, fake
from envs.registry import open_env
from infra.clock import FakeClock
from infra.errors import Unavailable


def checked(fault: str = "") -> Report:
    clock = FakeClock()
    return conformance.check("fake", lambda: fake(faults=fault, clock=clock), clock)


def test_the_fake_machine_passes_every_check() -> None:
    report = checked()
    assert report.failures() == []
    assert report.ok
    assert report.counts["skipped"] == 0
    assert report.counts["passed"] == 1 + len(conformance.names())
    assert 50 <= len(conformance.names()) <= 80


@pytest.mark.parametrize(
    ("fault", "caught_by"),
    [
        ("hang", "screen_shows_something"),
        ("death", "screen_shows_something"),
        ("loses-outcomes", "act_reports_what_happened"),
        ("repeats-steps", "act_happens_once_per_step"),
        ("ignores-fences", "act_refuses_an_older_fence"),
        ("deaf", "write_types_every_key"),
        ("lying-boxes", "tree_agrees_with_the_hit_test"),
        ("never-stable", "tree_repeats_while_nothing_happens"),
        ("restless-screen", "screen_repeats_while_nothing_happens"),
        ("blank-screen", "screen_shows_something"),
        ("wrong-size", "screen_has_the_declared_size"),
        ("garbles-files", "files_come_back_as_they_went"),
        ("forgets-checkpoints", "checkpoint_goes_back"),
    ],
)
def test_each_fault_that_breaks_a_promise_is_caught_by_name(fault: str, caught_by: str) -> None:
    assert caught_by in {result.name for result in checked(fault).failures()}


def test_what_the_boundary_mends_is_no_failure() -> None:
    clock = FakeClock()
    faults = Faults(
        negative_boxes=True,
        outside_boxes=True,
        cycle=True,
        duplicate_ids=True,
        orphans=True,
        surrogates=True,
        endless_text=True,
        late_s=2.0,
    )
    report = conformance.check("fake", lambda: fake(faults=faults, clock=clock), clock)
    assert report.failures() == []


def test_every_fault_is_one_of_these_tests() -> None:
    assert set(NAMED) >= {"hang", "death", "late", "million-nodes"}
    assert len(NAMED) == 23


def test_a_machine_that_does_not_open_is_one_failed_check() -> None:
    def refuse() -> Env:
        raise Unavailable("no room")

    report = conformance.check("gone", refuse, FakeClock())
    assert not report.ok
    assert [(r.name, r.outcome) for r in report.results] == [("opens", "failed")]


def test_a_check_is_skipped_only_for_what_the_machine_says_it_lacks() -> None:
    import dataclasses

    clock = FakeClock()
    env = fake(clock=clock)
    env.capabilities = dataclasses.replace(env.capabilities, checkpoint=False, install=False)
    report = conformance.check("fake", lambda: env, clock)
    assert report.ok
    skipped = {r.name: r.detail for r in report.results if r.outcome == "skipped"}
    assert len(skipped) == 5
    assert all(detail.startswith("this machine") for detail in skipped.values())


def test_a_report_is_one_json_document() -> None:
    record = json.loads(json.dumps(checked().as_record()))
    assert record["ok"] is True
    assert record["info"]["stand_in"] is True
    assert {"name", "outcome", "seconds", "detail"} == set(record["checks"][0])


def test_the_fake_is_opened_by_name_like_any_other() -> None:
    env = open_env("fake", seed=4, width=800, height=600)
    assert isinstance(env, FakeEnv)
    assert env.info.stand_in
    env.close()
