"""What an OpenDocument file says: a text's paragraphs, a sheet's cells; parsed, never compared by bytes."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring

SPACE: Final = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
MOST_REPEATED: Final = 64
MOST_BYTES: Final = 32 << 20


def paragraphs(data: bytes) -> list[str]:
    """Its paragraphs and headings that are not empty."""
    body = _content(data)
    found = (e for e in body.iter() if e.tag in {_tag("text", "p"), _tag("text", "h")})
    return [text for e in found if (text := "".join(e.itertext()).strip())]


def cells(data: bytes) -> dict[str, str]:
    """What the first sheet's cells say by their names, as `B2`; numbers without needless digits."""
    return {name: said for name, cell in _named(data) if (said := _said(cell))}


def formulas(data: bytes) -> dict[str, str]:
    """The first sheet's formulas by the names of their cells."""
    formula = _tag("table", "formula")
    return {name: said for name, cell in _named(data) if (said := cell.get(formula))}


def _named(data: bytes) -> Iterator[tuple[str, Element]]:
    """The first sheet's cells with their names."""
    table = next(_content(data).iter(_tag("table", "table")), None)
    if table is None:
        return
    for row, one in enumerate(_repeated(table, "table-row", "number-rows-repeated"), 1):
        for column, cell in enumerate(_repeated(one, "table-cell", "number-columns-repeated")):
            yield f"{_letters(column)}{row}", cell


def _content(data: bytes) -> Element:
    """The root of its content; an empty element for what is no such document."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if archive.getinfo("content.xml").file_size > MOST_BYTES:
                return Element("too-large")
            said = archive.read("content.xml")
        # An office writes UTF-8; in another encoding a DOCTYPE would not be seen here.
        has_entities = "<!DOCTYPE" in said.decode("utf-8")
        return Element("with-entities") if has_entities else fromstring(said)  # noqa: S314
    except (zipfile.BadZipFile, KeyError, ParseError, EOFError, zlib.error, UnicodeDecodeError):
        return Element("no-document")


def _tag(space: str, name: str) -> str:
    return f"{{{SPACE.format(space)}}}{name}"


def _repeated(holder: Element, name: str, times: str) -> Iterator[Element]:
    """The children of that name, each as often as it says."""
    for child in holder.iter(_tag("table", name)):
        count = int(child.get(_tag("table", times), "1"))
        for _ in range(min(count, MOST_REPEATED)):
            yield child


def _said(cell: Element) -> str:
    value = cell.get(_tag("office", "value"))
    return f"{float(value):g}" if value is not None else "".join(cell.itertext()).strip()


def _letters(column: int) -> str:
    return chr(ord("A") + column) if column < 26 else f"?{column}"
