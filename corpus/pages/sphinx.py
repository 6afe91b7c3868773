"""Pages that Sphinx made: headings, paragraphs, lists, signatures and code.

Navigation, permalinks, line numbers and tables of contents are left out, with the line that
announces one, and what stands before the title: who translated the page. Pictures are not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from corpus.pages.walk import Walk, parse

DROPPED: Final = (
    "descendant-or-self::*[self::script or self::style or self::nav or self::svg or self::form"
    " or contains(concat(' ',normalize-space(@class),' '),' headerlink ')"
    " or contains(concat(' ',normalize-space(@class),' '),' linenos ')"
    " or contains(concat(' ',normalize-space(@class),' '),' toctree-wrapper ')"
    " or contains(concat(' ',normalize-space(@class),' '),' contents ')"
    " or contains(concat(' ',normalize-space(@class),' '),' sphinxsidebar ')"
    " or contains(concat(' ',normalize-space(@class),' '),' backrefs ')"
    " or contains(concat(' ',normalize-space(@class),' '),' fn-bracket ')]"
)
SKIPPED_PAGES: Final = ("genindex", "py-modindex", "search", "contents", "index", "download")
ROLE: Final = re.compile(r"(?<![`\w]):(?:c:)?(?:ref|doc|type|func|macro|member):(?!`)\s*")
TARGET: Final = re.compile(rf"{ROLE.pattern}([^<`\n]{{1,60}}?)\s*<[\w./ :-]+>")
"""Marks of the source that somebody wrote wrong, so that they stand in the page."""


def read(data: bytes, path: str) -> tuple[str, list[str], str]:
    """The page's title, its blocks, and a reason when it is not a page of text."""
    stem = path.rsplit("/", 1)[-1].removesuffix(".html")
    if stem.startswith(SKIPPED_PAGES):
        return "", [], "an index page"
    tree = parse(data)
    body = None if tree is None else next(iter(tree.xpath("//*[@role='main']")), None)
    if body is None:
        return "", [], "no main part"
    for node in body.xpath(DROPPED):
        if node is not body:
            node.drop_tree()
    blocks = list(_own([block.text for block in Walk().blocks(body)]))
    title = next((b.lstrip("# ") for b in blocks if b.startswith("# ")), stem)
    return title, blocks, ""


def _own(blocks: Sequence[str]) -> Iterator[str]:
    """The blocks from the title on, without lines that announce nothing."""
    first = next((n for n, text in enumerate(blocks) if text.startswith("# ")), 0)
    for text, after in zip(blocks[first:], [*blocks[first + 1 :], "#"], strict=True):
        if text.endswith((":", "\uff1a")) and after.startswith("#"):
            continue
        yield text if text.startswith("```") else ROLE.sub("", TARGET.sub(r"\1", text))
