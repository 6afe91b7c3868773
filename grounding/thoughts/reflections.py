"""What came of a step, told by name from the screens around it; never part of its thought."""

from __future__ import annotations

import hashlib
from typing import Final

from grounding.effects import Found
from grounding.effects.words import Lang, listed, quoted, sayable, thing, top
from grounding.effects.words import word as role_word

Phrases = dict[str, tuple[str, ...]]
EN: Final[Phrases] = {
    "opened": ("The {top} opened.", "This opened the {top}."),
    "another": ("Another {top} opened.",),
    "leads": ("The window now shows {name}.", "The window's title is {name} now."),
    "closed": ("The {top} closed.", "This closed the {top}."),
    "menu": ("A menu opened with {names}.", "This opened a menu: {names}."),
    "menu_closed": ("The menu with {names} closed.",),
    "page": ("The page {name} opened.", "This led to the page {name}."),
    "on": ("The {thing} is switched on now.",),
    "off": ("The {thing} is switched off now.",),
    "selected": ("The {thing} is selected now.",),
    "own_on": ("The {thing} is switched on now.", "This switched the {thing} on."),
    "own_off": ("The {thing} is switched off now.", "This switched the {thing} off."),
    "own_selected": ("The {thing} is selected now.", "This selected the {thing}."),
    "unfolded": ("The {thing} unfolded.",),
    "folded": ("The {thing} folded up.",),
    "holds": ("The {thing} now holds {name}.", "{name} stands in the {thing} now."),
    "holds_long": ("The text in the {thing} changed.",),
    "emptied": ("The {thing} is empty now.",),
    "value": ("The {thing} now stands at {plain}.",),
    "tip": ("A tooltip says {name}.",),
    "renamed": ("{name} became {second}.", "Where it said {name} it now says {second}."),
    "came": ("{names} appeared.", "Now {names} can be seen."),
    "went": ("{names} went away.",),
    "scrolled_up": ("The view moved up.", "What stands further up came into view."),
    "scrolled_down": ("The view moved down.", "What stands further down came into view."),
    "focus": ("The {thing} has the focus now.",),
    "moved": ("The {top} moved or changed its size.",),
    "picture": ("Only the picture changed.", "The picture changed, and nothing that has a name."),
    "changed": ("What is shown changed.",),
    "nothing": ("The step changed nothing that can be seen.", "Nothing happened."),
    "refused": ("The machine refused the step; nothing was done.",),
}
ZH: Final[Phrases] = {
    "opened": ("{top}打开了。", "这一步打开了{top}。"),
    "another": ("又打开了一个{top}。",),
    "leads": ("窗口现在显示的是{name}。",),
    "closed": ("{top}关闭了。", "这一步关闭了{top}。"),
    "menu": ("打开了一个菜单，其中有{names}。", "出现了包含{names}的菜单。"),
    "menu_closed": ("包含{names}的菜单关闭了。",),
    "page": ("打开了页面{name}。", "转到了页面{name}。"),
    "on": ("{thing}现在是打开的。",),
    "off": ("{thing}现在是关闭的。",),
    "selected": ("{thing}现在被选中了。",),
    "own_on": ("{thing}现在是打开的。", "这一步打开了{thing}。"),
    "own_off": ("{thing}现在是关闭的。", "这一步关闭了{thing}。"),
    "own_selected": ("{thing}现在被选中了。", "这一步选中了{thing}。"),
    "unfolded": ("{thing}展开了。",),
    "folded": ("{thing}折叠起来了。",),
    "holds": ("{thing}的内容现在是{name}。", "{thing}里现在是{name}。"),
    "holds_long": ("{thing}里的文字改变了。",),
    "emptied": ("{thing}现在是空的。",),
    "value": ("{thing}现在的值是{plain}。",),
    "tip": ("出现了提示{name}。",),
    "renamed": ("{name}变成了{second}。",),
    "came": ("出现了{names}。", "现在可以看到{names}。"),
    "went": ("{names}消失了。",),
    "scrolled_up": ("视图向上移动了。",),
    "scrolled_down": ("视图向下移动了。",),
    "focus": ("{thing}现在获得了焦点。",),
    "moved": ("{top}的位置或大小改变了。",),
    "picture": ("只有画面发生了变化。",),
    "changed": ("显示的内容发生了变化。",),
    "nothing": ("这一步没有带来可见的变化。", "什么也没有发生。"),
    "refused": ("机器拒绝了这一步，什么也没有发生。",),
}
PHRASES: Final = {"en": EN, "zh": ZH}
NAMED: Final = frozenset({"leads", "page", "tip", "opened", "closed", "moved", "value", "holds"})
"""Kinds whose first name the sentence cannot do without."""
LISTED: Final = frozenset({"menu", "menu_closed", "came", "went"})
"""Kinds that tell any of their names."""
MOST: Final = 3


def reflect(lang: Lang, found: Found, seed: str) -> str:
    """One sentence for what a step did, chosen by the seed among those that say the same."""
    names = tuple(name for name in found.names if sayable(name))
    key = _key(found, names)
    phrases = PHRASES[lang][key]
    digest = hashlib.sha256(f"{seed}/{key}".encode()).digest()
    first = names[0] if names else ""
    return _capital(
        phrases[digest[0] % len(phrases)].format(
            name=quoted(first, lang),
            plain=first,
            second=quoted(names[-1], lang) if names else "",
            names=listed(names[:MOST], lang, more=len(names) > MOST or key == "menu"),
            top=top(found.what, first, lang),
            thing=thing(found.what, found.subject, lang),
        )
    )


def _key(found: Found, names: tuple[str, ...]) -> str:
    """The phrase for an effect; a plainer one where its names cannot be said."""
    if not _can_be_said(found, names):
        return "holds_long" if found.kind == "holds" else "changed"
    if found.kind == "scrolled":
        return f"scrolled_{found.way}"
    if found.way == "another":
        return "another"
    own = found.own and found.kind in {"on", "off", "selected"}
    return f"own_{found.kind}" if own else found.kind


def _can_be_said(found: Found, names: tuple[str, ...]) -> bool:
    """Whether the names that the phrase needs can stand in a sentence."""
    if found.kind in LISTED:
        return bool(names)
    if found.kind in NAMED:
        return bool(found.names) and sayable(found.names[0])
    if found.kind == "renamed":
        return len(names) == 2
    if found.kind in {"on", "off", "selected", "unfolded", "folded", "focus"}:
        return bool(found.subject) or role_word(found.what, lang="en") != "element"
    return True


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
