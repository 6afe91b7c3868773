"""Pages that Sphinx made, as clean text: headings, paragraphs, lists, signatures and code.

Navigation, permalinks, line numbers and tables of contents are left out; code keeps its lines in a
fenced block with its language, and inline code keeps its backticks.
"""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import html

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
BLOCKS: Final = frozenset(
    [
        "section",
        "div",
        "p",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "pre",
        "blockquote",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "figure",
        "aside",
    ]
)
SKIPPED_PAGES: Final = ("genindex", "py-modindex", "search", "contents", "index", "download")
DEPTH: Final = 200


def read(data: bytes, path: str) -> tuple[str, list[str], str]:
    """The page's title, its blocks, and a reason when it is not a page of text."""
    stem = path.rsplit("/", 1)[-1].removesuffix(".html")
    if stem.startswith(SKIPPED_PAGES):
        return "", [], "an index page"
    tree = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8", no_network=True))
    body = next(iter(tree.xpath("//*[@role='main']")), None)
    if body is None:
        return "", [], "no main part"
    for node in body.xpath(DROPPED):
        if node is not body:
            node.drop_tree()
    blocks: list[str] = []
    _walk(body, blocks, "", 0)
    title = next((b.lstrip("# ") for b in blocks if b.startswith("# ")), stem)
    return title, blocks, ""


def _walk(node: Any, blocks: list[str], indent: str, depth: int) -> None:
    """Append the blocks below `node` in reading order."""
    loose: list[str] = [node.text or ""]
    for child in node:
        if not isinstance(child.tag, str):
            loose.append(child.tail or "")
            continue
        if child.tag in BLOCKS and depth < DEPTH:
            _flush(loose, blocks, indent)
            _block(child, blocks, indent, depth + 1)
            loose = [child.tail or ""]
        else:
            loose.append(_inline(child, depth) + (child.tail or ""))
    _flush(loose, blocks, indent)


def _flush(loose: list[str], blocks: list[str], indent: str) -> None:
    text = _squeeze("".join(loose))
    if text:
        blocks.append(indent + text)


def _block(node: Any, blocks: list[str], indent: str, depth: int) -> None:
    tag = node.tag
    classes = (node.get("class") or "").split()
    if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
        text = _squeeze(_inline(node, depth)).replace("`", "")
        if text:
            blocks.append("#" * int(tag[1]) + " " + text)
    elif tag == "pre" or "highlight" in classes:
        _code(node, blocks)
    elif tag in {"ul", "ol"}:
        _list(node, blocks, indent, depth)
    elif tag == "dt":
        text = _squeeze(_inline(node, depth)).replace("`", "")
        if text:
            blocks.append(f"{indent}`{text}`" if "sig" in classes else f"{indent}{text}")
    elif tag == "table":
        _table(node, blocks, indent, depth)
    else:
        _walk(node, blocks, indent, depth)


def _code(node: Any, blocks: list[str]) -> None:
    """A fenced block; the language is what Sphinx's wrapper says."""
    text = "".join(node.itertext()).strip("\n").rstrip()
    if not text.strip():
        return
    wrapper = node if node.tag == "div" else node.getparent()
    language = ""
    for _ in range(3):
        if wrapper is None:
            break
        found = re.search(r"\bhighlight-(\w+)", wrapper.get("class") or "")
        if found:
            language = {"python3": "python", "default": "python", "none": "", "text": ""}.get(
                found[1], found[1]
            )
            break
        wrapper = wrapper.getparent()
    fence = "````" if "```" in text else "```"
    blocks.append(f"{fence}{language}\n{text}\n{fence}")


def _list(node: Any, blocks: list[str], indent: str, depth: int) -> None:
    for number, item in enumerate(node.iterchildren("li"), 1):
        inner: list[str] = []
        _walk(item, inner, "", depth + 1)
        if inner:
            mark = f"{number}. " if node.tag == "ol" else "- "
            blocks.append(indent + mark + inner[0])
            rest = (b if b.startswith("```") else f"{indent}  {b}" for b in inner[1:])
            blocks.extend(rest)


def _table(node: Any, blocks: list[str], indent: str, depth: int) -> None:
    rows = []
    for row in node.iter("tr"):
        cells = [_squeeze(_inline(cell, depth)) for cell in row.iterchildren("td", "th")]
        if any(cells):
            rows.append(f"{indent}| " + " | ".join(cells) + " |")
    if rows:
        blocks.append("\n".join(rows))


def _inline(node: Any, depth: int) -> str:
    """The text of inline markup; code keeps its backticks, pictures have no text."""
    if node.tag == "br":
        return "\n"
    if node.tag in {"img", "math"} or depth > DEPTH:
        return ""
    text = node.text or ""
    for child in node:
        if isinstance(child.tag, str):
            text += _inline(child, depth + 1)
        text += child.tail or ""
    if node.tag == "code" and text.strip():
        return f"`{text.strip()}`"
    return text


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00b6", "")).strip()
