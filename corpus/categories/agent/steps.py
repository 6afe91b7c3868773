"""Steps towards a goal as conversations: goal, what was done, the screen → thought and action.

A step whose action may not have been applied, or changed nothing, is told in the history of later
steps and never taught.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from corpus.categories.agent import samples
from corpus.sample import Turn

HISTORY: Final = 12
ALONE: Final = frozenset(("wait", "terminate", "answer", "ask_user"))
ACROSS: Final = frozenset(("x", "x1", "x2"))
DOWN: Final = frozenset(("y", "y1", "y2"))
ORDINARY: Final[dict[str, tuple[Any, ...]]] = {"button": ("left", None), "clicks": (1, None)}
SYSTEM: Final = (
    "You operate a machine of the kind {platform}. Look at the screen and give the next action."
    " Coordinates are integers of 0-1000 of the screen's width and height."
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step to be learnt, or why it is not."""

    index: int
    image: Any
    turns: tuple[Turn, ...]
    fault: str = ""


def steps(record: dict[str, Any], size: tuple[int, int]) -> Iterator[Step]:
    """Every step of a goal's trajectory, in order."""
    told: list[str] = []
    goal = samples.text(record.get("goal"), 1000)
    listed = record.get("steps")
    for number, raw in enumerate(listed if isinstance(listed, list) else ()):
        step = raw if isinstance(raw, dict) else {}
        action = step.get("action") if isinstance(step.get("action"), dict) else {}
        code = call(action, size) if action else ""
        fault = _fault(step, code, goal)
        turns = () if fault else _turns(record, goal, told, step, code)
        yield Step(number, step.get("image"), turns, fault)
        said = samples.text(step.get("action_text"), 300) or code
        if said:
            told.append(said)


def _fault(step: dict[str, Any], code: str, goal: str) -> str:
    """Why a step is not taught, or an empty string."""
    alone = bool(code) and step["action"]["name"] in ALONE
    nothing = step.get("did_anything") is False and not alone
    checks = (
        (not goal, "no goal"),
        (not code, "no action that can be written"),
        (step.get("outcome") != "applied", "the action was not applied for certain"),
        (step.get("stable") is False, "the screen was not stable"),
        (step.get("redacted") or step.get("thought_flags"), "its thought or text is flagged"),
        (nothing, "the action changed nothing"),
    )
    return next((reason for holds, reason in checks if holds), "")


def _turns(
    record: dict[str, Any], goal: str, told: list[str], step: dict[str, Any], code: str
) -> tuple[Turn, ...]:
    platform = samples.text(record.get("platform"), 40) or "desktop"
    first = max(0, len(told) - HISTORY)
    history = [f"Step {n + 1}: {text}" for n, text in enumerate(told)][first:]
    before = "\n".join(history) or "None"
    question = f"<image>\nGoal: {goal}\n\nPrevious actions:\n{before}".replace(
        "\n<image>", "\n< image >"
    )
    thought = samples.text(step.get("thought"), 2000)
    answer = f"{thought}\n\n{code}" if thought else code
    return (
        Turn("system", SYSTEM.format(platform=platform)),
        Turn("user", "<image>" + question.removeprefix("<image>").replace("<image>", "< image >")),
        Turn("assistant", answer.replace("<image>", "< image >")),
    )


def call(action: dict[str, Any], size: tuple[int, int]) -> str:
    """An action as a call with keywords, coordinates as 0–1000; empty where it cannot be written."""
    name, given = action.get("name"), action.get("args")
    if not isinstance(name, str) or not name.isidentifier() or len(name) > 40:
        return ""
    arguments = []
    for key, value in (given if isinstance(given, dict) else {}).items():
        if not str(key).isidentifier():
            return ""
        if key in ACROSS | DOWN:
            whole = size[0] if key in ACROSS else size[1]
            if (
                isinstance(value, bool)
                or not isinstance(value, (int, float))
                or not 0 <= value < whole
            ):
                return ""
            arguments.append(f"{key}={samples.scale(value, whole)}")
        elif key != "path" and value not in ORDINARY.get(key, (None, False, [], "", {})):
            arguments.append(f"{key}={value!r}")
    written = f"{name}({', '.join(arguments)})"
    return written if len(written) < 4000 else ""
