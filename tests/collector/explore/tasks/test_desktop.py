"""Tasks in the desktop's programs, each on a fresh fork: reached, missed untouched, missed by a slip.

Two are played in every run of the suite; `TRAWL_TASKS=all` plays all of them, and
`TRAWL_TASKS=ID,ID` those.
"""

from __future__ import annotations

import os

import pytest

from collector.explore.tasks.catalogue import TASKS
from tests.collector.explore.tasks.driving import play
from tests.collector.explore.tasks.wrong import DESKTOP

pytestmark = [pytest.mark.machine, pytest.mark.timeout(900)]
IDS = sorted(task.id for task in TASKS.values() if task.family == "desktop")
ALWAYS = ["galculator-product", "geany-append"]
"""The others take minutes under emulation, all together: only played where it is asked for."""


def chosen() -> list[str]:
    """The tasks to play, two unless the environment says otherwise."""
    wanted = os.environ.get("TRAWL_TASKS", "")
    if wanted == "all":
        return IDS
    if wanted:
        return wanted.split(",")
    return ALWAYS


@pytest.mark.parametrize("task", chosen())
def test_a_task_is_reached_as_meant_and_missed_untouched(machine, task):
    played = play(machine(), task)
    assert not played.untouched.ok, played
    assert played.end.ok, played


@pytest.mark.parametrize("task", chosen())
def test_a_plausible_wrong_run_is_missed(machine, task):
    played = play(machine(), task, slip=DESKTOP[task])
    assert not played.untouched.ok, played
    assert not played.lost, played
    assert not played.end.ok, played
