"""Tasks at the calculator, by its buttons or by the keyboard."""

from __future__ import annotations

from typing import Final

from collector.explore.tasks.intents import Either, Intent, Press, Say, WaitFor
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import Target
from collector.explore.tasks.task import Setting, Values, on_desktop

APP: Final = "galculator.desktop"
WINDOW: Final = Target(("window",), app="galculator")
DISPLAY: Final = Target(("textbox",), app="galculator")


def draw(setting: Setting) -> Values:
    """Two numbers, and another one."""
    one, two = setting.rng.randrange(12, 99), setting.rng.randrange(12, 99)
    return {"one": one, "two": two, "other": two + setting.rng.randrange(1, 9)}


def reckon(sign: str, v: Values) -> list[Intent]:
    """Type it in one go, or press one button after the other."""
    term = f"{v['one']}{sign}{v['two']}="
    keys = (Say(term, f"types {term}"),)
    pressed = tuple(Press(Target(("button",), (c,), app="galculator")) for c in term)
    return [WaitFor(WINDOW), Press(DISPLAY), Either((keys, pressed))]


def shows(state: State, right: int) -> Verdict:
    """Whether the calculator that was opened shows that number."""
    found = [e.value.strip() for e in state.every(DISPLAY) if e.value.strip() != "0"]
    return verdict(display=(found, [str(right)]))


TASKS: Final = (
    on_desktop(
        "galculator-product", APP,
        ("Work out {one} times {two} on the calculator.", "用计算器算出 {one} 乘以 {two}。"),
        draw, lambda v: reckon("*", v), lambda s, v: shows(s, v["one"] * v["two"]),
    ),
    on_desktop(
        "galculator-sum", APP,
        ("Work out {one} plus {two} on the calculator.", "用计算器算出 {one} 加 {two}。"),
        draw, lambda v: reckon("+", v), lambda s, v: shows(s, v["one"] + v["two"]),
    ),
)  # fmt: skip
