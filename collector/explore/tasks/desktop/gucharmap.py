"""Tasks in the character map: a character found by its name, the size of the letters."""

from __future__ import annotations

from typing import Final

from collector.explore.tasks.intents import Intent, Menu, Press, Say, Type, WaitFor
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import Target
from collector.explore.tasks.task import Setting, Values, on_desktop

APP: Final = "gucharmap.desktop"
SIZE: Final = Target(("spinbutton",), ("Font Size", "字体大小", "字号"), app="gucharmap")
STATUS: Final = Target(("status", "statusbar"), app="gucharmap")
DIALOG: Final = Target(("dialog",), app="gucharmap")
COPIED: Final = Target(("textbox",), ("Text to copy:", "要复制的文本"), "starts", app="gucharmap")
CHARACTERS: Final = (
    ("BLACK HEART SUIT", "U+2665"),
    ("SNOWMAN", "U+2603"),
    ("EURO SIGN", "U+20AC"),
    ("INFINITY", "U+221E"),
    ("ANCHOR", "U+2693"),
)


def draw_character(setting: Setting) -> Values:
    """A character and another."""
    (name, code), (other, _) = setting.rng.sample(CHARACTERS, 2)
    return {"name": name, "code": code, "other": other}


def find(v: Values) -> list[Intent]:
    """The search dialog, the name, next."""
    return [
        WaitFor(SIZE),
        Menu((("Search", "搜索"), ("Find", "查找")), ("ctrl", "f"), "gucharmap"),
        WaitFor(DIALOG),
        Type(Target(("textbox",), app="gucharmap", within=DIALOG), v["name"], submit=True),
        WaitFor(Target(("status", "statusbar"), (v["name"],), "has", app="gucharmap")),
    ]


def is_found(state: State, v: Values) -> Verdict:
    """Whether the character is the chosen one."""
    said = [name for name in state.names(STATUS) if v["code"] in name]
    return verdict(chosen_character=(bool(said), True))


def draw_size(setting: Setting) -> Values:
    """A size of letters."""
    size, other = setting.rng.sample([14, 20, 24, 28, 32], 2)
    return {"size": size, "other": other}


def draw_text(setting: Setting) -> Values:
    """A word to put into the field."""
    words = setting.rng.sample(["harbour", "lantern", "orchard", "valley"], 2)
    return {"text": words[0], "other": words[1]}


TASKS: Final = (
    on_desktop(
        "gucharmap-find", APP,
        ("In the character map, search for the character named {name} and select it.",
         "在字符映射表中，查找名为 {name} 的字符并选中它。"),
        draw_character, find, is_found,
    ),
    on_desktop(
        "gucharmap-size", APP,
        ("In the character map, set the font size to {size}.", "在字符映射表中，把字号设为 {size}。"),
        draw_size, lambda v: [Type(SIZE, str(v["size"]), submit=True)],
        lambda s, v: verdict(size=(s.value(SIZE), str(v["size"]))),
    ),
    on_desktop(
        "gucharmap-text", APP,
        ("In the character map, put “{text}” into the field of the text to copy and press Copy.",
         "在字符映射表中，在要复制的文本框里填入“{text}”并按复制。"),
        draw_text,
        lambda v: [Press(COPIED), Say(v["text"], f"types {v['text']!r}"),
                   Press(Target(("button",), ("Copy", "复制"), app="gucharmap"))],
        lambda s, v: verdict(text=(s.value(COPIED), v["text"])),
    ),
)  # fmt: skip
