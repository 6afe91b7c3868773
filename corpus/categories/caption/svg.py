"""What a clip-art file says of itself, read without running, resolving or fetching anything."""

from __future__ import annotations

import html
import re
from typing import Any, Final

from lxml import etree

from grounding.drawing.svg import Refused, parse

VERSION: Final = "facts-1"
DC: Final = "{http://purl.org/dc/elements/1.1/}"
RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def inspect(data: bytes) -> dict[str, Any]:
    """Title, description, creators, keywords, and the licence and language it declares; `reason` when it is refused."""
    try:
        root = parse(data)
    except Refused as refusal:
        return {"reason": str(refusal)}
    title, description, language = "", "", ""
    creators, licences, keywords = [], [], []
    for work in root.iter("{*}Work"):
        for child in work:
            if child.tag == f"{DC}title":
                title = title or _text(child)
            elif child.tag == f"{DC}description":
                description = description or _text(child)
            elif child.tag == f"{DC}language":
                language = language or _text(child)
            elif child.tag == f"{DC}subject":
                keywords += [_text(one) for one in child.iter(f"{RDF}li")]
            elif child.tag in {f"{DC}creator", f"{DC}rights", f"{DC}publisher"}:
                creators += [_text(t) for t in child.iter(f"{DC}title")]
            elif isinstance(child.tag, str) and etree.QName(child).localname == "license":
                licences.append(child.get(f"{RDF}resource") or "")
    return {
        "reason": "",
        "title": title,
        "description": description,
        "creators": sorted({c for c in creators if c}),
        "licence": next((one for one in licences if one), ""),
        "language": language,
        "keywords": [one for one in keywords if one],
    }


def _text(node: Any) -> str:
    """The text below a node: entities that were escaped twice resolved, white space squeezed."""
    text = html.unescape(html.unescape("".join(node.itertext())))
    return " ".join(_mend(text).split())


def _mend(text: str) -> str:
    """Text that was UTF-8 read as Latin-1, mended where that is certain."""
    if not re.search("[\u00c2\u00c3]", text):
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
