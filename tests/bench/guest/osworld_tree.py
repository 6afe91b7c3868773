"""The whole tree the way OSWorld's server reads it, inside the guest: the peer of the `tree` bench.

Written from the behaviour of `_create_atspi_node` and `get_accessibility_tree`
(desktop_env/server/main.py): one long-lived process; every application in a thread of its own;
node by node, recursively, name, states, attributes, the box of what shows, text, image, selection,
the four numbers of a value, each action's name, description and key; depth 50, width 1024; of a
sheet the showing cells. Reads `walks.json`, writes `walk-N.json` after each walk: its time, and of
each node the object it is, its role, states and box.
"""

import concurrent.futures
import json
import time
from pathlib import Path

import pyatspi

HOME = Path.home() / "Documents"
MAX_DEPTH, MAX_WIDTH, MAX_COLUMNS, MAX_ROWS, GIVE_UP = 50, 1024, 16384, 1048576, 500


def walk():
    """Every application's nodes, each in its thread, as the peer does."""
    found = []
    with concurrent.futures.ThreadPoolExecutor() as pool:
        asked = [pool.submit(node_of, app, 1, found) for app in pyatspi.Registry.getDesktop(0)]
        for future in concurrent.futures.as_completed(asked):
            try:
                future.result()
            except Exception:  # noqa: BLE001 - an application that fails is left out
                continue
    return found


def node_of(node, depth, found, is_sheet=False):
    """One node and all below it."""
    facts = {"path": f"{node.app.bus_name}{node.path}", "name": node.name or "", "box": None}
    states = {pyatspi.StateType._enum_lookup[s][6:].lower() for s in node.getState().get_states()}
    node.get_attributes()
    if {"visible", "showing"} <= states:
        facts["box"] = ask(lambda: list(node.queryComponent().getExtents(pyatspi.XY_SCREEN)))
    ask(lambda: text_of(node.queryText()))
    ask(node.queryImage)
    ask(node.querySelection)
    ask(lambda: value_of(node.queryValue()))
    ask(lambda: actions_of(node.queryAction()))
    role = (node.getRoleName() or "unknown").strip()
    facts["role"], facts["states"] = role, sorted(states)
    found.append(facts)
    is_sheet = is_sheet or role == "document spreadsheet"
    if depth == MAX_DEPTH:
        return
    try:
        for child in cells(node) if is_sheet and role == "table" else children(node):
            node_of(child, depth + 1, found, is_sheet)
    except Exception:  # noqa: BLE001 - what is left of this node's children is left out
        return


def ask(question):
    try:
        return question()
    except NotImplementedError:
        return None


def text_of(text):
    return text.getText(0, text.characterCount)


def value_of(value):
    return value.currentValue, value.minimumValue, value.maximumValue, value.minimumIncrement


def actions_of(action):
    return [
        (action.getName(i), action.getDescription(i), action.getKeyBinding(i))
        for i in range(action.nActions)
    ]


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
    """Walk when told to, until told to end."""
    done = 0
    while True:
        wanted = json.loads((HOME / "walks.json").read_text())
        if wanted["ended"]:
            return
        if wanted["walks"] <= done:
            time.sleep(1)
            continue
        begun = time.monotonic()
        nodes = walk()
        took_s = time.monotonic() - begun
        done += 1
        (HOME / "walk.part").write_text(json.dumps({"walk_s": took_s, "nodes": nodes}))
        (HOME / "walk.part").replace(HOME / f"walk-{done}.json")


main()
