"""A page between reading and making, and the worker that reads one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from corpus.categories.pictures import Made
from corpus.pages import docbook
from corpus.pages.block import Block
from corpus.pages.translated import filed_under, own
from corpus.sample import Change, Origin
from corpus.shelf import Package

VERSION: Final = "page-2"


@dataclass(frozen=True, slots=True)
class Page:
    """Blocks in reading order; their pictures by reference, later by the path in the package."""

    source: str
    package: Package
    blocks: tuple[Block, ...]
    letters: dict[str, int]
    origin: Origin
    changes: tuple[Change, ...]
    made: Mapping[str, Made] = field(default_factory=dict, repr=False)
    """What became of the pictures, by path."""

    def naming(self, paths: Mapping[str, str]) -> Page:
        """The page with each picture under another name."""
        named = (replace(b, pictures=tuple(paths[one] for one in b.pictures)) for b in self.blocks)
        return replace(self, blocks=tuple(named))


def extract(task: dict[str, Any]) -> dict[str, Any]:
    """One page: `blocks` as `[text, pictures, is_figure]`, `letters`, what was `lost`, or `reason`."""
    _, found, decorations, reason = docbook.read(task["data"], task["path"])
    if not reason and not any(block.pictures for block in found):
        reason = "shows no picture: a page of the category text"
    if reason:
        return {"blocks": [], "letters": {}, "lost": [], "decorations": 0, "reason": reason}
    kept = own(found, filed_under(task["path"]))
    return {
        "blocks": [[b.text, list(b.pictures), b.is_figure] for b in kept.blocks],
        "letters": kept.letters,
        "lost": kept.lost,
        "decorations": decorations,
        "reason": "",
    }
