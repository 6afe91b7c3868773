"""Elements and icons, found by what they are called and by how they look.

Files of samples are read from a place on, at most so much of them for one answer; each answer says
where the next one goes on. What something looks like is compared by the hashes in the icon table.
"""

from __future__ import annotations

import heapq
import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from collector.views.remembered import remembered
from infra import ordered
from infra.errors import Corrupt, NotFound, UsageError

READ_BYTES: Final = 24 << 20
"""Of a file of samples, for one answer."""
LINE_BYTES: Final = 16 << 20
WORDS: Final = 8
PLACE: Final = re.compile(r"(\d{1,15})\.(\d{1,6})")
LOOK: Final = re.compile(r"[0-9a-f]{16}")
LOOKS: Final = re.compile(rb'\{"id":"(icon-[0-9a-f]+)","looks":\[([^\]]*)\]')
FAR_BITS: Final = 12
"""Hashes that differ in more are another look."""


class Looks(NamedTuple):
    """An icon, where its row begins, and the hashes of its looks."""

    id: str
    at: int
    hashes: tuple[int, ...]


class Found(NamedTuple):
    """Rows, and where to go on: empty where everything was read."""

    rows: list[dict[str, Any]]
    next: str


def elements(home: Path, said: str, kind: str, place: str, most: int = 60) -> Found:
    """Kept elements whose names have every word, from `place` on; what is alike is told once.

    `times` counts how often it was met up to where the answer ends. Raises NotFound, UsageError.
    """
    from grounding.build import directory

    words = _words(said)
    path = _built(
        directory(home) / "grounding.jsonl", "nothing has been grounded yet", "trawl ground build"
    )
    start, skip = _place(place)
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for at, record in _lines(path, words, start):
        for number, element in enumerate(record["elements"]):
            if (at, number) < (start, skip) or not _is_meant(element, words, kind):
                continue
            key = (
                record["platform"],
                element["role"],
                element["data_type"],
                element.get("name") or element["id"],
            )
            if key in rows:
                rows[key]["times"] += 1
            elif len(rows) == most:
                return Found(list(rows.values()), f"{at}.{number}")
            else:
                rows[key] = {**_element(record, element), "times": 1}
    return Found(list(rows.values()), _left(path, start))


def icons(home: Path, said: str, place: str, most: int = 60) -> Found:
    """Icons whose names or meanings have every word, from `place` on. Raises NotFound, UsageError."""
    words, path = _words(said), icon_file(home)
    start, _ = _place(place)
    rows: list[dict[str, Any]] = []
    for at, icon in _lines(path, words, start):
        told = " ".join([*icon["names"], *(m["text"] for m in icon["meanings"])]).casefold()
        if all(word in told for word in words):
            if len(rows) == most:
                return Found(rows, f"{at}.0")
            rows.append({**icon, "called": called_of(icon)})
    return Found(rows, _left(path, start))


def alike(home: Path, look: str, most: int = 60) -> list[dict[str, Any]]:
    """The icons that look most like that hash, the nearest first. Raises NotFound, UsageError."""
    if not LOOK.fullmatch(look):
        raise UsageError("a look is 16 hexadecimal digits", "follow a link to one", look[:40])
    path = icon_file(home)
    wanted = int(look, 16)
    near = heapq.nsmallest(most, ((_apart(wanted, row.hashes), row.at) for row in _looks(path)))
    with path.open("rb") as source:
        return [
            {**row, "called": called_of(row), "apart": apart}
            for apart, at in near
            if apart <= FAR_BITS and (row := _read(source, at))
        ]  # fmt: skip


def icon(home: Path, icon_id: str) -> dict[str, Any]:
    """One icon of the table. Raises NotFound."""
    path = icon_file(home)
    at = next((row.at for row in _looks(path) if row.id == icon_id), None)
    if at is None:
        raise NotFound(f"no icon {icon_id[:60]!r} in the table", "search by name", icon_id[:60])
    with path.open("rb") as source:
        row = _read(source, at)
    return {**row, "called": called_of(row)}


def called_of(icon: dict[str, Any]) -> str:
    """What an icon is called first: in English where somebody says so, else in any language."""
    english = (m["text"] for m in icon["meanings"] if m["lang"].startswith("en"))
    others = (m["text"] for m in icon["meanings"])
    return next((said for said in (*english, *others, *icon["names"])), "without a meaning")


