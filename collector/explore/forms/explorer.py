"""Fills the forms it meets and submits them, sometimes with one wrong value, and mends what is said.

Between forms it walks, so that it comes to others. A form counts for the whole run: each is filled
a few times, then left alone. The same seed and the same observations give the same choices.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any, Final

from collector.explore import leaving, moves, phrases
from collector.explore.base import Choice, Done
from collector.explore.forms import filling, submitting
from collector.explore.forms.filling import TYPED, Filler
from collector.explore.forms.groups import Field, Group, groups
from collector.explore.forms.seeking import Seeker
from collector.explore.forms.session import MOST_AIMS, MOST_SUBMITS, Session
from collector.explore.start import Start
from collector.explore.view import View
from collector.explore.walk import Walk
from collector.explore.weighing import Move, Scales
from envs import actions as do
from envs.recording.types import Step
from envs.types import Observation

OFTEN: Final = 3
"""Times one form is filled in a run."""
WRONG_SHARE: Final = 0.5
"""How often one value is wrong on purpose."""
TAB_SHARE: Final = 0.4
"""How often the next field is gone to by Tab rather than by the pointer."""
SCROLLS: Final = 4
BARREN: Final = 40
"""Steps without a form after which there is none left to come to."""
LEAVE_SHARE: Final = 0.5
SEEK_SHARE: Final = 0.5
"""How often another form is asked for of the program in front."""
REST: Final = 8
"""Steps for which a form is left alone once it was filled."""


class Forms:
    """One episode among forms."""

    name = "forms"

    def __init__(self, start: Start) -> None:
        self._start = start
        self._walk = Walk.of(start)
        self._rng = random.Random(f"forms {start.seed}")  # noqa: S311 - variety, not secrecy
        self._filler = Filler(self._rng, start.uploads)
        self._scales = Scales(self._walk.novelty, self._rng)
        self._seeker = Seeker(self._scales, self._rng)
        self._session: Session | None = None
        self._barren = 0
        self._asked = -1
        self._left: dict[str, int] = {}

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What it was made with."""
        return {**self._walk.parameters, "uploads": len(self._start.uploads)}

    def choose(self, observation: Observation, history: Sequence[Step]) -> Choice | Done:
        """The next action in a form, or on the way to one."""
        view = View.of(observation, isolated=self._start.isolated)
        self._walk.take_in(view, history)
        if self._walk.is_amid:
            return self._walk.move_on(view)
        covered, self._asked = self._asked == len(history) > 0, len(history)
        for move in self._wishes(view, covered=covered):
            if self._walk.may(move, view):
                self._barren = 0
                return self._walk.make(move, view)
        return self._on_the_way(view)

    # --- in a form -----------------------------------------------------------------------------

    def _wishes(self, view: View, *, covered: bool) -> list[Move]:
        """What it wants to do in the form at hand, the best first; empty where there is none."""
        if view.is_popup():
            return self._in_list(view)
        found = groups(view)
        session = self._session
        if session is not None:
            group = next((g for g in found if g.key == session.key), None)
            session.budget -= 1
            if group is not None and session.budget > 0:
                if covered:
                    session.covered()
                if (wish := self._go_on(session, group, view)) is not None:
                    return [wish]
            return self._finish(view)
        fresh = [g for g in found if self._times(g) < OFTEN and not self._is_resting(g)]
        if not fresh:
            return []
        self._session = self._begin(min(fresh, key=lambda g: (self._times(g), -len(g.fields))))
        return self._wishes(view, covered=False)

    def _is_resting(self, group: Group) -> bool:
        """Whether it was left a moment ago: another form comes first."""
        return self._asked - self._left.get(group.key, -REST) < REST

    def _times(self, group: Group) -> int:
        return self._walk.novelty.done[group.signature, "form"]

    def _begin(self, group: Group) -> Session:
        """Start on a form; it counts as filled from now on."""
        self._walk.novelty.did(group.signature, "form", group.signature[0])
        session = Session(group.key, group.signature, 8 + 5 * min(len(group.fields), 24))
        if self._rng.random() < WRONG_SHARE:
            session.wrong = self._victim(group)
        return session

    def _victim(self, group: Group) -> str:
        """The field that is given a wrong value: one that can be wrong."""
        typed = [f for f in group.fields if f.kind in {"text", "number"}]
        fit = [f for f in typed if f.kind == "number" or _can_be_wrong(f)]
        return self._rng.choice(fit).key if fit else ""

    def _go_on(self, session: Session, group: Group, view: View) -> Move | None:
        """The next move in a form; None where it is done with."""
        awaited, session.awaits = session.awaits, False
        session.complained(filling.complaints(session.open_to(group), view, session.known))
        pending = session.pending(group)
        for field in pending:
            session.at = field.key
            if (move := self._fill(session, field, view)) is not None:
                return move
        if awaited and not pending:
            says = any(phrases.COMPLAINS.search(words) for words in session.news(view))
            return self._scroll(session, view) if says else None
        if session.submits >= MOST_SUBMITS:
            return None
        if (move := submitting.submit(group, view, self._rng)) is not None:
            session.submitted(view)
            return move
        return self._scroll(session, view)

    def _fill(self, session: Session, field: Field, view: View) -> Move | None:
        """Go for a field, or change it once it has been gone for; None where it stays as it is."""
        if field.kind in TYPED and not self._is_reached(session, field, view):
            session.aims[field.key] = session.aims.get(field.key, 0) + 1
            return self._tab(session, field, view) or self._filler.aim(field, view)
        wrong = session.wrong == field.key and not session.submits
        made = self._filler.change(field, view, wrong=wrong)
        if not _only_opens(field, made):
            session.filled(field)
        session.last = field.key
        return made[0] if made and not _is_empty(made[0], field) else None

    def _is_reached(self, session: Session, field: Field, view: View) -> bool:
        """Whether typing goes into the field, as far as the machine says."""
        if "focused" in view.scene.nodes[field.key].element.states:
            return session.aims.get(field.key, 0) > 0 or not field.node.element.value
        return session.aims.get(field.key, 0) >= MOST_AIMS

    def _tab(self, session: Session, field: Field, view: View) -> Move | None:
        """Tab from the field before, where it had the focus; only at the first try."""
        focused = view.focused
        if session.aims[field.key] > 1 or focused is None or focused.id != session.last:
            return None
        if moves.is_prose(focused) or self._rng.random() >= TAB_SHARE:
            return None
        choice = Choice(do.Press(("tab",)), focused.id, "goes to the next field")
        return Move(choice, "tab", session.signature)

    def _scroll(self, session: Session, view: View) -> Move | None:
        """Look for more of a form that goes on below what shows."""
        places = [n for n in view.scrollable if view.front is None or view.stands_on(n, view.front)]
        if not places or session.scrolls >= SCROLLS:
            return None
        session.scrolls += 1
        x, y = places[0].box.centre
        choice = Choice(do.Scroll(x, y, dy=-4), places[0].id, "looks for the rest of the form")
        return Move(choice, "scroll", session.signature)

    def _in_list(self, view: View) -> list[Move]:
        """Choose another option of the list that a field opened; not for a menu of the walk's."""
        assert view.front is not None
        if self._session is None:
            return []
        session = self._session
        session.budget -= 1
        options = view.on(view.front)
        field = view.scene.nodes.get(session.last)
        value = "" if field is None else field.element.value
        others = [n for n in options if moves.is_choice(n.name) and n.name != value] or options
        session.filled_by_list()
        if others and session.budget > 0:
            pick = self._scales.pick(view, "click", others)
            return [] if pick is None else [pick]
        return [leaving.menu(view, 0)]

    def _finish(self, view: View) -> list[Move]:
        """A form is done with: a dialog is left."""
        session, self._session = self._session, None
        if session is not None:
            self._left[session.key] = self._asked
        if session is None or not view.is_modal() or view.front is None:
            return []
        move = leaving.dialog(view, self._scales, 0)
        return [] if move is None else [move]

    # --- on the way ----------------------------------------------------------------------------

    def _on_the_way(self, view: View) -> Choice | Done:
        """Go to where there may be another form: by keys and menus of a program, else by walking."""
        self._session = None
        self._barren += 1
        if self._barren > BARREN:
            return Done(f"no form was left to fill in {BARREN} steps")
        if view.is_popup() or self._rng.random() < SEEK_SHARE:
            for move in self._seeker.wishes(view):
                if self._walk.may(move, view):
                    return self._walk.make(move, view)
        return self._walk.wander(view, LEAVE_SHARE)


def _can_be_wrong(field: Field) -> bool:
    words = f"{field.node.name} {field.node.element.description}"
    return phrases.wrong_for(words, field.node.element.role, random.Random(0)) is not None  # noqa: S311


def _only_opens(field: Field, made: Sequence[Move]) -> bool:
    """Whether the move opens a page's list box, whose next option is then chosen by the keyboard."""
    opens = bool(made) and isinstance(made[0].choice.action, do.Click)
    return opens and field.kind == "combo" and "select-option" in field.node.element.actions


def _is_empty(move: Move, field: Field) -> bool:
    """Whether nothing would be typed into what is empty."""
    action = move.choice.action
    return isinstance(action, do.Write) and not action.text and not field.node.element.value
