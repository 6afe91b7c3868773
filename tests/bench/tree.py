"""Reading a desktop's accessibility tree against a full recursive pyatspi walk on the same guest.

The peer is OSWorld's `_create_atspi_node` (desktop_env/server/main.py), written from its behaviour
in `guest/osworld_tree.py`; it runs inside the guest, typed into a terminal, while our mirror is
closed. Walk, ours, walk on a quiet guest: what is the same in both walks must be in our tree, at
the same place. `tree`: a whole read by a mirror that already knows the guest; `cold`: by one that
joins the bus anew; `refresh`: the mirror's reading after an action. First with GTK programs alone,
then, as `office_…`, with the office suite and a Qt program open as well.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from collector.episode.observing import Pace, settle
from envs.actions import Action, Click, Hotkey, MoveTo, Press, Scroll, Write
from envs.tree import Mirror
from envs.tree.elements import identify
from envs.types import Box, Tree
from envs.ubuntu import UbuntuEnv, wake
from infra.clock import Deadline
from infra.errors import DeadlineExceeded, NotFound
from infra.limits import COORDINATE_PX
from infra.progress import Progress
from tests.bench.machines import CLOCK, Bench, opened
from tests.bench.report import Report

PEER: Final = "OSWorld's recursive pyatspi walk"
PROGRAM: Final = Path(__file__).parent / "guest" / "osworld_tree.py"
TERMINAL: Final = "xfce4-terminal.desktop"
OFFICE: Final = "libreoffice-calc.desktop"
QT: Final = "featherpad.desktop"
WHOLE: Final = 5
WALK_S: Final = 600.0
ACTIONS: Final[tuple[Action, ...]] = (
    Click(735, 690), Write("hello there"), Press(("enter",)), Scroll(735, 620, dy=-2),
    Hotkey(("ctrl", "home")), MoveTo(1130, 360), Click(1130, 250), Press(("esc",)),
)  # fmt: skip
"""Done one after the other, twice; the mirror is read after each."""
ROUNDS: Final = 2


def run(progress: Progress) -> Report:
    """Measure with GTK programs, then with the office suite and a Qt program too."""
    with opened() as bench, _machine(bench) as env:
        peer = _Peer(env)
        progress.say("GTK programs: walk, ours, walk")
        gtk = _measure(env, peer, progress)
        progress.say("with the office suite and a Qt program")
        env.open_program(OFFICE, "", (0, 0, 700, 430))
        env.open_program(QT, "", (600, 40, 400, 300))
        office = _measure(env, peer, progress)
        peer.end()
    figures = {**gtk.figures(""), **office.figures("office_")}
    return Report(
        "tree",
        figures,
        PEER,
        round(gtk.walk_s / gtk.tree_s, 1),
        (f"refresh: {gtk.walk_s / gtk.refresh_s:.0f} times faster than the walk",),
    )


@dataclass(frozen=True, slots=True)
class _Measured:
    """What one set of programs gave."""

    walk_s: float
    tree_s: float
    cold_s: float
    refresh_s: float
    nodes: int
    showing: int
    elements: int
    equal_share: float
    missing: int
    unlisted: int
    audit_differences: int

    def figures(self, prefix: str) -> dict[str, float | int | str]:
        """The report's figures, each named with `prefix`."""
        return {
            f"{prefix}tree_p50_s": round(self.tree_s, 3),
            f"{prefix}cold_tree_s": round(self.cold_s, 3),
            f"{prefix}refresh_p50_s": round(self.refresh_s, 3),
            f"{prefix}walk_p50_s": round(self.walk_s, 2),
            f"{prefix}refresh_ratio": round(self.walk_s / self.refresh_s, 1),
            f"{prefix}nodes": self.nodes,
            f"{prefix}showing_nodes": self.showing,
            f"{prefix}elements": self.elements,
            f"{prefix}boxes_equal_share": round(self.equal_share, 4),
            f"{prefix}missing_nodes": self.missing,
            f"{prefix}unlisted_hidden_nodes": self.unlisted,
            f"{prefix}audit_differences": self.audit_differences,
        }


@contextmanager
def _machine(bench: Bench) -> Iterator[UbuntuEnv]:
    """A fork, awake, without the office suite, a terminal in front."""
    with bench.fork() as domain:
        env = wake(domain, 1)
        try:
            _close_office(env)
            env.open_program(TERMINAL, "", (700, 560, 480, 180))
            _quiet(env)
            yield env
        finally:
            env.close()


def _close_office(env: UbuntuEnv) -> None:
    """Close the office suite's windows as a person does, until it is gone."""
    for turn in range(5):
        windows = [e for e in env.tree().elements if e.app == "soffice" and e.role == "window"]
        if not windows:
            return
        box = windows[0].box
        assert box is not None
        env.act(Click(box.left + 40, box.top + 8), f"front-{turn}", 1)
        _quiet(env)
        env.act(Hotkey(("alt", "f4")), f"close-{turn}", 1)
        _quiet(env)
    raise DeadlineExceeded("the office suite does not close")


