"""From a page's tree to its blocks, in reading order.

Code keeps its lines in a fenced block with its language, and inline code keeps its backticks; a
figure is one block with its title and captions. Lines of one paragraph are joined, without a
space between two Chinese or Japanese characters.
"""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import html

from corpus.pages.block import CAPTION, GONE, PLACE, Block, block, place

BLOCKS: Final = frozenset(
    (
        "section", "div", "p", "ul", "ol", "li", "dl", "dt", "dd", "table", "pre", "blockquote",
        "h1", "h2", "h3", "h4", "h5", "h6", "figure", "aside", "article", "main",
    )
)  # fmt: skip
FIGURES: Final = frozenset(("figure", "informalfigure", "mediaobject", "equation"))
ADMONITIONS: Final = frozenset(("note", "tip", "warning", "caution", "important"))
SIDEBAR_LEVEL: Final = 6
ROWS: Final = "./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr"
DEPTH: Final = 200
Found = list[tuple[str, bool]]
"""Walked blocks: the text, and whether it is a figure."""
WIDE: Final = "\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
NOT_OURS: Final = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff{PLACE}{CAPTION}{GONE}]")
"""What a tree hands out and does not take back, and what stands for a picture."""
JOINT: Final = re.compile(rf"(?<=[{WIDE}])[ \t]*\n\s*(?=[{WIDE}])")
GAP: Final = re.compile(
    rf"\s*\(\s*{GONE}\s*\)|[\s:：]*{GONE}\s*$|\s*{GONE}\s*(?=[.,;:!?)\]。，；：！？）])|{GONE}"
)
"""Where a picture was that is not shown, with what stood there for its sake."""
ENDS: Final = (".", ":", "?", "!", "。", "：", "？", "！")
LISTED: Final = re.compile(rf"\s*(?:- |\d+\. |[|#{CAPTION}{PLACE}]|```)")


def classed(name: str) -> str:
    """The XPath condition of an element of that class."""
    return f"contains(concat(' ',normalize-space(@class),' '),' {name} ')"


def parse(data: bytes) -> Any:
    """The page's root, without the characters that stand for pictures, or None for an empty page."""
    from lxml import etree

    try:
        root = html.document_fromstring(
            data.replace(b"\0", b""), parser=html.HTMLParser(encoding="utf-8", no_network=True)
        )
    except (etree.ParserError, ValueError):
        return None
    for node in root.iter():
        if node.text and NOT_OURS.search(node.text):
            node.text = NOT_OURS.sub("", node.text)
        if node.tail and NOT_OURS.search(node.tail):
            node.tail = NOT_OURS.sub("", node.tail)
    return root