def look_of(home: Path, sample: str, element_id: str) -> str:
    """What a kept element looks like; empty where nothing stands out in it. Raises NotFound."""
    from grounding.build import directory
    from grounding.icons.looks import of_crop
    from grounding.samples import Screens

    root = directory(home)
    kept = root / "grounding.jsonl"
    if not kept.is_file():
        raise NotFound("nothing was grounded yet", "trawl ground build")
    record = next(iter(ordered.since(kept, sample)), {})
    found = [e for e in record.get("elements", ()) if e["id"] == element_id]
    if record.get("id") != sample or not found:
        raise NotFound("no such element was kept", "search by name", sample[:60])
    width, height = record["image_size"]
    left, top, right, bottom = found[0]["bbox_px"]
    look = of_crop(Screens(root).pixels(record["image"], (width, height))[top:bottom, left:right])
    return "" if look is None else f"{look.hash:016x}"


def icon_file(home: Path) -> Path:
    """The icon table. Raises NotFound where none was built."""
    from grounding.icons.build import directory

    path = directory(home) / "icons.jsonl"
    return _built(path, "no icon table has been built yet", "trawl ground icons build")


@remembered(2)
def _looks(path: Path) -> list[Looks]:
    """Every icon's looks, without the rest of its row."""
    found, at = [], 0
    with path.open("rb") as source:
        for line in source:
            told = LOOKS.match(line)
            if told is None:
                raise Corrupt("the icon table has no looks", "trawl ground icons build", path.name)
            hashes = tuple(int(look, 16) for look in json.loads(b"[" + told[2] + b"]"))
            found.append(Looks(told[1].decode(), at, hashes))
            at += len(line)
    return found


def _apart(wanted: int, looks: Sequence[int]) -> int:
    return min(((wanted ^ look).bit_count() for look in looks), default=64)


def _lines(path: Path, words: Sequence[str], start: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Where a line begins and what it says, of those that have every word somewhere."""
    needles = [json.dumps(word, ensure_ascii=False)[1:-1].encode() for word in words]
    with path.open("rb") as source:
        at = _aligned(source, start)
        while at - start <= READ_BYTES and (line := source.readline(LINE_BYTES)):
            folded = line.lower()
            if all(needle in folded for needle in needles):
                yield at, _record(line, path)
            at += len(line)


def _aligned(source: BinaryIO, start: int) -> int:
    """The first place at or after `start` where a line begins; the end where there is none."""
    start = min(start, source.seek(0, os.SEEK_END))
    source.seek(max(0, start - 1))
    if start:
        source.readline(LINE_BYTES)
    return source.tell()


def _left(path: Path, start: int) -> str:
    """Where to go on once so much was read; empty at the end."""
    size = path.stat().st_size
    if size - start <= READ_BYTES:
        return ""
    with path.open("rb") as source:
        at = _aligned(source, start + READ_BYTES + 1)
    return f"{at}.0" if at < size else ""


def _read(source: BinaryIO, at: int) -> dict[str, Any]:
    source.seek(at)
    return _record(source.readline(LINE_BYTES), Path(source.name))


def _record(line: bytes, path: Path) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads(line)
    except ValueError as error:
        raise Corrupt(f"a line of {path.name} is not JSON", "build it again", path.name) from error
    return record


def _element(record: dict[str, Any], element: dict[str, Any]) -> dict[str, Any]:
    """A kept element with what its picture and its trajectory are found by."""
    episode, _, number = record["id"].rpartition("-")
    width, height = record["image_size"]
    return {
        "sample": record["id"], "episode": episode, "number": int(number),
        "platform": record["platform"], "id": element["id"], "role": element["role"],
        "name": element.get("name") or "", "kind": element["data_type"],
        "why": element.get("no_name_reason", ""), "box": element["bbox_px"],
        "said": [e["text"] for e in element["expressions"]][:4],
        "screen": {"sha256": record["image"], "width": width, "height": height},
    }  # fmt: skip


def _is_meant(element: dict[str, Any], words: Sequence[str], kind: str) -> bool:
    called = f"{element.get('name') or ''} {element['role']} {element['description']}".casefold()
    return (not kind or element["data_type"] == kind) and all(word in called for word in words)


def _words(said: str) -> list[str]:
    words = said.casefold().split()
    if len(said) > 200 or len(words) > WORDS:
        raise UsageError(f"at most {WORDS} words are looked for", "use fewer")
    return words


def _place(said: str) -> tuple[int, int]:
    found = PLACE.fullmatch(said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _built(path: Path, nothing: str, command: str) -> Path:
    if not path.is_file():
        raise NotFound(nothing, command)
    return path