def _quiet(env: UbuntuEnv) -> None:
    CLOCK.sleep(2.0)
    settle(env, env.screen(), CLOCK, Pace())


def _measure(env: UbuntuEnv, peer: _Peer, progress: Progress) -> _Measured:
    _quiet(env)
    first = peer.walk()
    progress.advance()
    cold_s, ours, hidden = _cold(env)
    second = peer.walk()
    progress.advance()
    env.mirror.open(30.0)
    env.mirror.tree()
    whole = [_timed(env.mirror.walk) for _ in range(WHOLE)]
    refreshed = _after_actions(env)
    env.mirror.walk()
    differences = sum(audit.differences for audit in env.mirror.audits)
    progress.advance()
    same = _same(first["nodes"], second["nodes"])
    equal, missing, unlisted = _compared(same, ours, hidden)
    return _Measured(
        walk_s=statistics.median([first["walk_s"], second["walk_s"]]),
        tree_s=statistics.median(whole),
        cold_s=cold_s,
        refresh_s=statistics.median(refreshed),
        nodes=len(second["nodes"]),
        showing=len([node for node in same.values() if _box(node)]),
        elements=len(ours.elements),
        equal_share=equal,
        missing=missing,
        unlisted=unlisted,
        audit_differences=differences,
    )


def _cold(env: UbuntuEnv) -> tuple[float, Tree, Tree]:
    """Join the bus and read everything; the time, what shows, and everything held."""
    mirror: Mirror = env.mirror
    start = CLOCK.monotonic_s()
    mirror.open(30.0)
    tree = mirror.tree()
    took_s = CLOCK.monotonic_s() - start
    hidden = mirror.tree(hidden=True)
    mirror.close()
    return took_s, tree, hidden


def _timed(read: Any) -> float:
    start = CLOCK.monotonic_s()
    read()
    return float(CLOCK.monotonic_s() - start)


def _after_actions(env: UbuntuEnv) -> list[float]:
    """Seconds of the mirror's reading after each action, once the screen stood still."""
    times = []
    for step, action in enumerate(ACTIONS * ROUNDS):
        before = env.screen()
        env.act(action, f"act-{CLOCK.now_ns()}-{step}", 1)
        settle(env, before, CLOCK, Pace())
        times.append(_timed(env.mirror.tree))
    return times


class _Peer:
    """The walk inside the guest, typed into its terminal."""

    def __init__(self, env: UbuntuEnv) -> None:
        self._env = env
        self._walks = 0
        self._ask(ended=False)
        env.put_file("walks.py", PROGRAM.read_bytes())
        env.act(Write("python3 ~/Documents/walks.py", submit=True), "peer", 1)
        CLOCK.sleep(3.0)

    def _ask(self, *, ended: bool) -> None:
        wanted = {"walks": self._walks, "ended": ended}
        self._env.put_file("walks.json", json.dumps(wanted).encode())

    def walk(self) -> dict[str, Any]:
        """One walk, with nobody else listening. Asked for rarely: an answer costs the guest time."""
        self._env.mirror.close()
        self._walks += 1
        self._ask(ended=False)
        deadline = Deadline.after(CLOCK, WALK_S)
        while not deadline.is_past():
            CLOCK.sleep(4.0)
            try:
                found: dict[str, Any] = json.loads(self._env.get_file(f"walk-{self._walks}.json"))
            except NotFound:
                continue
            return found
        raise DeadlineExceeded("the walk in the guest did not end")

    def end(self) -> None:
        """Let it end."""
        self._ask(ended=True)


def _same(first: Sequence[dict[str, Any]], second: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """By path, the nodes of which both walks say the same."""
    before = {node["path"]: node for node in first}
    return {node["path"]: node for node in second if before.get(node["path"]) == node}


def _compared(same: dict[str, Any], ours: Tree, hidden: Tree) -> tuple[float, int, int]:
    """The share of equal boxes among those the walks agree on, and how many nodes we lack.

    A node that shows must be in the tree. What does not show is in what the mirror holds, but for
    the cells that a hidden list makes when it is asked; those are counted apart.
    """
    shown, held = ours.by_id(), hidden.by_id()
    boxes, equal, missing, unlisted = 0, 0, 0, 0
    for path, node in same.items():
        bus, _, rest = path.partition("/")
        identity = identify((bus, "/" + rest))
        box = _box(node)
        if identity not in (shown if box else held):
            missing += box is not None
            unlisted += box is None
        elif box:
            boxes += 1
            equal += shown[identity].box == box
    return equal / boxes if boxes else 0.0, missing, unlisted


def _box(node: dict[str, Any]) -> Box | None:
    """A node's box where it shows and the box can be one."""
    if not node["box"] or node["box"][2] <= 0 or node["box"][3] <= 0:
        return None
    left, top, width, height = node["box"]
    far = max(abs(left), abs(top), abs(left + width), abs(top + height))
    return Box(left, top, left + width, top + height) if far <= COORDINATE_PX else None
