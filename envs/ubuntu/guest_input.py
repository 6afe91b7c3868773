"""Actions through the agent: pyautogui as the second way in, and text that no key has."""

from __future__ import annotations

from typing import Any, Final

from envs.actions import Action, Drag, HoldKey, Write
from envs.ubuntu.channel import Channel
from envs.ubuntu.replies import Acted, parse
from infra.errors import ActionRejected, Conflict, DeadlineExceeded

ACT_S: Final = 20.0
"""A short action in a busy emulated guest, pyautogui's first import included."""
CHARACTER_S: Final = 0.05
SCRIPT_S: Final = 30.0
"""Lending keycodes, a batch at a time."""


def perform(channel: Channel, action: Action, fence: int) -> str:
    """Have pyautogui perform `action`; returns the way. Raises as `envs.acting.Once` wants."""
    return _act(channel, {"action": action.as_record()}, fence, _seconds(action)).way


def write_script(channel: Channel, action: Write, fence: int) -> str:
    """Type text in any script, by spare keycodes; returns the way."""
    args = {"action": action.as_record(), "script": True}
    return _act(channel, args, fence, SCRIPT_S + _seconds(action)).way


def _seconds(action: Action) -> float:
    """How long the agent may take for it."""
    extra = 0.0
    if isinstance(action, Write):
        extra = CHARACTER_S * len(action.text)
    elif isinstance(action, Drag):
        extra = max((p.t_ms for p in action.path), default=0) / 1000
    elif isinstance(action, HoldKey):
        extra = action.duration_s
    return ACT_S + extra


def _act(channel: Channel, args: dict[str, Any], fence: int, within_s: float) -> Acted:
    try:
        return parse(Acted, channel.request("act", args, fence, within_s))
    except ActionRejected as error:
        if error.subject == "failed":  # it broke in the middle; what it did is not known
            raise DeadlineExceeded(error.message, subject="failed") from error
        raise
    except Conflict as error:
        raise ActionRejected(error.message, error.hint, error.subject) from error
