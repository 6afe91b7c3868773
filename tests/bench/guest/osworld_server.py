"""A server the way OSWorld's is, to run inside the guest: the peers' machine of the `explore` bench.

Each action is a Python process that imports pyautogui; the tree is read whole, node by node, by
pyatspi (desktop_env/server/main.py, `_create_atspi_node`: depth 50, width 1024, each application
in a thread of its own). A sheet's cells are left out, which favours it. Answers `ask-N.json` with
`told-N.z`; files stand in for its HTTP, which favours it too.
"""

import concurrent.futures
import json
import os
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pyatspi

HOME = Path.home() / "Documents"
PREFIX = "import pyautogui; import time; pyautogui.FAILSAFE = False; "
MAX_DEPTH, MAX_WIDTH = 50, 1024


def act(command):
    """One action: a fresh interpreter that imports pyautogui."""
    environment = {**os.environ, "PYTHONPATH": "/usr/lib/trawl/wheels"}
    subprocess.run(
        [sys.executable, "-c", PREFIX + command], env=environment, timeout=120, check=False
    )


def walk():
    """Every application's nodes, each in its thread."""
    found = []
    with concurrent.futures.ThreadPoolExecutor() as pool:
        apps = [(app, app.name or "") for app in pyatspi.Registry.getDesktop(0)]
        asked = [pool.submit(node_of, app, name, 1, found) for app, name in apps]
        for future in concurrent.futures.as_completed(asked):
            try:
                future.result()
            except Exception:  # noqa: BLE001 - an application that fails is left out
                continue
    return found


def node_of(node, app, depth, found):
    """One node and all below it."""
    states = {pyatspi.StateType._enum_lookup[s][6:].lower() for s in node.getState().get_states()}
    node.get_attributes()
    box = None
    if {"visible", "showing"} <= states:
        box = ask(lambda: list(node.queryComponent().getExtents(pyatspi.XY_SCREEN)))
    ask(lambda: node.queryText().getText(0, -1))
    actions = ask(
        lambda: [node.queryAction().getName(i) for i in range(node.queryAction().nActions)]
    )
    role = (node.getRoleName() or "unknown").strip()
    if actions:
        states.add("actionable")
    found.append(
        {
            "app": app,
            "role": role,
            "name": (node.name or "")[:200],
            "states": sorted(states),
            "box": box,
        }
    )
    if depth == MAX_DEPTH or role == "table":
        return
    try:
        for index, child in enumerate(node):
            if index == MAX_WIDTH:
                return
            node_of(child, app, depth + 1, found)
    except Exception:  # noqa: BLE001 - what is left of this node's children is left out
        return


def ask(question):
    try:
        return question()
    except NotImplementedError:
        return None


def main():
    """Answer one question after the other, for ever."""
    number = 1
    while True:
        path = HOME / f"ask-{number}.json"
        if not path.exists():
            time.sleep(0.1)
            continue
        wanted = json.loads(path.read_text())
        if wanted["command"]:
            act(wanted["command"])
        told = walk() if wanted["tree"] else []
        (HOME / "told.part").write_bytes(zlib.compress(json.dumps(told).encode()))
        (HOME / "told.part").replace(HOME / f"told-{number}.z")
        number += 1


main()
