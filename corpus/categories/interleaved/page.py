"""A page between reading and making, and the worker that reads one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any, Final

from corpus.categories.document import Document
from corpus.categories.pictures import Made
from corpus.pages import docbook
from corpus.pages.block import PLACE
from corpus.pages.translated import filed_under, own
from corpus.shelf import Package

VERSION: Final = "page-4"


@dataclass(frozen=True, slots=True)
class Page(Document):
    """A document that shows pictures: by reference, later by the path in the package."""

    package: Package = field(kw_only=True)
    made: Mapping[str, Made] = field(default_factory=dict, repr=False)
    """What became of the pictures, by path."""

    @property
    def shown(self) -> str:
        """Its text with each picture a word where it stands: pages that show others differ."""
        said = "\n".join(self.texts).split(PLACE)
        words = [f" {self.made[path].pixels} " for one in self.blocks for path in one.pictures]
        return "".join(map("".join, zip_longest(said, words, fillvalue="")))

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
