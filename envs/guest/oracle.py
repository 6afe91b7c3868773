"""The tree by libatspi: a whole walk, and what has the focus. Slow, simple, and independent.

It is what the host's mirror is checked against. Each question is a process of its own: a
libatspi client that stays makes every program send it events that nobody reads.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any, Final

import msgpack

from envs.guest.faults import Refused
from envs.guest.wire import AGENT_VERSION

MOST_NODES: Final = 5_000
MOST_CHILDREN: Final = 500
DEEPEST: Final = 100
LONGEST_TEXT: Final = 2_000
KINDS: Final = ("tree", "focus")


def ask(kind: str, timeout_s: float) -> dict[str, Any]:
    """What a fresh process answers to `kind`. Raises Refused when it fails or takes too long."""
    if kind not in KINDS:
        raise Refused("usage", f"observe one of {', '.join(KINDS)}")
    command = [sys.executable, "-m", "envs.guest.oracle", kind]
    try:
        done = subprocess.run(command, capture_output=True, timeout=timeout_s, check=True)
    except subprocess.TimeoutExpired as error:
        raise Refused("late", f"the {kind} took longer than {timeout_s} s") from error
    except subprocess.CalledProcessError as error:
        raise Refused("failed", error.stderr.decode("utf-8", "replace")[-300:]) from error
    return dict(msgpack.unpackb(done.stdout, raw=False))


def walk(desktop: Any) -> dict[str, Any]:
    """Every node of the desktop, parents before children, asked one by one."""
    from gi.repository import GLib

    nodes: list[dict[str, Any]] = []
    pending: list[tuple[Any, int, int]] = [(desktop, -1, 0)]
    while pending and len(nodes) < MOST_NODES:
        node, parent, depth = pending.pop()
        try:
            nodes.append({"parent": parent, **_facts(node)})
            index = len(nodes) - 1
            children = _children(node) if depth < DEEPEST else []
        except GLib.Error:
            continue
        pending.extend((child, index, depth + 1) for child in reversed(children))
    return {"nodes": nodes, "truncated": bool(pending)}


def _children(node: Any) -> list[Any]:
    count = min(node.get_child_count(), MOST_CHILDREN)
    return [child for child in (node.get_child_at_index(i) for i in range(count)) if child]


def _facts(node: Any) -> dict[str, Any]:
    """Role, name, states and box in screen pixels; the path names the object on its own bus."""
    from gi.repository import Atspi

    facts: dict[str, Any] = {
        "path": str(node.path),
        "role": node.get_role_name(),
        "name": (node.get_name() or "")[:LONGEST_TEXT],
        "states": sorted(s.value_nick for s in node.get_state_set().get_states()),
    }
    component = node.get_component_iface()
    if component is not None:
        box = component.get_extents(Atspi.CoordType.SCREEN)
        facts["box"] = [box.x, box.y, box.x + box.width, box.y + box.height]
    return facts


def focus(desktop: Any) -> dict[str, Any]:
    """What has the focus in the active window: role, name, box and text."""
    from gi.repository import GLib

    for window in _active_windows(desktop):
        try:
            node = _focused(window)
            if node is not None:
                return {**_facts(node), "text": _text(node)}
        except GLib.Error:
            continue
    return {}


def _active_windows(desktop: Any) -> Iterator[Any]:
    from gi.repository import Atspi, GLib

    for program in _children(desktop):
        try:
            for window in _children(program):
                if window.get_state_set().contains(Atspi.StateType.ACTIVE):
                    yield window
        except GLib.Error:
            continue


def _focused(window: Any) -> Any:
    """The first showing node below `window` that has the focus, depth first."""
    from gi.repository import Atspi

    pending, seen = [window], 0
    while pending and seen < MOST_NODES:
        node, seen = pending.pop(), seen + 1
        states = node.get_state_set()
        if states.contains(Atspi.StateType.FOCUSED):
            return node
        if node is window or states.contains(Atspi.StateType.SHOWING):
            pending.extend(reversed(_children(node)))
    return None


def _text(node: Any) -> str | None:
    from gi.repository import Atspi

    if node.get_text_iface() is None:
        return None
    count = min(Atspi.Text.get_character_count(node), LONGEST_TEXT)
    return str(Atspi.Text.get_text(node, 0, count))


def main() -> None:
    """Print the answer to the question in argv as one msgpack map."""
    import gi

    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi

    desktop = Atspi.get_desktop(0)
    answer = walk(desktop) if sys.argv[1:] == ["tree"] else focus(desktop)
    sys.stdout.buffer.write(msgpack.packb({"agent": AGENT_VERSION, **answer}))


if __name__ == "__main__":
    main()
