"""Pages that Sphinx made: headings, paragraphs, lists, signatures and code.

Navigation, permalinks, line numbers and tables of contents are left out; pictures are not shown.
"""

from __future__ import annotations

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
    blocks = [block.text for block in Walk().blocks(body)]
    title = next((b.lstrip("# ") for b in blocks if b.startswith("# ")), stem)
    return title, blocks, ""
