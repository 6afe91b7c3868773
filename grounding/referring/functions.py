"""Expressions by function: what pressing an element was seen to do, anywhere in the same run.

An effect is learnt from applied steps only, and kept where every step that pressed the element to a
clear effect had the same one. An expression is used on a screen where the element shows once, no
other of its role bears its name, and no other element is known to do the same.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from envs.recording.types import Step
from grounding import elements, roles, text
from grounding.effects import Effects, Found
from grounding.effects.words import LANGS, TELLING_NOTHING, Lang, listed, quoted, sayable, top
from grounding.elements import Harvest
from grounding.scene import Node, once

PRESSING: Final = frozenset({"click", "double_click", "tap"})
AROUND: Final = 3
"""Named things around an element that it is known by."""
PHRASES: Final[dict[str, tuple[str, str]]] = {
    "opened": ("the {role} that opens the {top}", "打开{top}的{role}"),
    "closed": ("the {role} that closes the {top}", "关闭{top}的{role}"),
    "menu": ("the {role} that shows {names}", "显示{names}的{role}"),
    "page": ("the {role} that leads to the page {name}", "转到页面{name}的{role}"),
    "switch": ("the {role} that turns {subject} on or off", "打开或关闭{subject}的{role}"),
    "choose": ("the {role} that selects {subject}", "用来选择{subject}的{role}"),
    "fold": ("the {role} that unfolds or folds {subject}", "展开或折叠{subject}的{role}"),
}
AS: Final = {
    "opened": "opened", "closed": "closed", "menu": "menu", "page": "page", "on": "switch",
    "off": "switch", "unfolded": "fold", "folded": "fold",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Function:
    """What an element does, and the step it was learnt from."""

    kind: str
    names: tuple[str, ...]
    what: str
    subject: str
    learnt_from: str
    """`EPISODE#STEP`."""

    @property
    def does(self) -> tuple[object, ...]:
        """The function apart from where it was learnt."""
        return self.kind, self.names, self.what, self.subject

    def said(self, role: dict[Lang, str]) -> list[tuple[Lang, str]]:
        """The expression in both languages."""
        return [(lang, self._in(lang, role[lang])) for lang in LANGS]

    def _in(self, lang: Lang, role: str) -> str:
        first = self.names[0] if self.names else ""
        return PHRASES[self.kind][lang == "zh"].format(
            role=role,
            top=top(self.what, first, lang),
            name=quoted(first, lang),
            names=listed(self.names, lang),
            subject=quoted(self.subject, lang),
        )


@dataclass(slots=True)
class Learnt:
    """The functions of one run's elements, by what an element is known by."""

    seen: dict[str, list[Function]] = field(default_factory=lambda: defaultdict(list))

    def add(self, found: Iterable[tuple[str, Function]]) -> None:
        """Take in what one episode's steps showed."""
        for key, function in found:
            self.seen[key].append(function)

    def of(self, key: str) -> Function | None:
        """What an element does; None where it is not known, or was seen to do two things."""
        functions = self.seen.get(key, [])
        return functions[0] if len({f.does for f in functions}) == 1 else None


def learn(name: str, steps: Sequence[Step], effects: Effects) -> list[tuple[str, Function]]:
    """What the steps of the episode `name` show of the elements they pressed."""
    learnt = []
    for step in steps:
        if step.result.outcome != "applied" or step.action.name not in PRESSING:
            continue
        scene = effects.shown(step.before).scene
        node = scene.nodes.get(step.element_id or "")
        if node is None or not node.interactable:
            continue
        function = _function(effects.of(step), node, f"{name}#{step.index}")
        if function is not None:
            learnt.append((known_by(node), function))
    return learnt


def _function(found: Found, node: Node, learnt_from: str) -> Function | None:
    """A clear effect as a function; None where it is none or cannot be said.

    A panel's buttons follow the windows, they switch nothing.
    """
    kind = AS.get(found.kind, "")
    names = tuple(text.clean(name) for name in found.names)
    told = all(sayable(name) and name.casefold() not in TELLING_NOTHING for name in names)
    if not kind or found.way or not told:
        return None
    own = found.own and sayable(found.subject)
    if kind in {"switch", "fold"} and (not own or "panel" in node.element.app.casefold()):
        return None
    if kind == "switch" and "radio" in found.what:
        kind = "choose"
    return Function(kind, names, found.what, found.subject if own else "", learnt_from)


@once
def known_by(node: Node) -> str:
    """What an element is known by on every screen: program, role, name and what it stands in."""
    around = [a.name for a in node.above if a.name][:AROUND]
    said = repr((node.element.app, node.element.role, node.name, node.element.description, around))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]


class Candidate(NamedTuple):
    """A kept element that a function may pick out on its screen."""

    place: int
    """Its place among the kept."""
    id: str
    role: str
    known_by: str


def candidates(harvest: Harvest) -> list[Candidate]:
    """The kept elements that a function may pick out here, in their order."""
    shown = [*harvest.kept, *harvest.seen]
    counts = Counter(map(known_by, shown))
    named = Counter(map(_called, shown))
    return [
        Candidate(place, node.id, node.element.role, known_by(node))
        for place, node in enumerate(harvest.kept)
        if node.interactable and counts[known_by(node)] == 1 and named[_called(node)] == 1
    ]


@once
def _called(node: Node) -> tuple[str, str]:
    """Role and name as a person says them."""
    return elements.role_words(node)[0], node.name.casefold()


def taught(among: Sequence[Candidate], learnt: Learnt) -> list[tuple[Candidate, Function]]:
    """Those of a screen's candidates that their run taught a function of, which is said of no other."""
    found = [(c, does) for c in among if (does := learnt.of(c.known_by)) is not None]
    doing = Counter((roles.word(c.role), function.does) for c, function in found)
    return [
        (c, function)
        for c, function in found
        if roles.word(c.role) and doing[roles.word(c.role), function.does] == 1
    ]


def expressions(role: str, function: Function) -> list[dict[str, str]]:
    """The expressions by function of an element of that role, as they stand in a record."""
    words: dict[Lang, str] = {lang: roles.word(role, lang) for lang in LANGS}
    return [{"text": said, "lang": lang, "kind": "function"} for lang, said in function.said(words)]
