"""ScaleCUA: grounding rows and steps, one JSON line each, with the registration its trainer reads.

Its Qwen reader rewrites whatever looks like `x=0.1` or `[0.1, 0.2]`, and its runtime splits calls
at commas and parentheses: text with those is refused. Coordinates are `0.dddd`, never 0 or 1;
boxes are integers of 0 to 1000. Scrolling up is positive, as its documentation has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from grounding.dense.asking import Record, centre, is_plain, rng_of, row, share, thousandths
from grounding.dialects.shared import Exported, image_name
from grounding.dialects.vocabulary import Inexpressible

ASK_BOX: Final = ("Give the bounding box of {it}.", "Where is {it}?", "Locate {it} on the screen.")
ASK_ACTION: Final = ("Click {it}.", "Press {it}.", "Use {it}.")
CUT: Final = frozenset("(),\"'\\\n\r\t")
"""Characters of typed text that a reader would take for the call's own."""
KINDS: Final = {
    "click": "click", "double_click": "doubleClick", "right_click": "rightClick",
    "move_to": "moveTo",
}  # fmt: skip
PAGES: Final = {"go_back": "go_backward()", "go_forward": "go_forward()"}
SMALLEST_PX: Final = 28
"""Its readers take no smaller image."""


def grounding(record: Record) -> Exported:
    """A screen's rows: some elements asked for by box, the others by the click on them."""
    rng, dropped = rng_of(record, "scalecua"), Counter[str]()
    boxes, clicks = [], []
    for element in record["elements"]:
        told = _told(element)
        if not told:
            dropped["no_expression" if not element["expressions"] else "structure_in_text"] += 1
        elif element["interactable"] and rng.random() < 0.5:
            clicks.append((rng.choice(ASK_ACTION).format(it=told), _click(element, record)))
        else:
            box = thousandths(element["bbox_px"], record["image_size"])
            boxes.append(
                (rng.choice(ASK_BOX).format(it=told), f"<ref>{told}</ref><box>[{box}]</box>")
            )
    rows = [
        row(record, [pair], task=task, number=f"{number:04d}")
        for task, pairs in (("box", boxes), ("action", clicks))
        for number, pair in enumerate(pairs)
    ]
    return Exported(tuple(rows), dict(dropped))


def _told(element: Record) -> str:
    """The plainest English expression; empty where none is safe."""
    for kind in ("role_name", "function", "relation", "place"):
        for said in element["expressions"]:
            if said["kind"] == kind and said["lang"] == "en" and is_plain(said["text"]):
                return str(said["text"])
    return ""


def _click(element: Record, record: Record) -> str:
    x, y = centre(element["bbox_px"])
    width, height = record["image_size"]
    return f"<action>\nclick(x={share(x, width)}, y={share(y, height)})\n</action>"


def trajectory(told: dict[str, Any], images: str = "images") -> Exported:
    """One row a step: the goal and what was done before, then thought, operation and action.

    A step that cannot be said ends the trajectory there, so that no row follows a gap.
    """
    rows: list[dict[str, Any]] = []
    dropped: Counter[str] = Counter()
    history: list[str] = []
    size = told["screen"]["w"], told["screen"]["h"]
    for place, step in enumerate(told["steps"]):
        try:
            lines = action(step["action"], *size)
            if not all(map(is_plain, (told["goal"], step["action_text"], *history[-1:]))):
                raise Inexpressible.because("structure_in_text", "text that a reader rewrites")
        except Inexpressible as error:
            dropped[error.reason] += 1
            dropped["after_a_gap"] += len(told["steps"]) - place - 1
            break
        rows.append(_row(told, step, lines, history, images))
        history.append(step["action_text"])
    return Exported(tuple(rows), {reason: n for reason, n in dropped.items() if n})


