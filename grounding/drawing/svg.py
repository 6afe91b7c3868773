"""A drawing's XML, parsed without running, resolving or fetching anything.

A file is refused that declares entities, holds a script, or refers to anything outside itself.
"""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree

XLINK_HREF: Final = "{http://www.w3.org/1999/xlink}href"
DOCTYPE: Final = re.compile(rb"<!DOCTYPE[^\[>]*(?:\[[^\]]*\]\s*)?>")
XLINK: Final = b"http://www.w3.org/1999/xlink"
FETCHED: Final = frozenset(
    ("image", "use", "feImage", "linearGradient", "radialGradient", "pattern", "textPath", "tref")
)
OUTSIDE_CSS: Final = re.compile(r"@import|url\(\s*['\"]?(?!#|['\"]?\s*data:)[^)]", re.IGNORECASE)


class Refused(Exception):
    """The file holds what we do not take; the message says what."""


def parse(data: bytes) -> Any:
    """The root element. Raises Refused."""
    if b"<!ENTITY" in data:
        raise Refused("declares entities")
    data = DOCTYPE.sub(b"", data, count=1)
    if b"<!DOCTYPE" in data:
        raise Refused("has more than one document type")
    if b"xlink:" in data and XLINK not in data:  # declared by the document type alone
        data = data.replace(b"<svg", b'<svg xmlns:xlink="' + XLINK + b'"', 1)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused("is not well-formed XML") from error
    if root.getroottree().docinfo.doctype:  # in an encoding that the checks above cannot read
        raise Refused("has a document type in another encoding")
    _refuse_outside(root)
    return root


def _refuse_outside(root: Any) -> None:
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        name = etree.QName(node).localname
        if name == "script":
            raise Refused("holds a script")
        if name in FETCHED:
            reference = node.get(XLINK_HREF) or node.get("href") or ""
            if reference and not reference.startswith(("#", "data:")):
                raise Refused("refers to something outside itself")
        style = node.get("style") or (node.text if name == "style" else "") or ""
        if style and OUTSIDE_CSS.search(style):
            raise Refused("refers to something outside itself")
