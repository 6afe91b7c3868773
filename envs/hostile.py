"""Where what a backend says becomes values of ours: bounded, well-formed, and counted.

A guest, a page or a program may say anything: boxes of NaN, a million nodes, cycles, lone
surrogates. A `Sieve` keeps what can be kept, drops or mends the rest, and counts each reason, so
that nothing is lost in silence. It never raises for what was said and never looks past the bounds.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final

from envs.types import Box, Element, Tree
from infra import limits

WORD_CHARS: Final = 120
"""Longest role, state, action or toolkit name."""
ID_CHARS: Final = 300
"""Longest id of an element: a bus name and an object path, or a frame and a node."""
WORDS: Final = 64
"""Most states or actions of one element."""
SURROGATES: Final = range(0xD800, 0xE000)
Said = Mapping[str, Any]
"""An element as a backend tells it: the field names of `envs.types.Element`, values of any kind."""


@dataclass(slots=True)
class Sieve:
    """Takes in what one reading of a machine says; `counts` holds what it mended or dropped.

    Dropped elements: `not_an_element`, `no_id`, `duplicate_id`, `cycle`, `too_deep`, `too_many`.
    Dropped boxes: `box_not_a_number`, `box_far`, `box_inverted`, `box_empty`; a box off the screen
    is kept and counted (`box_off_screen`), since things scroll away. Mended: `orphan` (its parent
    was never said; it becomes a root), `text_cut`, `text_surrogate`, `text_not_text`, `tree_text`.
    """

    width: int
    height: int
    nodes: int = limits.TREE_NODES
    depth: int = limits.TREE_DEPTH
    counts: Counter[str] = field(default_factory=Counter)
    _text_left: int = limits.TREE_TEXT_CHARS

    def tree(
        self,
        said: Iterable[object],
        source: str,
        t_start_ns: int,
        t_end_ns: int,
        *,
        audited: bool = True,
        truncated: bool = False,
    ) -> Tree:
        """The tree of what was said, parents before children, siblings in the order they came."""
        elements = self.elements(said)
        return Tree(
            elements=elements,
            source=source,
            t_start_ns=t_start_ns,
            t_end_ns=max(t_start_ns, t_end_ns),
            audited=audited,
            truncated=truncated or self.counts["too_many"] > 0,
            notes=self.notes(),
        )

    def notes(self) -> tuple[str, ...]:
        """What was mended and dropped so far, as a tree's notes: `hostile:reason=count`."""
        return tuple(f"hostile:{reason}={n}" for reason, n in sorted(self.counts.items()) if n)

    def elements(self, said: Iterable[object]) -> tuple[Element, ...]:
        """The well-formed elements of what was said, parents before children."""
        stream = iter(said)
        first: dict[str, Element] = {}
        for one in islice(stream, self.nodes):
            element = self.element(one)
            if element is None:
                continue
            if element.id in first:
                self.counts["duplicate_id"] += 1
            else:
                first[element.id] = element
        if next(stream, None) is not None:
            self.counts["too_many"] += 1
        return tuple(self._ordered(first))

    def element(self, said: object) -> Element | None:
        """One element by itself; None where it has no id or is none."""
        if not isinstance(said, Mapping):
            self.counts["not_an_element"] += 1
            return None
        key = said.get("id")
        if not isinstance(key, str) or not 0 < len(key) <= ID_CHARS:
            self.counts["no_id"] += 1
            return None
        parent, hit = said.get("parent"), said.get("hit")
        name, description, value = (
            self.text(said.get(k)) for k in ("name", "description", "value")
        )
        lossy = name.lossy or description.lossy or value.lossy or said.get("lossy") is True
        return Element(
            id=self._whole(key),
            parent=self._whole(parent) if isinstance(parent, str) else None,
            role=self.word(said.get("role")) or "unknown",
            name=name.text,
            name_source=self.word(said.get("name_source")) if name.text else "",
            description=description.text,
            box=self.box(said.get("box")),
            states=frozenset(self.words(said.get("states"))),
            actions=self.words(said.get("actions")),
            value=value.text,
            app=self.word(said.get("app")),
            window=self.text(said.get("window"), limits.GUEST_WORDS_CHARS).text,
            toolkit=self.word(said.get("toolkit")),
            hit=hit if isinstance(hit, bool) else None,
            stale=said.get("stale") is True,
            lossy=lossy,
        )

    def text(self, value: object, most: int = limits.GUEST_TEXT_CHARS) -> Text:
        """A string that can be written anywhere, at most `most` characters of it."""
        if value is None or value == "":
            return Text("", lossy=False)
        if not isinstance(value, str):
            self.counts["text_not_text"] += 1
            return Text("", lossy=True)
        kept, lossy = value, False
        if len(kept) > most:
            self.counts["text_cut"] += 1
            kept, lossy = kept[:most], True
        if len(kept) > self._text_left:
            self.counts["tree_text"] += 1
            kept, lossy = kept[: self._text_left], True
        self._text_left -= len(kept)
        whole = self._whole(kept)
        return Text(whole, lossy=lossy or whole is not kept)

    def word(self, value: object) -> str:
        """A short name: a role, a toolkit, an application."""
        return self.text(value, WORD_CHARS).text

    def words(self, value: object) -> tuple[str, ...]:
        """A few short names, in order, without repetition."""
        if value is None:
            return ()
        if isinstance(value, str) or not isinstance(value, Iterable):
            self.counts["text_not_text"] += 1
            return ()
        kept = (self.word(item) for item in islice(value, WORDS))
        return tuple(dict.fromkeys(w for w in kept if w))

    def box(self, value: object) -> Box | None:
        """`[left, top, right, bottom]` or a Box as whole pixels; None where it is no rectangle."""
        if value is None:
            return None
        box = _rectangle(value)
        if isinstance(box, str):
            self.counts[box] += 1
            return None
        if not box.intersection(Box(0, 0, self.width, self.height)).area:
            self.counts["box_off_screen"] += 1
        return box

    def _whole(self, text: str) -> str:
        """`text` without lone surrogates, which no encoding can write; itself where it has none."""
        if text.isascii() or not any(ord(c) in SURROGATES for c in text):
            return text
        self.counts["text_surrogate"] += 1
        return "".join("�" if ord(c) in SURROGATES else c for c in text)

    def _ordered(self, elements: Mapping[str, Element]) -> Iterator[Element]:
        """Parents before children, depth first; what hangs on a cycle or too deep is left out."""
        children: dict[str | None, list[Element]] = {}
        for element in elements.values():
            if element.parent is not None and element.parent not in elements:
                self.counts["orphan"] += 1
                element = replace(element, parent=None)  # noqa: PLW2901 - the mended one is meant
            children.setdefault(element.parent, []).append(element)
        pending = [(root, 0) for root in reversed(children.get(None, []))]
        reached = 0
        while pending:
            element, depth = pending.pop()
            reached += 1
            if depth >= self.depth:
                self.counts["too_deep"] += 1
            else:
                yield element
            pending.extend((child, depth + 1) for child in reversed(children.get(element.id, [])))
        if len(elements) > reached:
            self.counts["cycle"] += len(elements) - reached


@dataclass(frozen=True, slots=True)
class Text:
    """A string as it may be kept, and whether something of it was lost."""

    text: str
    lossy: bool


def _rectangle(value: object) -> Box | str:
    """What was said as a Box, or the reason why it is none."""
    said = value.as_list() if isinstance(value, Box) else value
    if not isinstance(said, (list, tuple)) or len(said) != 4 or not all(map(_finite, said)):
        return "box_not_a_number"
    if any(abs(v) > limits.COORDINATE_PX for v in said):
        return "box_far"
    box = Box(*(round(v) for v in said))
    if box.width < 0 or box.height < 0:
        return "box_inverted"
    return box if box.area else "box_empty"


def _finite(value: object) -> bool:
    """Whether this is a number with a place on a line; True and False are not numbers."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return isinstance(value, int) or math.isfinite(value)
