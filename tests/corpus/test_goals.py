"""Goals reach the mixture: what recordings reached is taught, what they missed is counted."""

from __future__ import annotations

import json

import pytest

from corpus import build as building
from corpus import recipe
from corpus.build import Places
from envs import actions as a
from grounding.build import build
from infra.progress import Silent
from tests.grounding import episodes

RECIPE = b"""
name: goals
budget_tokens: 100000
categories: {agent: {weight: 1}}
sources:
  steps: {category: agent, reader: goals}
"""


def ended(status: str) -> tuple[tuple[a.Action, str | None], ...]:
    return (*episodes.STEPS, (a.Terminate(status), None))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> building.Built:
    """A task that was done, one that failed, and a walk, grounded and mixed."""
    home = tmp_path_factory.mktemp("home")
    episodes.record(home, "ep-done", ended("success"), goal="Save the form.")
    episodes.record(home, "ep-missed", ended("failure"), goal="Save the other form.")
    episodes.record(home, "ep-walk")
    build(home, Silent())
    places = Places(home, tmp_path_factory.mktemp("cache"), 1, 0)
    return building.build(recipe.parse(RECIPE, "r"), places, Silent())


def asked(built: building.Built) -> list[str]:
    rows = (built.root / "messages.jsonl").read_text().splitlines()
    return [json.loads(row)["messages"][1]["content"] for row in rows]


def test_every_step_of_a_goal_that_was_reached_is_asked_about(built: building.Built) -> None:
    steps = [question for question in asked(built) if "Goal: Save the form." in question]
    assert len(steps) == len(ended("success"))


def test_a_goal_that_was_missed_teaches_nothing_and_is_counted(built: building.Built) -> None:
    assert not any("Save the other form." in question for question in asked(built))
    dropped = {
        row["reason"]: row["count"] for funnel in built.stats["funnel"] for row in funnel["dropped"]
    }
    assert dropped["its goal was not reached"] == 1


def test_a_walk_is_taught_by_the_goals_it_reached_and_not_as_a_walk(built: building.Built) -> None:
    goals = [
        json.loads(line)
        for line in (built.root.parents[1] / "samples/agent/goals.jsonl").read_text().splitlines()
    ]
    said = {goal["goal"] for goal in goals if goal["episode_id"] == "ep-walk"}
    walked = {q.split("Goal: ")[1].split("\n")[0] for q in asked(built)} - {"Save the form."}
    assert walked == said
