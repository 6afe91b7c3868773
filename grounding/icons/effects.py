"""What pressing an icon does, in words: of what a step did, that which speaks for the icon.

Only what can be named is told, and of changes of state only the icon's own. An effect that is
none of these is not told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from envs.types import Element
from grounding.effects import Found, Shown, found
from grounding.effects.words import Lang, listed, quoted, sayable, top
from grounding.scene import Scene

SAID: Final[Mapping[str, tuple[str, str]]] = {
    "opened": ("opens the {}", "打开{}"),
    "closed": ("closes the {}", "关闭{}"),
    "menu": ("opens a menu with {}", "打开包含{}的菜单"),
    "leads": ("leads to {}", "转到{}"),
    "page": ("leads to the page {}", "转到页面{}"),
    "on": ("is switched on", "变为打开状态"),
    "off": ("is switched off", "变为关闭状态"),
    "selected": ("is selected", "被选中"),
    "unfolded": ("unfolds", "展开"),
    "folded": ("folds up", "折叠"),
}
OWN: Final = frozenset(("on", "off", "selected", "unfolded", "folded"))


@dataclass(frozen=True, slots=True)
class Told:
    """One effect in English and Chinese."""

    en: str
    zh: str


def told(before: Scene, after: Scene, element: Element) -> Told | None:
    """What pressing `element` did; None where that cannot be named."""
    seen = found(Shown(before), Shown(after), element, turns=False)
    if seen.kind not in SAID or (seen.kind in OWN and not seen.own):
        return None
    if not all(sayable(name) for name in seen.names):
        return None
    en, zh = SAID[seen.kind]
    return Told(en.format(_what(seen, "en")), zh.format(_what(seen, "zh")))


def _what(seen: Found, lang: Lang) -> str:
    """What the effect is about."""
    if seen.kind == "menu":
        return listed(seen.names, lang, more=True)
    name = "".join(seen.names[:1])
    return top(seen.what, name, lang) if seen.kind in {"opened", "closed"} else quoted(name, lang)
