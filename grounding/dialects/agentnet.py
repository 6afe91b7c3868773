"""AgentNet: one trajectory a line, each step with its code, observation, thought and action.

A step this dialect cannot say ends the line before it: a gap would teach a jump. What follows is
a line of its own where the goal is no more than to explore, and is left out where it is a task
that would then begin in its middle. No terminate is invented; scores are null, since nobody
judged. `last_step_correct` and `last_step_redundant` judge the step they stand in, as the
published files do.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from grounding.dialects.code import emit
from grounding.dialects.shared import Exported, image_name
from grounding.dialects.vocabulary import AGENTNET, Inexpressible, Vocabulary

FEWEST_STEPS: Final = 2
"""Of what follows a gap in an exploration; a goal that one step reaches is a line."""


def export(trajectory: dict[str, Any], words: Vocabulary = AGENTNET) -> Exported:
    """The trajectory as AgentNet lines; none where too few steps in a row can be said."""
    runs: list[list[dict[str, Any]]] = [[]]
    dropped: Counter[str] = Counter()
    screen = trajectory["screen"]
    for step in trajectory["steps"]:
        try:
            code = emit(step["action"], screen["w"], screen["h"], words)
        except Inexpressible as error:
            dropped[error.reason] += 1
            runs.append([])
            continue
        runs[-1].append(_step(trajectory, step, len(runs[-1]), code))
    if trajectory.get("goal_source") != "template":
        dropped["after_a_gap"] += sum(map(len, runs[1:]))
        del runs[1:]
    fewest = FEWEST_STEPS if trajectory.get("goal_source") == "template" else 1
    dropped["too_short"] += sum(len(run) for run in runs if len(run) < fewest)
    long = [(n, run) for n, run in enumerate(runs) if len(run) >= fewest]
    rows = tuple(_line(trajectory, n, run, last=n == len(runs) - 1) for n, run in long)
    return Exported(rows, {reason: count for reason, count in dropped.items() if count})


def _line(
    trajectory: dict[str, Any], number: int, steps: list[dict[str, Any]], *, last: bool
) -> dict[str, Any]:
    goal = trajectory["goal"]
    ending = trajectory["steps"][-1]["action"]
    done = last and trajectory["terminal"] == "explicit" and number == 0
    completed = ending["args"].get("status") == "success" if done else None
    if last and number == 0 and "task_completed" in trajectory:
        completed = trajectory["task_completed"]
    return {
        "task_id": trajectory["id"] if number == 0 else f"{trajectory['id']}.{number}",
        "instruction": goal,
        "natural_language_task": goal,
        "actual_task": goal,
        "task_completed": completed,
        "alignment_score": None,
        "efficiency_score": None,
        "task_difficulty": None,
        "reason": "",
        "traj": steps,
    }


def _step(
    trajectory: dict[str, Any], step: dict[str, Any], index: int, code: str
) -> dict[str, Any]:
    return {
        "index": index,
        "image": image_name(trajectory["id"], step["index"]),
        "value": {
            "code": code,
            "observation": step["observation"],
            "thought": step["thought"],
            "action": step["action_text"],
            "last_step_correct": step["outcome"] == "applied",
            "last_step_redundant": not step["did_anything"],
            "reflection": step.get("reflection", ""),
        },
    }
