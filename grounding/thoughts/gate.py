"""What no thought may contain, whoever wrote it: each flaw is a word that is counted.

`quoted_name_not_on_screen`: it names what the screen before the action does not show, which is
also how knowledge of the future gives itself away. `coordinates`, `marker_talk`: it speaks of
pixels, or of pictures and marks that the person in front of the screen does not see. `empty`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from grounding.thoughts.moment import Thought

QUOTED: Final = re.compile(r"“([^“”]*)”|\"([^\"]*)\"")
COORDINATES: Final = re.compile(
    r"\(\s*\d+(\.\d+)?\s*[,，]\s*\d+(\.\d+)?\s*\)|\b[01]?\.\d{2,}|\b[xy]\s*=\s*\d"
    r"|\b\d+\s*(px|pixels?)\b|coordinates?\b|坐标|像素",
    re.IGNORECASE,
)
MARKERS: Final = re.compile(
    r"\b(red|green|blue|yellow)\s+(circle|box|dot|mark(er)?|rectangle|cross)\b|\bmarkers?\b"
    r"|bounding box|\b(image|screenshot|picture)\s*(#|no\.?\s*)?\d|\bscreenshots?\b|crosshair"
    r"|标记|红框|红圈|截图|第\s*\d+\s*张图",
    re.IGNORECASE,
)


def flaws(thought: Thought, on_screen: Iterable[str], action: dict[str, Any]) -> tuple[str, ...]:
    """Every reason not to ship these words; `on_screen` are the names to be seen before."""
    texts = (thought.observation, thought.thought, thought.action_text)
    found: list[str] = []
    if not all(text.strip() for text in texts):
        found.append("empty")
    allowed = {name.casefold() for name in on_screen} | set(_own_words(action))
    if any(quote.casefold() not in allowed for text in texts for quote in quotes(text)):
        found.append("quoted_name_not_on_screen")
    bare = [QUOTED.sub(" ", text) for text in texts]
    if any(COORDINATES.search(text) for text in bare):
        found.append("coordinates")
    if any(MARKERS.search(text) for text in bare):
        found.append("marker_talk")
    return tuple(found)


def quotes(text: str) -> Iterator[str]:
    """What stands between quotation marks."""
    for match in QUOTED.finditer(text):
        yield match.group(1) if match.group(1) is not None else match.group(2)


def _own_words(action: dict[str, Any]) -> Iterator[str]:
    """The text an action itself carries: typed, chosen, or an address."""
    for value in dict(action.get("args") or {}).values():
        if isinstance(value, str):
            yield value.casefold()
