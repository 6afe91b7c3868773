"""Pages that DocBook's style sheets made: books and manuals with figures.

Navigation, tables of contents, indexes, anchors and links for reporting faults are left out.
Pictures are those of figures, media objects and equations; what else a page draws is decoration.
"""

from __future__ import annotations

import re
from typing import Any, Final

from corpus.pages.block import Block
from corpus.pages.walk import FIGURES, Walk, classed, parse

CLASSES: Final = (
    "navheader", "navfooter", "docnav", "toc", "list-of-figures", "list-of-tables",
    "list-of-examples", "index", "indexterm", "reportbug", "footnote-ref", "copyright",
    "legalnotice", "revhistory", "abstract-title", "biblioentry",
)  # fmt: skip
DROPPED: Final = "|".join(
    (
        ".//script", ".//style", ".//svg", ".//form", ".//nav", ".//hr",
        ".//div[@id='banner']", ".//p[@id='title']",
        *(f".//*[{classed(name)}]" for name in CLASSES),
    )
)  # fmt: skip
SKIPPED_PAGES: Final = ("index", "ix0", "bi0")
UNWRITTEN: Final = re.compile(
    r"(?:.{1,80}:)?\W*(?:TO[ ]?DO|FIX[ ]?ME|TBD)\W*(?:work in progress\W*)?"
)
SMALL_PRINT: Final = frozenset(("inlinemediaobject", "guiicon"))
LOOKED_AT: Final = 12


def read(data: bytes, path: str) -> tuple[str, list[Block], int, str]:
    """The page's title, its blocks, how many decorations it had, and a reason where it is no text."""
    stem = path.rsplit("/", 1)[-1].split(".", 1)[0]
    if stem.startswith(SKIPPED_PAGES):
        return "", [], 0, "an index page"
    root = parse(data)
    body = None if root is None else root.find("body")
    if body is None:
        return "", [], 0, "no main part"
    for node in body.xpath(DROPPED):
        if node.getparent() is not None:
            node.drop_tree()
    shown = [image for image in body.iter("img") if is_picture(image)]
    blocks = [one for one in Walk(is_picture).blocks(body) if not UNWRITTEN.fullmatch(one.text)]
    decorations = sum(1 for _ in body.iter("img")) - len(shown)
    title = next((block.text.lstrip("# ") for block in blocks if block.level), stem)
    return title, blocks, decorations, ""


def is_picture(image: Any) -> bool:
    """Whether an `img` belongs to the text, as its nearest named surroundings say."""
    for above, _ in zip(image.iterancestors(), range(LOOKED_AT), strict=False):
        classes = frozenset((above.get("class") or "").split())
        if classes & SMALL_PRINT:
            return False
        if classes & FIGURES:
            return True
    return False
