"""Every task on our own sites, played in one real browser: reached, missed untouched, missed by a slip."""

from __future__ import annotations

import pytest

from collector.explore.tasks.catalogue import TASKS
from envs.web import open_web
from tests.collector.explore.tasks.driving import play
from tests.collector.explore.tasks.wrong import WEB

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
IDS = sorted(task.id for task in TASKS.values() if task.family == "web")
CHINESE = IDS[::6]


@pytest.fixture(scope="module")
def browser():
    env = open_web(start="shop", seed=11)
    yield env
    env.close()


@pytest.fixture(scope="module")
def chinese():
    env = open_web(start="shop", seed=5, locale="zh-CN")
    yield env
    env.close()


@pytest.mark.parametrize("task", IDS)
def test_a_task_is_reached_as_meant_and_missed_untouched(browser, task):
    played = play(browser, task)
    assert not played.untouched.ok, played
    assert played.end.ok, played


@pytest.mark.parametrize("task", IDS)
def test_a_plausible_wrong_run_is_missed(browser, task):
    played = play(browser, task, slip=WEB[task])
    assert not played.lost, played
    assert not played.end.ok, played


@pytest.mark.parametrize("task", CHINESE)
def test_a_task_is_reached_on_a_chinese_page(chinese, task):
    played = play(chinese, task, seed=3)
    assert not played.untouched.ok, played
    assert played.end.ok, played
