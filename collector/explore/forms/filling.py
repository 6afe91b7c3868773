"""How one field is filled: its text, the other choice, the file; what is said of it nearby.

Every field is gone for once and then changed, so that what is typed goes where the focus is seen
to be. Choices are set to something else than they are.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from collector.explore import moves, phrases
from collector.explore.base import Choice
from collector.explore.forms.groups import Field
from collector.explore.novelty import signature_of
from collector.explore.view import View
from collector.explore.weighing import Move, called
from envs import actions as do
from envs.types import Box
from grounding.scene import Node

TYPED: Final = frozenset({"text", "number", "date"})
MARK_SHARE: Final = 0.3
"""How often text that is there is marked by three clicks instead of by the keyboard."""
KEYS_SHARE: Final = 0.3
"""How often a choice that has the focus is changed by the keyboard."""
NEAR_PX: Final = 40
SLACK_PX: Final = 4


@dataclass(frozen=True, slots=True)
class Filler:
    """Makes the moves that fill fields."""

    rng: random.Random
    uploads: Sequence[str] = ()

    def aim(self, field: Field, view: View) -> Move | None:
        """Go for a field by the pointer; None where it is changed by going for it."""
        node = field.node
        if field.kind == "date":
            left = node.box.left + min(14, node.box.width // 3)
            return _on(node, view, do.Click(left, node.box.centre[1]), "click")
        if field.kind in TYPED:
            mark = bool(node.element.value) and self.rng.random() < MARK_SHARE
            return _on(node, view, moves.build("mark" if mark else "click", node, view, self.rng),
                       "mark" if mark else "click")  # fmt: skip
        return None

    def change(self, field: Field, view: View, *, wrong: bool) -> list[Move]:
        """Change a field that has been gone for; empty where there is no other value."""
        if field.kind in TYPED:
            return [self._type(field, view, wrong=wrong)]
        if field.kind == "toggle":
            return [self._press(field.node, view)]
        if field.kind in {"radio", "list"}:
            return self._other(field, view)
        if field.kind == "slider":
            return [self._slide(field.node, view)]
        if field.kind == "file":
            return self._upload(field.node, view)
        return [self._combo(field.node, view)]

    def _type(self, field: Field, view: View, *, wrong: bool) -> Move:
        node = field.node
        words = asked(node, view)
        if field.kind == "number" and node.element.value and not wrong and self._by_keys(node):
            keys, times = (self.rng.choice(("up", "down")),), self.rng.randint(1, 4)
            return _on(node, view, do.Press(keys, times), keys[0])
        if field.kind == "date" and phrases.is_month(words, node.element.value):
            return _on(node, view, do.Press(("up", "right", "up")), "type")
        if field.kind == "date":
            figures = phrases.date_keys(words, node.element.value, self.rng)
            return _on(node, view, do.Write(figures), "type")
        text = phrases.wrong_for(words, node.element.role, self.rng) if wrong else None
        if text is None:
            text = phrases.text_for(node.element.role, words, node.element.app, self.rng,
                                    wide=moves.is_prose(node), value=node.element.value)  # fmt: skip
        return _on(node, view, do.Write(text, clear=bool(node.element.value)), "type")

    def _by_keys(self, node: Node) -> bool:
        """Whether a number is stepped: what is not taken always is, since steps are."""
        return "invalid" in node.element.states or self.rng.random() < KEYS_SHARE

    def _press(self, node: Node, view: View) -> Move:
        if "focused" in node.element.states and self.rng.random() < KEYS_SHARE:
            return _on(node, view, do.Press(("space",)), "space")
        return _on(node, view, moves.build("click", node, view, self.rng), "click")

    def _other(self, field: Field, view: View) -> list[Move]:
        """One of the radio buttons or rows that is not chosen."""
        nodes = field.nodes[1:] if field.kind == "list" else field.nodes
        free = [n for n in nodes if n.element.states.isdisjoint({"checked", "selected"})]
        return [self._press(self.rng.choice(free), view)] if free else []

    def _slide(self, node: Node, view: View) -> Move:
        if "focused" in node.element.states:
            keys = (self.rng.choice(("right", "left")),)
            return _on(node, view, do.Press(keys, self.rng.randint(2, 6)), keys[0])
        return _on(node, view, moves.build("drag", node, view, self.rng), "drag")

    def _upload(self, node: Node, view: View) -> list[Move]:
        if not self.uploads:
            return []
        action = do.UploadFile(*node.box.centre, self.rng.choice(sorted(self.uploads)))
        return [_on(node, view, action, "upload")]

    def _combo(self, node: Node, view: View) -> Move:
        if "select-option" in node.element.actions:
            return _on(node, view, moves.build("choose", node, view, self.rng), "choose")
        return _on(node, view, moves.build("click", node, view, self.rng), "click")


def asked(node: Node, view: View) -> str:
    """The words that say what a field asks for: its name, description and what stands left of it."""
    label = "" if node.name else moves.label_of(node, view)
    return " ".join(word for word in (node.name, node.element.description, label) if word)


def complaints(fields: Sequence[Field], view: View, known: frozenset[str]) -> dict[str, str]:
    """What is said against which field: its own state; else new words just under or beside it."""
    nodes = view.scene.nodes
    shown = [f for f in fields if f.key in nodes]
    invalid = {f.key: "invalid" for f in shown if "invalid" in nodes[f.key].element.states}
    if invalid:
        return invalid
    new = [nodes[key] for key in sorted(texts(view) - known)]
    said = [words for words in new if phrases.COMPLAINS.search(words.name)]
    return {f.key: w.name for f in shown for w in said if _is_beside(nodes[f.key].box, w.box)}


def texts(view: View) -> frozenset[str]:
    """The ids of all words that show."""
    return frozenset(n.id for n in view.scene.nodes.values() if n.kind == "text" and n.name)


def _is_beside(field: Box, words: Box) -> bool:
    """Whether words stand just under a field or right of it."""
    under = 0 <= words.top - field.bottom + SLACK_PX < NEAR_PX
    across = words.left < field.right and words.right > field.left
    level = abs(words.centre[1] - field.centre[1]) < field.height
    right = 0 <= words.left - field.right + SLACK_PX < NEAR_PX
    return (under and across) or (level and right)


def _on(node: Node, view: View, action: do.Action, kind: str) -> Move:
    why = f"fills {called(node)}"
    return Move(Choice(action, node.id, why), kind, signature_of(node, view.scene))
