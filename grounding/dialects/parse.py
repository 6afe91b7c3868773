"""Action code read back into canonical actions: the other half of `code.emit`.

The code is parsed as a tree of calls with literal arguments from a closed list; nothing is ever
evaluated. What emits to the same code reads back as its plainest form: a click of two is a double
click, a drag keeps its two ends.
"""

from __future__ import annotations

import ast
from typing import Any

from envs import actions as a
from envs.actions import Action
from infra.errors import HostileInput

Call = tuple[str, list[Any], dict[str, Any]]


def parse(code: str, width: int, height: int) -> Action:
    """The action that a step's code means. Raises HostileInput for anything else than our calls."""
    calls = [_call(line) for line in code.split("\n") if line.strip()]
    try:
        return _action(calls, width, height)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise HostileInput(f"not an action: {error!r}", subject=code[:80]) from error


def _call(line: str) -> Call:
    try:
        tree = ast.parse(line.strip(), mode="eval").body
        if not isinstance(tree, ast.Call):
            raise HostileInput("a line of action code is one call", subject=line[:80])
        keywords = {str(k.arg): ast.literal_eval(k.value) for k in tree.keywords}
        return ast.unparse(tree.func), [ast.literal_eval(arg) for arg in tree.args], keywords
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise HostileInput("a line of action code does not parse", subject=line[:80]) from error


def _action(calls: list[Call], width: int, height: int) -> Action:
    names = [name for name, _, _ in calls]
    if "pyautogui.write" in names:
        return _write(calls)
    if len(calls) == 2 and names[0] == "pyautogui.moveTo":
        x, y = _pixel(calls[0][2], width, height)
        return _after_move(calls[1], x, y, width, height)
    if len(calls) != 1:
        raise ValueError(f"{len(calls)} calls in one step")
    name, _, words = calls[0]
    return _single(name, words, width, height)


def _single(name: str, words: dict[str, Any], width: int, height: int) -> Action:
    if name == "pyautogui.press":
        return a.Press(tuple(words["keys"]), int(words.get("presses", 1)))
    if name == "pyautogui.hotkey":
        return a.Hotkey(tuple(words["keys"]))
    if name == "computer.wait":
        return a.Wait(float(words["seconds"]))
    if name in {"computer.terminate", "terminate"}:
        return a.Terminate(words["status"])
    x, y = _pixel(words, width, height)
    pointing: dict[str, Action] = {
        "pyautogui.click": a.Click(x, y),
        "pyautogui.doubleClick": a.DoubleClick(x, y),
        "pyautogui.rightClick": a.RightClick(x, y),
        "pyautogui.middleClick": a.MiddleClick(x, y),
        "pyautogui.moveTo": a.MoveTo(x, y),
        "computer.tripleClick": a.TripleClick(x, y),
    }
    return pointing[name]


def _after_move(call: Call, x: int, y: int, width: int, height: int) -> Action:
    name, args, words = call
    if name == "pyautogui.dragTo":
        x2, y2 = _pixel(words, width, height)
        path = (a.PathPoint(x, y, 0), a.PathPoint(x2, y2, 0))
        return a.Drag(path, words.get("button", "left"))
    turns = _turns(name, args, words)
    if name == "pyautogui.scroll":
        return a.Scroll(x, y, dy=turns)
    if name == "pyautogui.hscroll":
        return a.Scroll(x, y, dx=turns)
    raise ValueError(name)


def _turns(name: str, args: list[Any], words: dict[str, Any]) -> int:
    """Notches, up and right positive, of either way to write them."""
    if args:
        return int(args[0])
    page = float(words["page"])
    turns = int(abs(page * 100))
    up = page < 0 if name == "pyautogui.scroll" else page > 0
    return turns if up else -turns


def _write(calls: list[Call]) -> Action:
    names = [name for name, _, _ in calls]
    at = names.index("pyautogui.write")
    clear = at == 1 and names[0] == "pyautogui.hotkey" and calls[0][2]["keys"] == ["ctrl", "a"]
    after = calls[at + 1 :]
    submit = len(after) == 1 and after[0][0] == "pyautogui.press"
    if (at and not clear) or (after and not submit):
        raise ValueError("calls around a write that are not part of it")
    return a.Write(str(calls[at][2]["message"]), clear=clear, submit=submit)


def _pixel(words: dict[str, Any], width: int, height: int) -> tuple[int, int]:
    x, y = float(words["x"]), float(words["y"])
    if not (0 <= x < 1 and 0 <= y < 1):
        raise ValueError("coordinates outside 0 to 1")
    return round(x * width), round(y * height)
