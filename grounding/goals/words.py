"""The goal that a row of steps turned out to have, in English and Chinese.

It says what the screen shows afterwards, never how to get there; typed text and addresses are part
of it, since nobody could guess them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from envs.actions import Action, Write
from grounding import text
from grounding.effects import Found
from grounding.effects.words import TELLING_NOTHING, Lang, quoted, sayable, thing, top
from grounding.scene import Node

PHRASES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "opened": (
        ("Open the {top}.", "Bring up the {top}.", "Get the {top} to show."),
        ("打开{top}。", "调出{top}。"),
    ),
    "another": (("Open another {top}.", "Get one more {top}."), ("再打开一个{top}。",)),
    "leads": (("Get to {name}.", "Go to {name} in this window."), ("转到{name}。",)),
    "closed": (("Close the {top}.", "Leave the {top}."), ("关闭{top}。",)),
    "page": (("Go to the page {name}.", "Open the page {name}."), ("打开页面{name}。",)),
    "address": (("Open the address {name}.", "Go to {name}."), ("打开网址{name}。",)),
    "back": (("Go back to the page {name}.",), ("返回页面{name}。",)),
    "on": (("Switch {subject} on.", "Turn on {subject}."), ("打开{subject}。", "启用{subject}。")),
    "off": (("Switch {subject} off.", "Turn off {subject}."), ("关闭{subject}。", "停用{subject}。")),
    "selected": (("Select {subject}.", "Choose {subject}."), ("选择{subject}。", "选中{subject}。")),
    "unfolded": (("Unfold {subject}.", "Expand {subject}."), ("展开{subject}。",)),
    "value": (("Set the {thing} to {plain}.",), ("把{thing}设为{plain}。",)),
    "typed": (
        ("Type {name} into the {thing}.", "Enter {name} in the {thing}."),
        ("在{thing}中输入{name}。",),
    ),
    "form": (("Fill in {fields}.", "Enter {fields}."), ("填写{fields}。",)),
    "submitted": (
        ("Fill in {fields} and press {button}.", "Enter {fields}, then press {button}."),
        ("填写{fields}，然后点击{button}。",),
    ),
    "ran": (("Run {name} in the terminal.", "Have the terminal run {name}."), ("在终端中运行{name}。",)),
    "entered": (
        ("Type {name} into the {thing} and confirm.",),
        ("在{thing}中输入{name}并确认。",),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Did:
    """One step: the action, what it was made on, what came of it."""

    action: Action
    node: Node | None
    found: Found


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal in both languages, and what kind it is."""

    kind: str
    en: str
    zh: str


def goal(done: Sequence[Did], seed: str) -> Goal | None:
    """The goal that the last of these steps reached; None where it was none."""
    typed = _typed(done)
    if typed:
        return _form(done, typed, seed)
    return _single(done[-1], seed)


def _typed(done: Sequence[Did]) -> dict[str, str]:
    """What was typed, by the field's name."""
    return {
        did.node.name: did.action.text
        for did in done
        if isinstance(did.action, Write)
        and did.node is not None
        and did.node.kind == "field"
        and did.found.kind in {"holds", *_ENDED}
    }


_ENDED: Final = frozenset({"opened", "closed", "page", "leads", "came", "renamed"})


def _form(done: Sequence[Did], typed: dict[str, str], seed: str) -> Goal | None:
    """A form that was filled, and perhaps sent off."""
    last = done[-1]
    if not all(sayable(value) for value in typed.values()) or not all(map(sayable, typed)):
        return None
    button = last.node.name if last.node is not None and "button" in last.node.element.role else ""
    if button and sayable(button):
        return _say("submitted", seed, typed=typed, button=button)
    if not isinstance(last.action, Write) or last.node is None:
        return None
    kind = _kind_of_write(last.action, last.node, last.found, len(typed))
    return _say(kind, seed, found=_of_write(last.action, last.node), typed=typed) if kind else None


def _kind_of_write(action: Write, node: Node, found: Found, fields: int) -> str:
    """What typing reached as the last step; empty where nobody can tell."""
    if found.kind == "holds" and not action.submit:
        return "form" if fields > 1 else "typed"
    if action.submit and fields == 1:
        return "ran" if node.element.role == "terminal" else "entered"
    return ""


def _of_write(action: Write, node: Node) -> Found:
    return Found("holds", (action.text,), node.element.role, node.name)


def _single(did: Did, seed: str) -> Goal | None:
    """What one step reached."""
    found, name = did.found, did.action.name
    if name == "goto":
        address = str(did.action.as_record()["args"].get("url", ""))
        return _say("address", seed, found=Found("page", (address,))) if address else None
    if name in {"go_back", "go_forward", "wait", "move_to", "scroll"}:
        back = name == "go_back" and found.kind == "page" and _is_sought(found)
        return _say("back", seed, found=found) if back else None
    if found.kind == "closed" and not _means_to_close(did):
        return None
    if found.kind in {"opened", "leads", "closed", "page"}:
        kind = found.way or found.kind
        return _say(kind, seed, found=found) if _is_sought(found) else None
    return _setting(did, seed)


def _setting(did: Did, seed: str) -> Goal | None:
    """A setting that was changed by its own element; a panel's buttons and menus set nothing."""
    found, node = did.found, did.node
    if node is None or not found.own or not sayable(found.subject):
        return None
    if "panel" in node.element.app.casefold() or found.what == "menu":
        return None
    if found.kind == "on" and "radio" in found.what:
        return _say("selected", seed, found=found)
    known = found.kind in {"on", "off", "selected", "unfolded", "value"}
    return _say(found.kind, seed, found=found) if known else None


def _means_to_close(did: Did) -> bool:
    """Whether closing was meant: by a button or an entry, or from the keyboard."""
    if did.node is None:
        return did.action.name in {"press", "hotkey"}
    role = did.node.element.role
    return did.action.name == "click" and ("button" in role or "menu" in role)


def _is_sought(found: Found) -> bool:
    """Whether somebody might want to get there."""
    name = found.names[0]
    return sayable(name) and name.casefold() not in TELLING_NOTHING


def _say(
    kind: str, seed: str, *, found: Found | None = None, typed: dict[str, str] | None = None,
    button: str = "",
) -> Goal:  # fmt: skip
    found = found or Found("picture")
    said = [_filled(kind, lang, seed, found, typed or {}, button) for lang in ("en", "zh")]
    return Goal(kind, *said)


def _filled(
    kind: str, lang: Lang, seed: str, found: Found, typed: dict[str, str], button: str
) -> str:
    phrases = PHRASES[kind][lang == "zh"]
    digest = hashlib.sha256(f"{seed}/{kind}".encode()).digest()
    first = text.clean(found.names[0]) if found.names else ""
    return phrases[digest[1] % len(phrases)].format(
        name=quoted(first, lang),
        plain=first,
        top=top(found.what, first, lang),
        subject=quoted(found.subject, lang),
        thing=thing(found.what, found.subject, lang),
        fields=_fields(typed, lang),
        button=quoted(button, lang),
    )


def _fields(typed: dict[str, str], lang: Lang) -> str:
    """`"Name" with "Ada" and "City" with "Oslo"`."""
    if lang == "zh":
        return "、".join(f"“{name}”为“{value}”" for name, value in typed.items())
    pairs = [f'"{name}" with "{value}"' for name, value in typed.items()]
    return listed_plain(pairs)


def listed_plain(parts: list[str]) -> str:
    """`A, B and C`."""
    return "".join(parts) if len(parts) < 2 else ", ".join(parts[:-1]) + f" and {parts[-1]}"
