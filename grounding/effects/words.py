"""Names and things in sentences, English and Chinese: quoted, listed, called by role."""

from __future__ import annotations

from typing import Final, Literal

from grounding import roles

Lang = Literal["en", "zh"]
LANGS: Final[tuple[Lang, ...]] = ("en", "zh")
LONGEST: Final = 60
"""A longer name is read, not said."""
TELLING_NOTHING: Final = frozenset(
    ["error", "warning", "question", "information", "attention", "alert", "failure",
     "错误", "警告", "问题", "信息", "注意"]
)  # fmt: skip
"""Titles of dialogs that say neither what they are for nor what led there."""
_KINDS: Final = {"dialog": ("dialog", "对话框"), "window": ("window", "窗口")}


def sayable(name: str) -> bool:
    """Whether a name can stand between quotes in a sentence and tells something there."""
    told = any(character.isalnum() for character in name)
    return 0 < len(name) <= LONGEST and told and not set('"“”\n') & set(name)


def quoted(name: str, lang: Lang) -> str:
    """The name between the language's quotes."""
    return f'"{name}"' if lang == "en" else f"“{name}”"


def listed(names: tuple[str, ...], lang: Lang, more: bool = False) -> str:
    """`"A", "B" and "C"`; `more` says that there are others."""
    said = [quoted(name, lang) for name in names]
    if lang == "zh":
        return "、".join(said) + ("等" if more else "")
    if more or len(said) < 2:
        return ", ".join(said) + (" and more" if more else "")
    return ", ".join(said[:-1]) + f" and {said[-1]}"


def top(what: str, name: str, lang: Lang) -> str:
    """`"Find" dialog`, `“查找”对话框`."""
    word = _KINDS.get(what, _KINDS["window"])[lang == "zh"]
    return quoted(name, lang) + (" " if lang == "en" else "") + word


def word(role: str, lang: Lang) -> str:
    """What people call a role; an element where there is no word."""
    if roles.role_of(role) is roles.CONTAINER:
        return "element" if lang == "en" else "元素"
    return roles.word(role, lang)


def thing(role: str, name: str, lang: Lang) -> str:
    """`"Save" button`, `“保存”按钮`; by the role alone where the name cannot be said."""
    if not sayable(name):
        return word(role, lang)
    return quoted(name, lang) + (" " if lang == "en" else "") + word(role, lang)
