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
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a screen with a way to name it."""

    role: str
    name: str
    box: Box
    expressions: tuple[str, ...]
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
        said = raw.get("expressions")
        texts = [
            samples.text(e.get("text"))
            for e in (said if isinstance(said, list) else ())
            if isinstance(e, dict)
        ]
        role, name = samples.text(raw.get("role"), 60), samples.text(raw.get("name"), 120)
        kept.append(
            Element(role, name, box, tuple(t for t in texts if t), raw.get("interactable") is True)
        )
    kept.sort(key=lambda e: (e.box[1], e.box[0], e.box[3], e.box[2], e.role, e.name))
    return kept, dropped


def conversations(found: list[Element], seed: str) -> Iterator[tuple[str, tuple[Turn, ...]]]:
    """Kinds and turns for one screen; the seed decides which element is asked in which."""
    rng = random.Random(seed)  # noqa: S311 - a choice of examples, not a secret
    counts = Counter(text for e in found for text in set(e.expressions))
    unique = [(e, [t for t in e.expressions if counts[t] == 1]) for e in found]
    referred = [(e, texts) for e, texts in unique if texts]
    rng.shuffle(referred)
    by_box, by_point = referred[0::2], referred[1::2]
    for kind, chosen, ask in (("locate", by_box, _locate), ("point", by_point, _point)):
        for start in range(0, len(chosen), ASKED):
            pairs = [ask(e, rng.choice(texts)) for e, texts in chosen[start : start + ASKED]]
            yield kind, _turns(pairs)
    named = [e for e in found if e.name and e.role]
    asked = sorted(rng.sample(range(len(named)), min(ASKED, len(named))))
    if asked:
        yield "identify", _turns([_identify(named[n]) for n in asked])
    shown = [e for e in named if e.interactable][:LISTED]
    if len(shown) >= 3:
        yield "list", _turns([_list(shown)])


def _turns(pairs: list[tuple[str, str]]) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    for number, (question, answer) in enumerate(pairs):
        turns.append(Turn("user", question if number else f"<image>\n{question}"))
        turns.append(Turn("assistant", answer))
    return tuple(turns)


def _plain(text: str) -> str:
    return text.replace("<image>", "< image >")


def _locate(element: Element, said: str) -> tuple[str, str]:
    question = (
        f"Where is {_plain(said)}? Answer with its box as [left, top, right, bottom] in 0-1000."
    )
    return question, str(list(element.box))


def _point(element: Element, said: str) -> tuple[str, str]:
    left, top, right, bottom = element.box
    question = f"Point to {_plain(said)}. Answer with (x, y) in 0-1000."
    return question, f"({(left + right) // 2}, {(top + bottom) // 2})"


def _identify(element: Element) -> tuple[str, str]:
    return f"What is at {list(element.box)}?", f'{element.role} "{_plain(element.name)}"'


def _list(shown: list[Element]) -> tuple[str, str]:
    rows = [f'{e.role} "{_plain(e.name)}" {list(e.box)}' for e in shown]
    return (
        f"List the first {len(shown)} elements that can be used, in reading order, each with its box in 0-1000.",
        "\n".join(rows),
    )
