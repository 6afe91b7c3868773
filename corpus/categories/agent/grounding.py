"""Dense grounding of a screen as conversations: locate, point, identify, list.

Coordinates are integers of 0–1000, derived here. Only expressions that mean one element of the
screen are asked about; what is asked of which element follows from the record's id alone.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from corpus.categories.agent import samples
from corpus.sample import Turn

ASKED: Final = 8
LISTED: Final = 40
CHINESE: Final = 0.25
ASK_BOX: Final = {
    "en": "Where is {}? Answer with its box as [left, top, right, bottom] in 0-1000.",
    "zh": "{}在哪里？请用 0-1000 的 [左, 上, 右, 下] 框回答。",
}
ASK_POINT: Final = {
    "en": "Point to {}. Answer with (x, y) in 0-1000.",
    "zh": "请指出{}的位置，用 0-1000 的 (x, y) 回答。",
}
QUOTED: Final = {"en": '"{}"', "zh": "“{}”"}
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Said:
    """A way to name an element, and its language; a name that is quoted can be asked for in any."""

    text: str
    language: str
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation over one screen."""

    kind: str
    language: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a screen with a way to name it."""

    role: str
    name: str
    box: Box
    expressions: tuple[Said, ...]
    interactable: bool


def elements(record: dict[str, Any], size: tuple[int, int]) -> tuple[list[Element], Counter[str]]:
    """The usable elements in reading order, and the others counted by reason."""
    kept: list[Element] = []
    dropped: Counter[str] = Counter()
    listed = record.get("elements")
    for raw in listed if isinstance(listed, list) else ():
        if not isinstance(raw, dict):
            dropped["element is not an object"] += 1
            continue
        box = samples.box(raw.get("bbox_px"), size)
        if box is None:
            dropped["element has no box on the screen"] += 1
            continue
        said = _said(raw.get("expressions"))
        role, name = samples.text(raw.get("role"), 60), samples.text(raw.get("name"), 120)
        kept.append(Element(role, name, box, said, raw.get("interactable") is True))
    kept.sort(key=lambda e: (e.box[1], e.box[0], e.box[3], e.box[2], e.role, e.name))
    return kept, dropped


def _said(listed: Any) -> tuple[Said, ...]:
    found = []
    for raw in listed if isinstance(listed, list) else ():
        text = samples.text(raw.get("text")) if isinstance(raw, dict) else ""
        if text:
            found.append(
                Said(text, "zh" if raw.get("lang") == "zh" else "en", raw.get("kind") == "name")
            )
    return tuple(found)


def conversations(found: list[Element], seed: str) -> Iterator[Talk]:
    """Conversations over one screen; the seed decides which element is asked in which."""
    rng = random.Random(seed)  # noqa: S311 - a choice of examples, not a secret
    counts = Counter(text for e in found for text in {s.text for s in e.expressions})
    order = list(found)
    rng.shuffle(order)
    for kind, chosen, ask in (("locate", order[0::2], _locate), ("point", order[1::2], _point)):
        for start in range(0, len(chosen), ASKED):
            language = "zh" if rng.random() < CHINESE else "en"
            pairs = []
            for element in chosen[start : start + ASKED]:
                said = [
                    one
                    for one in element.expressions
                    if counts[one.text] == 1 and (one.is_name or one.language == language)
                ]
                if said:
                    pairs.append(ask(element, rng.choice(said), language))
            if pairs:
                yield Talk(kind, language, _turns(pairs))
    named = [e for e in found if e.name and e.role]
    asked = sorted(rng.sample(range(len(named)), min(ASKED, len(named))))
    if asked:
        yield Talk("identify", "en", _turns([_identify(named[n]) for n in asked]))
    shown = [e for e in named if e.interactable][:LISTED]
    if len(shown) >= 3:
        yield Talk("list", "en", _turns([_list(shown)]))


def _turns(pairs: list[tuple[str, str]]) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    for number, (question, answer) in enumerate(pairs):
        turns.append(Turn("user", question if number else f"<image>\n{question}"))
        turns.append(Turn("assistant", answer))
    return tuple(turns)


def _plain(text: str) -> str:
    return text.replace("<image>", "< image >")


def _shown(said: Said, language: str) -> str:
    """How an element is called in a question of that language."""
    text = _plain(said.text)
    return QUOTED[language].format(text) if said.is_name else text


def _locate(element: Element, said: Said, language: str) -> tuple[str, str]:
    question = ASK_BOX[language].format(_shown(said, language))
    return question, str(list(element.box))


def _point(element: Element, said: Said, language: str) -> tuple[str, str]:
    left, top, right, bottom = element.box
    question = ASK_POINT[language].format(_shown(said, language))
    return question, f"({(left + right) // 2}, {(top + bottom) // 2})"


def _identify(element: Element) -> tuple[str, str]:
    return f"What is at {list(element.box)}?", f'{element.role} "{_plain(element.name)}"'


def _list(shown: list[Element]) -> tuple[str, str]:
    rows = [f'{e.role} "{_plain(e.name)}" {list(e.box)}' for e in shown]
    return (
        f"List the first {len(shown)} elements that can be used, in reading order, each with its box in 0-1000.",
        "\n".join(rows),
    )