class Walk:
    """One walk over a page; `shows` says which `img` are pictures of it."""

    def __init__(self, shows: Any = None) -> None:
        self._shows = shows or (lambda _: False)
        self._sources: list[str] = []

    def blocks(self, root: Any) -> list[Block]:
        """The blocks below `root` in reading order."""
        found: Found = []
        self._walk(root, found, "", 0)
        return [block(text, self._sources, is_figure) for text, is_figure in found]

    def _walk(self, node: Any, found: Found, indent: str, depth: int) -> None:
        loose: list[str] = [node.text or ""]
        for child in node:
            if not isinstance(child.tag, str):
                loose.append(child.tail or "")
            elif child.tag in BLOCKS and depth < DEPTH:
                _flush(loose, found, indent)
                self._block(child, found, indent, depth + 1)
                loose = [child.tail or ""]
            else:
                loose.append(self._inline(child, depth) + (child.tail or ""))
        _flush(loose, found, indent)

    def _block(self, node: Any, found: Found, indent: str, depth: int) -> None:
        tag, classes = node.tag, frozenset((node.get("class") or "").split())
        if re.fullmatch("h[1-6]", tag):
            self._heading(node, found, int(tag[1]), depth)
        elif tag == "p" and "title" in classes and _in_sidebar(node):
            self._heading(node, found, SIDEBAR_LEVEL, depth)
        elif tag == "pre" or "highlight" in classes:
            _code(node, found)
        elif tag in {"ul", "ol"}:
            self._list(node, found, indent, depth)
        elif tag == "dl":
            self._terms(node, found, indent, depth)
        elif tag == "dt":
            text = squeeze(self._inline(node, depth)).replace("`", "")
            if text:
                found.append(
                    (f"{indent}`{text}`" if "sig" in classes else f"{indent}{text}", False)
                )
        elif tag == "table":
            self._table(node, found, indent, depth)
        else:
            self._container(node, classes, found, indent, depth)

    def _container(
        self, node: Any, classes: frozenset[str], found: Found, indent: str, depth: int
    ) -> None:
        if classes & FIGURES or node.tag == "figure":
            self._figure(node, found, indent, depth)
        elif "caption" in classes:
            inner: Found = []
            self._walk(node, inner, "", depth)
            found.extend((CAPTION + text, is_figure) for text, is_figure in inner)
        elif classes & ADMONITIONS:
            self._admonition(node, found, indent, depth)
        else:
            self._walk(node, found, indent, depth)

    def _heading(self, node: Any, found: Found, level: int, depth: int) -> None:
        """A heading shows no pictures."""
        text = squeeze(_unplaced(self._inline(node, depth))).replace("`", "")
        if text:
            found.append(("#" * level + " " + text, False))

    def _figure(self, node: Any, found: Found, indent: str, depth: int) -> None:
        """All of a figure as one block, where it shows a picture."""
        inner: Found = []
        self._walk(node, inner, "", depth)
        if any(PLACE in text for text, _ in inner):
            found.append((indent + "\n".join(text for text, _ in inner), True))
        else:
            found.extend((indent + text.lstrip(CAPTION), False) for text, _ in inner)

    def _admonition(self, node: Any, found: Found, indent: str, depth: int) -> None:
        """What a note says, behind its name."""
        inner: Found = []
        self._walk(node, inner, indent, depth)
        if len(inner) > 1 and not inner[0][1] and len(inner[0][0]) < 40 and not inner[1][1]:
            name, said = inner[0][0].lstrip("# "), inner[1][0]
            inner[:2] = [(f"{indent}{name.strip()}: {said.strip()}", False)]
        found.extend(inner)

    def _list(self, node: Any, found: Found, indent: str, depth: int) -> None:
        for number, item in enumerate(node.iterchildren("li"), 1):
            inner: Found = []
            self._walk(item, inner, "", depth + 1)
            if not inner:
                continue
            mark = f"{number}. " if node.tag == "ol" else "- "
            found.append((indent + mark + inner[0][0], inner[0][1]))
            for text, is_figure in inner[1:]:
                inside = is_figure or text.startswith("```")
                found.append((text if inside else f"{indent}  {text}", is_figure))

    def _terms(self, node: Any, found: Found, indent: str, depth: int) -> None:
        """What a list says of its terms, each before the first words about it; signatures stand alone."""
        open_term = False
        for child in node:
            if not isinstance(child.tag, str):
                continue
            inner: Found = []
            if child.tag in BLOCKS:
                self._block(child, inner, indent, depth + 1)
            else:
                _flush([self._inline(child, depth)], inner, indent)
            if open_term and child.tag == "dd" and inner and not _stands_alone(*inner[0]):
                term, said = found.pop()[0], inner[0][0].strip()
                inner[0] = (f"{term}{' ' if term.endswith(ENDS) else ': '}{said}", False)
            found.extend(inner)
            is_term = child.tag == "dt" and len(inner) == 1
            open_term = is_term and "sig" not in (child.get("class") or "").split()

    def _table(self, node: Any, found: Found, indent: str, depth: int) -> None:
        """Rows of cells; of a table that only lays out, what its cells hold."""
        if node.get("border") == "0" and not node.get("class"):
            for row in node.xpath(ROWS):
                self._row(row, found, indent, depth)
            return
        rows = []
        for row in node.xpath(ROWS):
            cells = [squeeze(self._inline(cell, depth)) for cell in row.iterchildren("td", "th")]
            if any(cells):
                rows.append(f"{indent}| " + " | ".join(cells) + " |")
        if rows:
            found.append(("\n".join(rows), False))

    def _row(self, row: Any, found: Found, indent: str, depth: int) -> None:
        """The blocks of one row's cells; a number in front of them stands before the first."""
        inner: Found = []
        for cell in row.iterchildren("td", "th"):
            self._walk(cell, inner, indent, depth + 1)
        if len(inner) > 1 and re.fullmatch(r"\s*\(\w+\)", inner[0][0]):
            inner[:2] = [(f"{inner[0][0]} {inner[1][0].strip()}", inner[1][1])]
        found.extend(inner)

    def _inline(self, node: Any, depth: int) -> str:
        """The text of inline markup; code keeps its backticks, powers and indices their place."""
        if node.tag == "br":
            return "\n"
        if node.tag == "img":
            return self._image(node)
        if node.tag == "math" or depth > DEPTH:
            return ""
        text = node.text or ""
        for child in node:
            if isinstance(child.tag, str):
                text += self._inline(child, depth + 1)
            text += child.tail or ""
        if node.tag == "code" and text.strip(f" {GONE}"):
            return f"`{text.strip()}`"
        if node.tag in {"sup", "sub"} and re.fullmatch(r"\s*[-+\w]+\s*", text):
            return ("^" if node.tag == "sup" else "_") + text.strip()
        return text

    def _image(self, node: Any) -> str:
        if "callout" in (node.get("class") or "").split():
            return f"({(node.get('alt') or '?')[:3]})"
        source = node.get("src") or ""
        if not source or not self._shows(node):
            return GONE
        self._sources.append(source)
        return place(len(self._sources) - 1)


