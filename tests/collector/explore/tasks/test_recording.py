"""What a recording says of a task: its goal in both languages, the intents, and the verdict."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from collector.collect import Collector
from collector.episode import Pace, header_for, run_episode
from collector.episode.header import Order
from collector.explore.start import Start
from collector.explore.tasks import Tasks
from envs.actions import Terminate
from envs.recording.reader import find, read
from envs.recording.writer import Recorder
from envs.web import open_web
from infra.clock import SystemClock
from infra.ids import RandomIds
from infra.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
CLOCK, IDS = SystemClock(), RandomIds()
QUICK = Pace(tries=2, between_s=0.05, reaction_s=0.15, gap_s=0.05, settle_s=1.0)


@pytest.fixture(scope="module")
def browser():
    env = open_web(start="shop", seed=11)
    yield env
    env.close()


def recorded(env, home, task, steps):
    policy = Tasks(Start(4, "web", steps=steps), only=task)
    policy.prepare(env, 1, IDS)
    header = header_for(env, policy, Order(4, fence=1, goal=policy.goal), IDS, CLOCK)
    run_episode(env, policy, Recorder(home, header, CLOCK), CLOCK, steps, lambda: False, pace=QUICK)
    return read(find(home, header.episode_id))


def test_a_goal_that_is_reached_ends_in_success_with_the_reason(browser, tmp_path):
    found = recorded(browser, tmp_path, "shop-search", 20)
    assert found.header.goal.startswith("Search the shop for")
    assert found.header.parameters["task"] == "shop-search"
    assert found.header.parameters["goals"]["zh"].startswith("在商店里搜索")
    last = found.steps[-1]
    assert (last.action.name, last.action.status) == ("terminate", "success")
    assert last.result.outcome == "applied"
    assert "search as asked" in last.why
    assert all(step.why for step in found.steps)
    assert (found.close.status, found.close.reason) == ("completed", last.why)


def test_a_goal_for_which_there_were_too_few_steps_ends_in_failure(browser, tmp_path):
    found = recorded(browser, tmp_path, "apply-check", 4)
    last = found.steps[-1]
    assert len(found.steps) == 4
    assert (last.action.name, last.action.status) == ("terminate", "failure")
    assert found.close.reason.startswith("the goal is missed")


def test_a_machine_without_our_sites_has_no_task(tmp_path):
    env = open_web(start="http://shop.test/?seed=1")
    try:
        found = recorded(env, tmp_path, "", 5)
    finally:
        env.close()
    assert found.steps == ()
    assert found.close.reason == "no task fits this machine"


def test_a_run_with_the_explorer_tasks_records_a_goal_and_its_verdict(browser, tmp_path):
    work = SimpleNamespace(
        run=SimpleNamespace(id="run-1", explorer="tasks", seed=1, steps=40, pool="web"),
        episode=SimpleNamespace(number=0, recording="ep-1"),
        machine=SimpleNamespace(kind="web"),
        lease=SimpleNamespace(fence=2),
    )
    collect = Collector(Settings(home=tmp_path), CLOCK)
    ended = collect(work, browser, lambda *_: None, lambda: False)
    found = read(find(tmp_path, "ep-1"))
    assert ended.status == "completed"
    assert found.header.explorer == "tasks"
    assert found.header.goal == found.header.parameters["goals"]["en"]
    assert found.steps[-1].action == Terminate("success"), found.close.reason
