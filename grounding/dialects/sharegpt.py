"""The conversation forms: Aguvis records, and LLaMA-Factory's messages with their registration.

Each step is one record, so a step the dialect cannot say is left out and counted; the history of
the others still names it in words. `<image>` stands once, in the human turn.
"""

from __future__ import annotations

from typing import Any, Final

from grounding.dialects.code import emit
from grounding.dialects.shared import Exported, image_name
from grounding.dialects.vocabulary import AGUVIS, Inexpressible, Vocabulary

SYSTEM: Final = (
    "You are a GUI agent. You are given a task and a screenshot of the screen. You need to "
    "perform a series of pyautogui actions to complete the task."
)
ASK: Final = (
    "<image>\nPlease generate the next move according to the ui screenshot, instruction and "
    "previous actions.\n\nInstruction: {goal}\n\nPrevious actions:\n{history}"
)
HEADS: Final = ("Observation: ", "Thought: ", "Action: ")
"""Literals that a reader removes wherever they stand."""


def export(
    trajectory: dict[str, Any], images: str = "images", words: Vocabulary = AGUVIS
) -> Exported:
    """One Aguvis record per step that can be said."""
    rows: list[dict[str, Any]] = []
    dropped: dict[str, int] = {}
    history: list[str] = []
    screen = trajectory["screen"]
    for step in trajectory["steps"]:
        try:
            code = emit(step["action"], screen["w"], screen["h"], words)
            rows.append(_record(trajectory, step, code, history, images))
        except Inexpressible as error:
            dropped[error.reason] = dropped.get(error.reason, 0) + 1
        history.append(step["action_text"])
    return Exported(tuple(rows), dropped)


def _record(
    trajectory: dict[str, Any], step: dict[str, Any], code: str, history: list[str], images: str
) -> dict[str, Any]:
    said = "\n".join(f"Step {n}: {line}" for n, line in enumerate(history, 1)) or "None"
    ask = ASK.format(goal=_plain(trajectory["goal"]), history=_plain(said))
    return {
        "image": f"{images}/{image_name(trajectory['id'], step['index'])}",
        "conversations": [
            {"from": "system", "value": SYSTEM},
            {"from": "human", "value": ask},
            {"from": "gpt", "recipient": "all", "end_turn": False, "value": _inner(step)},
            {"from": "gpt", "recipient": "os", "end_turn": True, "value": code},
        ],
    }


def _inner(step: dict[str, Any]) -> str:
    """Observation, thought and action; the action alone where there is no thought."""
    action = f"Action: {_plain(step['action_text'])}"
    if not step["thought"]:
        return action
    return (
        f"Observation: {_plain(step['observation'])}\nThought: {_plain(step['thought'])}\n{action}"
    )


def _plain(text: str) -> str:
    """Text of ours or a program's without what readers take for structure."""
    text = text.replace("<image>", "<picture>")
    for head in HEADS:
        text = text.replace(head, head.replace(": ", " - "))
    return text


def messages(record: dict[str, Any]) -> dict[str, Any]:
    """An Aguvis record in LLaMA-Factory's form: alternating turns, so the two answers are one."""
    system, human, inner, code = (turn["value"] for turn in record["conversations"])
    return {
        "messages": [
            {"role": "system", "content": system},
            {"role": "user", "content": human},
            {"role": "assistant", "content": f"{inner}\n{code}"},
        ],
        "images": [record["image"]],
    }


def dataset_info(file_name: str, name: str = "trawl_agent") -> dict[str, Any]:
    """The entry that registers such a file with LLaMA-Factory."""
    return {
        name: {
            "file_name": file_name,
            "formatting": "sharegpt",
            "columns": {"messages": "messages", "images": "images"},
            "tags": {
                "role_tag": "role",
                "content_tag": "content",
                "user_tag": "user",
                "assistant_tag": "assistant",
                "system_tag": "system",
            },
        }
    }