def _stands_alone(text: str, is_figure: bool) -> bool:
    """Whether a block is no paragraph: an item, a table, a heading, code or a figure."""
    return is_figure or LISTED.match(text) is not None


def _in_sidebar(node: Any) -> bool:
    """Whether a title is a sidebar's."""
    for above in node.iterancestors("div"):
        classes = (above.get("class") or "").split()
        if "sidebar" in classes:
            return True
        if "titlepage" not in classes and classes:
            return False
    return False


def _unplaced(text: str) -> str:
    return re.sub(f"{PLACE}\\d+{PLACE}", "", text)


def _flush(loose: list[str], found: Found, indent: str) -> None:
    text = squeeze("".join(loose))
    if text:
        found.append((indent + text, False))


def _code(node: Any, found: Found) -> None:
    """A fenced block; the language is what the wrapper says. Callouts keep their numbers."""
    for mark in node.iter("img"):
        if "callout" in (mark.get("class") or "").split():
            mark.tail = f"({(mark.get('alt') or '?')[:3]}){mark.tail or ''}"
    text = "".join(node.itertext()).strip("\n").rstrip()
    if not text.strip():
        return
    fence = "````" if "```" in text else "```"
    found.append((f"{fence}{_code_language(node)}\n{text}\n{fence}", False))


def _code_language(node: Any) -> str:
    wrapper = node if node.tag == "div" else node.getparent()
    for _ in range(3):
        if wrapper is None:
            break
        named = re.search(r"\bhighlight-(\w+)", wrapper.get("class") or "")
        if named:
            plain = {"python3": "python", "default": "python", "none": "", "text": ""}
            return plain.get(named[1], named[1])
        wrapper = wrapper.getparent()
    return ""


def squeeze(text: str) -> str:
    """`text` on one line, closed where a picture is gone."""
    if GONE in text:
        text = GAP.sub("", text)
    return re.sub(r"\s+", " ", JOINT.sub("", text.replace("\u00b6", ""))).strip()