def _row(
    told: dict[str, Any], step: dict[str, Any], lines: list[str], history: list[str], images: str
) -> dict[str, Any]:
    before = "\n".join(f"Step {n}: {text}" for n, text in enumerate(history, 1)) or "None"
    ask = f"<image>\nTask: {told['goal']}\n\nPrevious operations:\n{before}"
    thought = step["thought"] if is_plain(step["thought"]) else ""
    think = f"<think>\n{thought}\n</think>\n" if thought else ""
    acts = "\n".join(lines)
    answer = f"{think}<operation>\n{step['action_text']}\n</operation>\n<action>\n{acts}\n</action>"
    return {
        "image": f"{images}/{image_name(told['id'], step['index'])}",
        "conversations": [{"from": "human", "value": ask}, {"from": "gpt", "value": answer}],
        "width": told["screen"]["w"],
        "height": told["screen"]["h"],
    }


def action(said: dict[str, Any], width: int, height: int) -> list[str]:
    """The calls for a canonical action, one a line. Raises Inexpressible with the reason."""
    name, args = str(said["name"]), dict(said.get("args") or {})
    if name in KINDS:
        return [_pointing(name, args, width, height)]
    if name == "drag" and len(args["path"]) > 1:
        ends = [f"x={share(p['x'], width)}, y={share(p['y'], height)}" for p in args["path"]]
        return [f"moveTo({ends[0]})", f"dragTo({ends[-1]})"]
    if name == "scroll" and args.get("dy"):
        return [f"scroll(clicks={int(args['dy'])}, {_at(args, width, height)})"]
    if name in PAGES:
        return [PAGES[name]]
    return list(_typed(name, args))


def _typed(name: str, args: dict[str, Any]) -> Iterator[str]:
    """The calls that have no place on the screen."""
    if name == "write":
        yield from ["hotkey('ctrl', 'a')"] if args.get("clear") else []
        yield f"write(message='{_safe(str(args['text']))}')"
        yield from ["press(keys=['enter'])"] if args.get("submit") else []
    elif name == "press":
        times = int(args.get("presses", 1))
        yield f"press(keys=[{_keys(args)}]{f', presses={times}' if times != 1 else ''})"
    elif name == "hotkey":
        yield f"hotkey({_keys(args)})"
    elif name == "wait":
        yield f"wait(seconds={max(1, round(float(args.get('seconds', 1))))})"
    elif name == "terminate":
        yield f"terminate(status='{args.get('status', 'success')}')"
    elif name == "goto":
        yield f"open_url(url='{_safe(str(args['url']))}')"
    else:
        raise Inexpressible.because(f"no_word_{name}", f"{name!r}")


def _pointing(name: str, args: dict[str, Any], width: int, height: int) -> str:
    at = _at(args, width, height)
    if args.get("modifiers"):
        raise Inexpressible.because("modifiers", "a click with keys held")
    if name != "click":
        return f"{KINDS[name]}({at})"
    clicks, button = int(args.get("clicks", 1)), args.get("button", "left")
    more = (f", clicks={clicks}" if clicks != 1 else "") + (
        f", button='{button}'" if button != "left" else ""
    )
    return f"click({at}{more})"


def _at(args: dict[str, Any], width: int, height: int) -> str:
    x, y = args["x"], args["y"]
    if not (0 <= x < width and 0 <= y < height):
        raise Inexpressible.because("off_screen", f"({x}, {y})")
    return f"x={share(x, width)}, y={share(y, height)}"


def _keys(args: dict[str, Any]) -> str:
    keys = [str(key) for key in args["keys"]]
    if not keys or any(set(key) & CUT for key in keys):
        raise Inexpressible.because("odd_key", f"the keys {keys}")
    return ", ".join(f"'{key}'" for key in keys)


def _safe(text: str) -> str:
    if not text:
        raise Inexpressible.because("no_text", "typing nothing (the text was withheld)")
    if set(text) & CUT or not is_plain(text) or not text.isprintable():
        raise Inexpressible.because("unsafe_text", "text that its readers would cut")
    return text


def meta(files: Sequence[tuple[str, str, int]], root: str = "") -> dict[str, Any]:
    """The registration: for each name its file and length, at the paths its trainer joins."""
    return {
        name: {
            "root": root,
            "annotation": annotation,
            "conv_style": "internvl2_5",
            "data_augment": False,
            "max_dynamic_patch": 12,
            "repeat_time": 1,
            "length": length,
        }
        for name, annotation, length in files
    }
