"""The random walk: among what can be seen and used, what is new is done more often.

It first takes in what is in front. A menu is chosen from or closed, a dialog is filled and left,
a field that has the focus is typed into, a program that had its share is left for one that had
less; else a kind of move is drawn, then an element for it, weighted by newness. Nothing that the
deny list forbids is ever chosen. The same seed and the same observations give the same walk.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

from collector.explore import deny, gestures, leaving, moves, shortcuts
from collector.explore.base import Choice
from collector.explore.memory import Memory, Trail
from collector.explore.novelty import signature_of
from collector.explore.start import Start
from collector.explore.view import View
from collector.explore.web import Journeys
from collector.explore.weighing import Move, Scales, inviting
from envs import actions as do
from envs.actions import Family
from envs.recording.types import Step
from envs.types import Observation
from grounding.scene import Node

SHARES: Final[dict[str, float]] = {
    "click": 0.44,
    "type": 0.14,
    "keys": 0.08,
    "scroll": 0.08,
    "double_click": 0.06,
    "right_click": 0.05,
    "drag": 0.05,
    "hover": 0.04,
    "mark": 0.02,
    "pick": 0.01,
    "choose": 0.05,
    "gesture": 0.05,
}
"""How often each kind of move is made where all are possible."""
STAY: Final[dict[str, tuple[int, int]]] = {"mobile": (5, 9), "desktop": (5, 9), "web": (7, 12)}
"""Steps in one program or page before another is looked for."""
FORM_SHARE: Final = 0.5
"""How often a field that was filled is followed by the next empty one."""
DIALOG_STAY: Final = (3, 6)
MENU_STAY: Final = 3
TRIES: Final = 12
"""Draws before a choice that the deny list refuses gives way to waiting."""
BROKEN: Final = "chromewebdata"
"""What a browser's own page of an error calls itself."""


