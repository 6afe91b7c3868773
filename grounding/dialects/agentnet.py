"""AgentNet: one trajectory a line, each step with its code, observation, thought and action.

A step this dialect cannot say ends the line before it: a gap would teach a jump. What follows is
left out, since a goal would then begin in its middle; a line that was cut completes no task. No
terminate is invented; scores are null, since nobody judged. `last_step_correct` and
`last_step_redundant` judge the step they stand in, as the published files do.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from grounding.dialects.code import emit
from grounding.dialects.shared import Exported, image_name
from grounding.dialects.vocabulary import AGENTNET, Inexpressible, Vocabulary


def export(trajectory: dict[str, Any], words: Vocabulary = AGENTNET) -> Exported:
    """The trajectory of a goal as an AgentNet line; none where its first step cannot be said."""
    steps: list[dict[str, Any]] = []
    dropped: Counter[str] = Counter()
    screen = trajectory["screen"]
    for step in trajectory["steps"]:
        try:
            code = emit(step["action"], screen["w"], screen["h"], words)
        except Inexpressible as error:
            dropped[error.reason] += 1
            continue
        if dropped:
            dropped["after_a_gap"] += 1
        else:
            steps.append(_step(trajectory, step, len(steps), code))
    line = _line(trajectory, steps, whole=not dropped)
    return Exported((line,) if steps else (), dict(dropped))


def _line(
    trajectory: dict[str, Any], steps: list[dict[str, Any]], *, whole: bool
) -> dict[str, Any]:
    goal = trajectory["goal"]
    return {
        "task_id": trajectory["id"],
        "instruction": goal,
        "natural_language_task": goal,
        "actual_task": goal,
        "task_completed": whole and trajectory["task_completed"],
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
