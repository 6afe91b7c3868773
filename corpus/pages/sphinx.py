"""Pages that Sphinx made: headings, paragraphs, lists, signatures and code.

Navigation, permalinks, line numbers and tables of contents are left out, with the line that
announces one, and what stands before the title: who translated the page. Pictures are not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from corpus.pages.walk import Walk, classed, parse

CLASSES: Final = (
    "headerlink", "linenos", "viewcode-link", "viewcode-back", "indextable", "toctree-wrapper",
    "contents", "sphinxsidebar", "backrefs", "fn-bracket",
)  # fmt: skip
DROPPED: Final = (
    "descendant-or-self::*[self::script or self::style or self::nav or self::svg or self::form"
    " or self::footer or contains(@class, 'prev-next')"
    f" or {' or '.join(map(classed, CLASSES))}]"
)
MAIN: Final = ("//*[@role='main']", f"//section[@id]|//div[@id and {classed('section')}]")
"""Where a theme names no main part, the text is in the first section, and all others in that."""
FORMULAS: Final = f".//img[@alt!='' and {classed('math')}]"
DISPLAYED: Final = f"ancestor::div[{classed('math')}]"
SKIPPED_PAGES: Final = ("genindex", "py-modindex", "search", "contents", "index", "download")
ROLE: Final = re.compile(r"(?<![`\w]):(?:c:)?(?:ref|doc|type|func|macro|member):(?!`)\s*")
TARGET: Final = re.compile(rf"{ROLE.pattern}([^<`\n]{{1,60}}?)\s*<[\w./ :-]+>")
"""Marks of the source that somebody wrote wrong, so that they stand in the page."""
SPAN: Final = re.compile(r"`[^`]*`")
SENTENCE_WORDS: Final = 4
DENSE: Final = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]{8}")


def read(data: bytes, path: str) -> tuple[str, list[str], str]:
    """The page's title, its blocks, and a reason when it is not a page of text."""
    stem = path.rsplit("/", 1)[-1].removesuffix(".html")
    if stem.startswith(SKIPPED_PAGES):
        return "", [], "an index page"
    tree = parse(data)
    body = None if tree is None else next((n for at in MAIN for n in tree.xpath(at)), None)
    if body is None:
        return "", [], "no main part"
    for node in body.xpath(DROPPED):
        if node is not body:
            node.drop_tree()
    _formulas(body)
    blocks = list(_own([block.text for block in Walk().blocks(body)]))
    title = next((b.lstrip("# ") for b in blocks if b.startswith("# ")), stem)
    return title, blocks, "" if any(map(_says, blocks)) else "no sentence and no code"


def _formulas(body: Any) -> None:
    """Put what a drawn formula was written as where its picture stands, as other pages have it."""
    for image in body.xpath(FORMULAS):
        opens, closes = ("\\[", "\\]") if image.xpath(DISPLAYED) else ("\\(", "\\)")
        mark = image.makeelement("span")
        mark.text, mark.tail = f"{opens}{image.get('alt')}{closes}", image.tail
        image.getparent().replace(image, mark)


def _says(block: str) -> bool:
    """Whether it is code or a sentence: a page of names and signatures alone says nothing of them."""
    words = SPAN.sub("", block)
    is_sentence = len(words.split()) >= SENTENCE_WORDS or DENSE.search(words) is not None
    return block.startswith("```") or (not block.startswith(("#", "|")) and is_sentence)


def _own(blocks: Sequence[str]) -> Iterator[str]:
    """The blocks from the title on, without lines that announce nothing."""
    first = next((n for n, text in enumerate(blocks) if text.startswith("# ")), 0)
    for text, after in zip(blocks[first:], [*blocks[first + 1 :], "#"], strict=True):
        if text.endswith((":", "\uff1a")) and after.startswith("#"):
            continue
        yield text if text.startswith("```") else ROLE.sub("", TARGET.sub(r"\1", text))
