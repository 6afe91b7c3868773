"""A loop the way OSWorld's server makes it, to run inside the guest: the peer of the `loop` bench.

Written from its behaviour: each action is a Python process that imports pyautogui
(`PythonController.execute_python_command`), then `DesktopEnv.step` sleeps two seconds, then come a
screenshot saved as PNG and the whole accessibility tree, read node by node by pyatspi with every
state, attribute, text, value and action, into XML (`desktop_env/server/main.py`,
`_create_atspi_node`: depth 50, width 1024, the showing cells of a sheet). The network between host
and guest is left out, which favours it. Reads `loop.json`, writes `loop-done.json` after each step.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pyatspi
from PIL import ImageGrab

HOME = Path.home() / "Documents"
PREFIX = "import pyautogui; import time; pyautogui.FAILSAFE = False; "
PAUSE_S = 2
MAX_DEPTH, MAX_WIDTH, MAX_COLUMNS, MAX_ROWS = 50, 1024, 16384, 1048576
GIVE_UP = 500


def act(command):
    """One action: a fresh interpreter that imports pyautogui."""
    environment = {**os.environ, "PYTHONPATH": "/usr/lib/trawl/wheels"}
    subprocess.run(
        [sys.executable, "-c", PREFIX + command], env=environment, timeout=120, check=False
    )


def screenshot():
    """The screen as a PNG file."""
    ImageGrab.grab(xdisplay="").save("/tmp/loop.png")


def tree():
    """The whole tree as XML; its size in nodes."""
    root = ET.Element("desktop-frame")
    for app in pyatspi.Registry.getDesktop(0):
        try:
            root.append(node_of(app))
        except Exception:  # noqa: BLE001 - as the peer does
            continue
    ET.tostring(root)
    return sum(1 for _ in root.iter())


def node_of(node, depth=0, is_sheet=False):
    """An accessible object and all below it."""
    facts = {"name": node.name or ""}
    states = {pyatspi.StateType._enum_lookup[s][6:].lower() for s in node.getState().get_states()}
    facts.update(dict.fromkeys(states, "true"))
    facts.update({str(k): str(v) for k, v in (node.get_attributes() or {}).items()})
    if {"visible", "showing"} <= states:
        ask(lambda: facts.update(box=str(node.queryComponent().getExtents(pyatspi.XY_SCREEN))))
    text = ask(lambda: text_of(node.queryText())) or ""
    ask(node.queryImage)
    ask(node.querySelection)
    ask(lambda: facts.update(value_of(node.queryValue())))
    ask(lambda: facts.update(actions_of(node.queryAction())))
    role = (node.getRoleName() or "unknown").strip()
    element = ET.Element(role.replace(" ", "-"), {k: str(v) for k, v in facts.items()})
    element.text = text
    is_sheet = is_sheet or role == "document spreadsheet"
    if depth < MAX_DEPTH:
        below = cells(node) if is_sheet and role == "table" else children(node)
        for child in below:
            try:
                element.append(node_of(child, depth + 1, is_sheet))
            except Exception:  # noqa: BLE001 - as the peer does
                break
    return element


def ask(question):
    try:
        return question()
    except NotImplementedError:
        return None


def text_of(text):
    return text.getText(0, text.characterCount)


def value_of(value):
    return {
        "value": value.currentValue,
        "min": value.minimumValue,
        "max": value.maximumValue,
        "step": value.minimumIncrement,
    }


def actions_of(action):
    return {
        f"{action.getName(i)}": f"{action.getDescription(i)} {action.getKeyBinding(i)}"
        for i in range(action.nActions)
    }


def children(node):
    for index, child in enumerate(node):
        if index == MAX_WIDTH:
            return
        yield child


def cells(sheet):
    """The showing cells, found by looking at one after the other."""
    first = None
    for row in range(MAX_ROWS):
        found = False
        for column in range(first or 0, MAX_COLUMNS):
            cell = sheet[row * MAX_COLUMNS + column]
            if cell.getState().contains(pyatspi.STATE_SHOWING):
                first, found = column if first is None else first, True
                yield cell
            elif found or column >= GIVE_UP:
                break
        if (first is not None and not found) or (first is None and row >= GIVE_UP):
            return


def main():
    wanted = json.loads((HOME / "loop.json").read_text())
    start = time.monotonic()
    done = []
    for command in wanted["commands"]:
        begun = time.monotonic()
        act(command)
        acted = time.monotonic()
        time.sleep(PAUSE_S)
        paused = time.monotonic()
        screenshot()
        shot = time.monotonic()
        nodes = tree()
        end = time.monotonic()
        done.append(
            {
                "act_s": acted - begun,
                "screenshot_s": shot - paused,
                "tree_s": end - shot,
                "step_s": end - begun,
                "nodes": nodes,
            }
        )
        report = {
            "steps": done,
            "total_s": end - start,
            "ended": len(done) == len(wanted["commands"]),
        }
        (HOME / "loop-done.part").write_text(json.dumps(report))
        (HOME / "loop-done.part").replace(HOME / "loop-done.json")
        if end - start > wanted["limit_s"]:
            break


main()
