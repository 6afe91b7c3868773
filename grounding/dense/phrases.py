"""The sentences of captions, English and Chinese; each choice says the same."""

from __future__ import annotations

from typing import Final

from grounding import roles
from grounding.effects.words import Lang, quoted

PHRASES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "en": {
        "ask": (
            "Describe this screen.",
            "What does this screen show, and what can be done here?",
            "Write a short paragraph about this screen.",
        ),
        "no_front": ("No window is in front.", "The screen shows no window in front."),
        "untitled": ("A window without a title is in front.",),
        "page": ("The page {name} is open.", "The screen shows the page {name}."),
        "front": ("The {top} is in front.", "In front is the {top}."),
        "front_of": (
            "The {top} of the program {app} is in front.",
            "In front is the {top}, which belongs to {app}.",
        ),
        "group": ("{kind} such as {names}", "{kind}, among them {names}"),
        "one": ("the {thing}",),
        "on_screen": ("On it are {parts}.", "What can be seen are {parts}."),
        "parts": ("It has {parts}.", "In it are {parts}.", "It shows {parts}."),
        "is_on": ("The {thing} is switched on.",),
        "is_chosen": ("The {thing} is selected.",),
        "has_focus": ("The {thing} has the focus.", "The focus is on the {thing}."),
        "can_type": ("Text can be entered in {names}.", "One can type into {names}."),
        "can_press": ("One can press {names}.", "It is possible to press {names}."),
        "others": ("Also open: {names}.", "Other windows on the screen: {names}."),
    },
    "zh": {
        "ask": (
            "请描述这个屏幕。",
            "这个屏幕上显示了什么？可以做什么？",
            "请用一段话介绍这个屏幕。",
        ),
        "no_front": ("前台没有窗口。",),
        "untitled": ("前台是一个没有标题的窗口。",),
        "page": ("当前打开的页面是{name}。", "屏幕上显示的是页面{name}。"),
        "front": ("位于前台的是{top}。", "{top}在最前面。"),
        "front_of": ("位于前台的是程序{app}的{top}。",),
        "group": ("{names}等{kind}", "{kind}（例如{names}）"),
        "one": ("{thing}",),
        "on_screen": ("屏幕上有{parts}。",),
        "parts": ("其中有{parts}。", "里面可以看到{parts}。"),
        "is_on": ("{thing}处于打开状态。",),
        "is_chosen": ("{thing}处于选中状态。",),
        "has_focus": ("焦点在{thing}上。",),
        "can_type": ("可以在{names}中输入文字。",),
        "can_press": ("可以点击{names}。",),
        "others": ("屏幕上还打开了{names}。", "其他打开的窗口有{names}。"),
    },
}
MANY: Final = {
    "text": "texts", "switch": "switches", "search field": "search fields", "text area": "text areas",
    "status text": "status texts", "check box": "check boxes", "combo box": "combo boxes",
    "scroll bar": "scroll bars", "canvas": "canvases",
}  # fmt: skip
_CHINESE: Final = {role.en: role.zh for role in roles.ROLES.values()}


def several(word: str, lang: Lang) -> str:
    """The plural of an English role word, or its Chinese."""
    if lang == "zh":
        return _CHINESE.get(word, "元素")
    if word.endswith(("s", "x", "ch")):
        return MANY.get(word, f"{word}es")
    return MANY.get(word, f"{word[:-1]}ies" if word.endswith("ry") else f"{word}s")


def joined(parts: list[str], lang: Lang) -> str:
    """Parts of one sentence, each of which may hold commas."""
    if lang == "zh":
        return "，".join(parts)
    return parts[0] if len(parts) == 1 else "; ".join(parts[:-1]) + f"; and {parts[-1]}"


def either(names: list[str], lang: Lang) -> str:
    """`"A", "B" or "C"`."""
    said = [quoted(name, lang) for name in names]
    if lang == "zh":
        return "、".join(said[:-1]) + ("或" if len(said) > 1 else "") + said[-1]
    return said[0] if len(said) == 1 else ", ".join(said[:-1]) + f" or {said[-1]}"
