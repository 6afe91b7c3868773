"""Canonical actions as lines of pyautogui code that every known reader takes as they are meant.

Keywords only (`hotkey(keys=[…])`), a drag as `moveTo` and `dragTo`, quotes chosen by content and
never escaped, coordinates 0–1 with four decimals, never 1. A pixel off the screen is refused.
"""

from __future__ import annotations

from typing import Any, Final

from grounding.dialects.vocabulary import Inexpressible, Vocabulary

LARGEST: Final = 0.9999
"""The greatest coordinate written: readers refuse 1 and above."""
POINTING: Final = {
    "click": "click",
    "double_click": "doubleClick",
    "right_click": "rightClick",
    "middle_click": "middleClick",
    "triple_click": "tripleClick",
    "move_to": "moveTo",
}


def emit(action: dict[str, Any], width: int, height: int, words: Vocabulary) -> str:
    """The code of a canonical action record. Raises Inexpressible with the reason."""
    name, args = str(action["name"]), dict(action.get("args") or {})
    match name:
        case "drag":
            return _drag(args, width, height, words)
        case "scroll":
            return _scroll(args, width, height, words)
        case "write":
            return _write(args, words)
        case "press" | "hotkey":
            return _keys(name, args)
        case "wait" | "terminate":
            return _unhurried(name, args, words)
    if name not in POINTING:
        raise Inexpressible.because(f"no_word_{name}", f"{name!r}")
    return _pointing(_kind(name, args), args, width, height, words)


def point(x: int, y: int, width: int, height: int) -> str:
    """`x=0.1234, y=0.5678` for a pixel of the screen. Raises Inexpressible for one outside."""
    if not (0 <= x < width and 0 <= y < height):
        raise Inexpressible.because("off_screen", f"({x}, {y}) on a {width}x{height} screen")
    return f"x={_share(x, width)}, y={_share(y, height)}"


def quoted(text: str, words: Vocabulary) -> str:
    """`text` as a Python string without an escaped quote. Raises Inexpressible."""
    odd = not all(character.isprintable() or character in "\n\t\r" for character in text)
    if odd or any(character in words.forbidden_text for character in text):
        raise Inexpressible.because("unsafe_text", "text that its readers would cut")
    quote = '"' if "'" in text else "'"
    if quote in text:
        raise Inexpressible.because("both_quotes", "text with both kinds of quotes")
    body = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return f"{quote}{body}{quote}"


def _share(pixel: int, size: int) -> str:
    return str(min(round(pixel / size, 4), LARGEST))


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else f"{value:g}"


def _unhurried(name: str, args: dict[str, Any], words: Vocabulary) -> str:
    if name == "wait" and words.wait:
        return f"{words.wait}(seconds={_number(args.get('seconds', 1.0))})"
    if name == "terminate" and words.terminate:
        return f"{words.terminate}(status='{args.get('status', 'success')}')"
    raise Inexpressible.because(f"no_word_{name}", f"{name!r}")


def _kind(name: str, args: dict[str, Any]) -> str:
    """The plain name of a click that carries its button and count as arguments."""
    if name != "click":
        return name
    button, clicks = args.get("button", "left"), int(args.get("clicks", 1))
    if args.get("modifiers"):
        raise Inexpressible.because("modifiers", "a click with keys held")
    kinds = {("left", 1): "click", ("left", 2): "double_click", ("left", 3): "triple_click"}
    kinds |= {("right", 1): "right_click", ("middle", 1): "middle_click"}
    if (button, clicks) not in kinds:
        raise Inexpressible.because("click_count", f"{clicks} {button} clicks")
    return kinds[button, clicks]


def _pointing(kind: str, args: dict[str, Any], width: int, height: int, words: Vocabulary) -> str:
    at = point(args["x"], args["y"], width, height)
    if kind == "triple_click":
        if not words.triple_click:
            raise Inexpressible.because("no_word_triple_click", "a triple click")
        return f"{words.triple_click}({at})"
    if kind == "middle_click" and not words.middle_click:
        raise Inexpressible.because("no_word_middle_click", "a middle click")
    return f"pyautogui.{POINTING[kind]}({at})"


def _drag(args: dict[str, Any], width: int, height: int, words: Vocabulary) -> str:
    path, button = args["path"], args.get("button", "left")
    if len(path) < 2:
        raise Inexpressible.because("drag_without_path", "a drag with fewer than two points")
    if button != "left" and not words.drag_button:
        raise Inexpressible.because("drag_button", f"a drag with the {button} button")
    start = point(path[0]["x"], path[0]["y"], width, height)
    end = point(path[-1]["x"], path[-1]["y"], width, height)
    held = f", button='{button}'" if words.drag_button else ""
    return f"pyautogui.moveTo({start})\npyautogui.dragTo({end}{held})"


def _scroll(args: dict[str, Any], width: int, height: int, words: Vocabulary) -> str:
    dx, dy = int(args.get("dx", 0)), int(args.get("dy", 0))
    if bool(dx) == bool(dy):
        raise Inexpressible.because("scroll_direction", "a scroll both ways or none")
    verb, turns = ("scroll", dy) if dy else ("hscroll", dx)
    lines = [f"pyautogui.moveTo({point(args['x'], args['y'], width, height)})"]
    if words.scroll == "clicks":
        lines.append(f"pyautogui.{verb}({turns})")
    else:
        sign = -1 if verb == "scroll" else 1  # only its vertical sense is turned round
        lines.append(f"pyautogui.{verb}(page={sign * _hundredths(turns)})")
    return "\n".join(lines)


def _hundredths(turns: int) -> float:
    """The least figure that `int(abs(figure * 100))` brings back to the turns."""
    figure = turns / 100
    if int(abs(figure * 100)) < abs(turns):  # 0.29 * 100 is 28.999…
        figure += 0.001 if turns > 0 else -0.001
    return round(figure, 3)


def _write(args: dict[str, Any], words: Vocabulary) -> str:
    text = str(args["text"])
    if not text:
        raise Inexpressible.because("no_text", "typing nothing (the text was withheld)")
    lines = ["pyautogui.hotkey(keys=['ctrl', 'a'])"] if args.get("clear") else []
    lines.append(f"pyautogui.write(message={quoted(text, words)})")
    if args.get("submit"):
        lines.append("pyautogui.press(keys=['enter'])")
    return "\n".join(lines)


def _keys(name: str, args: dict[str, Any]) -> str:
    keys = [str(key) for key in args["keys"]]
    if not keys or any(set(key) & set("'\"\\") for key in keys):
        raise Inexpressible.because("odd_key", f"the keys {keys}")
    listed = ", ".join(f"'{key}'" for key in keys)
    presses = int(args.get("presses", 1))
    more = f", presses={presses}" if name == "press" and presses != 1 else ""
    return f"pyautogui.{name}(keys=[{listed}]{more})"
