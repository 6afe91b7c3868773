"""AgentNet: one trajectory a line, each step with its code, observation, thought and action.

A step this dialect cannot say ends the trajectory before it: a gap would teach a jump. No
terminate is invented; scores are null, since nobody judged. `last_step_correct` and
`last_step_redundant` judge the step they stand in, as the published files do.
"""

from __future__ import annotations

from typing import Any, Final

from grounding.dialects.code import emit
from grounding.dialects.shared import Exported, image_name
from grounding.dialects.vocabulary import AGENTNET, Inexpressible, Vocabulary

FEWEST_STEPS: Final = 2


def export(trajectory: dict[str, Any], words: Vocabulary = AGENTNET) -> Exported:
    """The trajectory as one AgentNet line, or nothing where too few steps can be said."""
    steps: list[dict[str, Any]] = []
    dropped: dict[str, int] = {}
    screen = trajectory["screen"]
    for step in trajectory["steps"]:
        try:
            code = emit(step["action"], screen["w"], screen["h"], words)
        except Inexpressible as error:
            rest = len(trajectory["steps"]) - len(steps)
            dropped = {error.reason: 1, "after_a_gap": rest - 1}
            break
        steps.append(_step(trajectory, step, len(steps), code))
    dropped = {reason: count for reason, count in dropped.items() if count}
    if len(steps) < FEWEST_STEPS:
        short = {"too_short": len(steps)} if steps else {}
        return Exported((), {**dropped, **short})
    return Exported((_line(trajectory, steps),), dropped)


def _line(trajectory: dict[str, Any], steps: list[dict[str, Any]]) -> dict[str, Any]:
    goal = trajectory["goal"]
    whole = len(steps) == len(trajectory["steps"])
    last = trajectory["steps"][-1]["action"]
    done = whole and trajectory["terminal"] == "explicit" and last["name"] == "terminate"
    return {
        "task_id": trajectory["id"],
        "instruction": goal,
        "natural_language_task": goal,
        "actual_task": goal,
        "task_completed": last["args"].get("status") == "success" if done else None,
        "alignment_score": None,
        "efficiency_score": None,
        "task_difficulty": None,
        "reason": "",
        "traj": steps,
    }


def _step(
    trajectory: dict[str, Any], step: dict[str, Any], index: int, code: str
) -> dict[str, Any]:
    flagged = bool(step.get("thought_flags"))
    return {
        "index": index,
        "image": image_name(trajectory["id"], step["index"]),
        "value": {
            "code": code,
            "observation": "" if flagged else step["observation"],
            "thought": "" if flagged else step["thought"],
            "action": step["action_text"],
            "last_step_correct": step["outcome"] == "applied",
            "last_step_redundant": not step["did_anything"],
            "reflection": step.get("reflection", ""),
        },
    }