class Walk:
    """A policy that wanders; `memory` may be shared with the other episodes of a run."""

    name = "walk"

    def __init__(
        self,
        seed: int,
        family: Family = "desktop",
        *,
        isolated: bool = False,
        performs: frozenset[str] = frozenset(),
        pages: Sequence[str] = (),
        memory: Memory | None = None,
        recording: str = "",
        shares: Mapping[str, float] = SHARES,
    ) -> None:
        """`performs` names the machine's actions (empty: all), `pages` the addresses to visit.

        `shares` says how often each kind of move is made where all are possible.
        """
        self._shares = shares
        self.seed = seed
        self.family = family
        self.isolated = isolated
        self.trail = Trail(memory or Memory(), recording)
        self.novelty = self.trail.memory.novelty
        self._performs = performs
        self._rng = random.Random(f"walk {seed}")  # noqa: S311 - variety, not secrecy
        self._journeys = Journeys(tuple(pages), self.novelty.pages)
        self._scales = Scales(self.novelty, self._rng)
        self._last: Move | None = None
        self._where = ""
        self._stayed = 0
        self._patience = self._rng.randint(*STAY[family])
        self._in_menu = 0
        self._in_dialog = 0
        self._idle = 0
        self._ongoing = gestures.Ongoing()

    @classmethod
    def of(cls, start: Start, shares: Mapping[str, float] = SHARES) -> Self:
        """The walk of an episode."""
        return cls(
            start.seed,
            start.family,
            isolated=start.isolated,
            performs=start.performs,
            pages=start.pages,
            memory=start.memory,
            recording=start.recording,
            shares=shares,
        )

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What it was made with, as the recording's header keeps it."""
        return {"seed": self.seed, "isolated": self.isolated, "pages": len(self._journeys.pages)}

    def choose(self, observation: Observation, history: Sequence[Step]) -> Choice:
        """The next action; it always has one."""
        view = View.of(observation, isolated=self.isolated)
        self.take_in(view, history)
        return self.move_on(view)

    def move_on(self, view: View) -> Choice:
        """The next action where it was taken in what is seen."""
        if (next_ := self._ongoing.next(view, self.may)) is not None:
            return self.make(next_, view)
        for _ in range(TRIES):
            drawn = self._draw(view)
            if drawn is not None and self.may(drawn, view):
                return self.make(drawn, view)
            self._ongoing.end()
        return self.make(Move(Choice(do.Wait(1.0), None, "nothing here may be used"), "wait"), view)

    def wander(self, view: View, leaving_share: float) -> Choice:
        """The next action of one that looks for other things: often away from here."""
        held = view.is_modal() or view.is_popup() or self.is_amid
        leaves = not held and self._rng.random() < leaving_share
        if leaves and (move := self.elsewhere(view)) is not None and self.may(move, view):
            return self.make(move, view)
        return self.move_on(view)

    @property
    def is_amid(self) -> bool:
        """Whether a gesture has begun and goes on."""
        return self._ongoing.is_amid

    def begin(self, gesture: Sequence[Move], view: View) -> Choice | None:
        """Make a gesture's first move now, the others in the next steps; None where it may not."""
        if not gesture or not self.may(gesture[0], view):
            return None
        self._ongoing.begin(gesture)
        return self.make(gesture[0], view)

    def make(self, move: Move, view: View) -> Choice:
        """Make a move: it counts as done, and is learnt from when the next screen is taken in."""
        self._last = move
        self.novelty.did(move.signature, move.kind, view.app())
        if self.trail.node is not None:
            self.trail.memory.graph.try_at(self.trail.node, (move.kind, *move.signature))
        return move.choice

    def may(self, move: Move, view: View) -> bool:
        """Whether the machine performs it, it stays on the screen, and nothing forbids it."""
        action = move.choice.action
        if self._performs and action.name not in self._performs:
            return False
        screen = view.scene.screen
        if not all(screen.contains(x, y) for x, y in action.points()):
            return False
        word = deny.verdict(action, move.choice.element_id, view.scene, isolated=self.isolated)
        return not word

    # --- taking in -----------------------------------------------------------------------------

    def take_in(self, view: View, history: Sequence[Step]) -> None:
        """Learn from the last step, and count how long it has been where."""
        self._ongoing.heard(len(history))
        self._learn_options(view)
        if history and self._last is not None:
            did = history[-1].effect.did_anything
            self._idle = 0 if did else self._idle + 1
            if not did:
                self.novelty.was_dull(self._last.signature, self._last.kind)
        self._scales.tried = self.trail.arrive(view.scene, history).tried
        self._in_menu = self._in_menu + 1 if view.is_popup() else 0
        self._in_dialog = self._in_dialog + 1 if view.is_modal() and not view.is_popup() else 0
        where = self._place(view)
        if history:
            self._journeys.moved(history[-1], elsewhere=where != self._where)
        if where != self._where:
            self._where, self._stayed = where, 0
            self._patience = self._rng.randint(*STAY[self.family])
        self._stayed += 1

    def _learn_options(self, view: View) -> None:
        """A closed list box shows one of its options at a time."""
        for node in view.nodes:
            if "select-option" in node.element.actions and node.element.value:
                known = self.novelty.options.setdefault(signature_of(node, view.scene), set())
                known.add(node.element.value)
                view.known[node.id] = frozenset(known)

    def _place(self, view: View) -> str:
        """What is stayed in: a program, or a page of a site."""
        if self.family == "web":
            return next((e.name for e in view.scene.tree.elements if e.name), "")
        return view.app()

    # --- drawing -------------------------------------------------------------------------------

    def _draw(self, view: View) -> Move | None:
        """One candidate move for what is in front."""
        if view.is_popup():
            return self._in_popup(view)
        if view.is_modal() and self._in_dialog > self._rng.randint(*DIALOG_STAY):
            return leaving.dialog(view, self._scales, self._in_dialog - DIALOG_STAY[1])
        tired = self._stayed > self._patience or self._idle >= 3 or self._is_broken(view)
        leaves = tired and not view.is_modal() and self._rng.random() < 0.85
        if leaves and (move := self.elsewhere(view)) is not None and self.may(move, view):
            return move
        if self._was_aimed_at_field(view) and self._rng.random() < 0.9:
            return self._scales.pick(view, "type", [n for n in [view.focused] if n is not None])
        if (field := self._next_field(view)) is not None and self._rng.random() < FORM_SHARE:
            return self._scales.pick(view, "click", [field])
        return self._any(view)

    def _next_field(self, view: View) -> Node | None:
        """The empty field that follows the one just typed into, on the same surface."""
        last = self._last
        if last is None or last.kind != "type":
            return None
        fields = [n for n in view.nodes if moves.takes_text(n) and not moves.is_prose(n)]
        at = next((i for i, n in enumerate(fields) if n.id == last.choice.element_id), None)
        if at is None:
            return None
        after = (n for n in fields[at + 1 :] if n.surface == fields[at].surface)
        return next((n for n in after if not n.element.value), None)

    def _is_broken(self, view: View) -> bool:
        elements = view.scene.tree.elements
        return bool(elements) and elements[0].app == BROKEN

    def _in_popup(self, view: View) -> Move | None:
        """Choose from an open menu, hover over it, or close it."""
        assert view.front is not None
        nodes = view.on(view.front)
        roll = self._rng.random()
        if not nodes or self._in_menu > MENU_STAY or roll < 0.12:
            return leaving.menu(view, self._in_menu - MENU_STAY)
        return self._scales.pick(view, "hover" if roll < 0.2 else "click", nodes)

    def _was_aimed_at_field(self, view: View) -> bool:
        """Whether the last step went for the field that now has the focus."""
        last, focused = self._last, view.focused
        if last is None or focused is None or last.kind not in {"click", "mark"}:
            return False
        aimed = last.choice.element_id == focused.id
        return aimed and moves.takes_text(focused) and self._allowed("write")

    def _any(self, view: View) -> Move | None:
        """A kind of move by its share, then an element for it."""
        shares = self._shares if self.family != "web" else {**self._shares, "right_click": 0.01}
        kinds = {k: s for k, s in shares.items() if self._possible(k, view)}
        if not kinds:
            return self._fallback(view)
        kind = self._rng.choices(list(kinds), weights=list(kinds.values()))[0]
        if kind == "keys":
            return self._keys(view)
        if kind == "scroll":
            return self._scroll(view)
        if kind == "type":
            return self._type(view)
        if kind == "gesture":
            return self._gesture(view)
        return self._scales.pick(view, kind, inviting(view, kind))

    def _gesture(self, view: View) -> Move | None:
        """The first action of a gesture; the others follow."""
        drawn = gestures.draw(view, self._rng, self._allowed, self.novelty.gestures)
        if drawn:
            self._ongoing.begin(drawn)
        return drawn[0] if drawn else None

    def _possible(self, kind: str, view: View) -> bool:
        if kind == "keys":
            return self._allowed("press") and self._allowed("hotkey")
        if kind == "scroll":
            return bool(view.scrollable)
        if kind == "gesture":
            return self._allowed("mouse_down") or self._allowed("key_down")
        return bool(inviting(view, kind))

    def _type(self, view: View) -> Move | None:
        """Type into the field that has the focus, or go for a field first."""
        focused = view.focused
        if focused is not None and moves.takes_text(focused) and not view.forbids(focused):
            return self._scales.pick(view, "type", [focused])
        return self._scales.pick(view, "click", inviting(view, "type"))

    def _keys(self, view: View) -> Move:
        """A key or a shortcut that suits what has the focus."""
        role = view.focused.element.role if view.focused is not None else ""
        keys = self._rng.choice(shortcuts.for_focus(role, self.family))
        target = view.focused.id if view.focused is not None else None
        plain = len(keys) == 1
        times = self._rng.choice((1, 1, 2, 3)) if keys[0] in {"down", "up", "tab"} else 1
        action = do.Press(keys, times) if plain else do.Hotkey(keys)
        why = f"a shortcut for {role or 'the window'}"
        return Move(Choice(action, target, why), "+".join(keys), (view.app(), role))

    def _scroll(self, view: View) -> Move | None:
        """Turn the wheel over something that can scroll, in front where there is one."""
        front = view.front
        inside = [n for n in view.scrollable if front is None or view.stands_on(n, front)]
        return self._scales.pick(view, "scroll", inside or view.scrollable)

    def elsewhere(self, view: View) -> Move | None:
        """Bring another program or page forward."""
        if self.family != "web":
            return leaving.another_window(view, self._scales)
        there = self._journeys.leave(self._rng)
        way = [Move(choice, choice.action.name, ("web",)) for choice in there]
        if way:
            self._ongoing.begin(way)
        return way[0] if way else None

    def _fallback(self, view: View) -> Move | None:
        """Where nothing can be pressed: keys, another window, a moment's wait."""
        return leaving.next_window(view, self._scales) if self._allowed("hotkey") else None

    def _allowed(self, name: str) -> bool:
        return not self._performs or name in self._performs
