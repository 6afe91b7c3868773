"""D-Bus values as bytes and back, for peers that may lie.

Readers are compiled once per signature. Whatever the bytes say, reading stays inside them, makes
at most `VALUES` objects, nests at most as deep as D-Bus allows, and raises HostileInput where
they break the format. Writing is little-endian; both orders are read.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, NamedTuple

from infra.errors import HostileInput

VALUES: Final = 1_000_000
"""Most array items and variants made from one message."""
ARRAY_BYTES: Final = 64 * 1024 * 1024
SIGNATURE_CHARS: Final = 255
NESTING: Final = 32
FIXED: Final = {
    "y": ("B", 1), "n": ("h", 2), "q": ("H", 2), "i": ("i", 4), "u": ("I", 4),
    "x": ("q", 8), "t": ("Q", 8), "d": ("d", 8), "h": ("I", 4),
}  # fmt: skip
ALIGNMENT: Final = {
    **{code: size for code, (_format, size) in FIXED.items()},
    "b": 4, "s": 4, "o": 4, "g": 1, "a": 4, "(": 8, "{": 8, "v": 1,
}  # fmt: skip


class Variant(NamedTuple):
    """A value that carries its own signature."""

    signature: str
    value: Any


class Cursor:
    """A place in a message's bytes, and how many more values may be made of them."""

    __slots__ = ("data", "depth", "end", "left", "order", "pos")

    def __init__(self, data: bytes, order: str = "<", pos: int = 0) -> None:
        self.data = data
        self.order = order
        self.pos = pos
        self.end = len(data)
        self.left = VALUES
        self.depth = 0

    def take(self, size: int, align: int) -> int:
        """The start of the next `size` bytes after alignment, which are then behind the cursor."""
        start = (self.pos + align - 1) & -align
        self.pos = start + size
        if self.pos > self.end:
            raise HostileInput("a D-Bus value runs past its message")
        return start

    def spend(self, count: int) -> None:
        """Account for `count` more values."""
        self.left -= count
        if self.left < 0:
            raise HostileInput(f"a D-Bus message holds more than {VALUES} values")


Reader = Callable[[Cursor], Any]


def unmarshal(signature: str, cursor: Cursor) -> tuple[Any, ...]:
    """The values of `signature` from the cursor on. Raises HostileInput."""
    return tuple([read(cursor) for read in readers(signature, cursor.order)])


@lru_cache(maxsize=256)
def readers(signature: str, order: str) -> tuple[Reader, ...]:
    """One compiled reader per complete type. Raises HostileInput for a malformed signature."""
    return tuple(_reader(part, order) for part in split(signature))


def split(signature: str) -> list[str]:
    """The complete types of a signature. Raises HostileInput."""
    if len(signature) > SIGNATURE_CHARS:
        raise HostileInput("a D-Bus signature is too long")
    parts, pos = [], 0
    while pos < len(signature):
        end = _end(signature, pos, 0, 0)
        parts.append(signature[pos:end])
        pos = end
    return parts


def _end(signature: str, pos: int, arrays: int, structs: int) -> int:
    """Where the complete type that starts at `pos` ends."""
    code = signature[pos] if pos < len(signature) else ""
    if arrays > NESTING or structs > NESTING:
        raise HostileInput("a D-Bus signature nests too deeply")
    if code in FIXED or code in ("b", "s", "o", "g", "v"):
        return pos + 1
    if code == "a" and signature[pos + 1 : pos + 2] == "{":
        return _entry_end(signature, pos + 2, arrays + 1, structs + 1)
    if code == "a":
        return _end(signature, pos + 1, arrays + 1, structs)
    if code == "(" and signature[pos + 1 : pos + 2] != ")":
        pos += 1
        while signature[pos : pos + 1] != ")":
            pos = _end(signature, pos, arrays, structs + 1)
        return pos + 1
    raise HostileInput("malformed D-Bus signature")


def _entry_end(signature: str, pos: int, arrays: int, structs: int) -> int:
    key = signature[pos : pos + 1]
    if key not in FIXED and key not in ("b", "s", "o", "g"):
        raise HostileInput("malformed D-Bus signature")
    end = _end(signature, pos + 1, arrays, structs)
    if signature[end : end + 1] != "}":
        raise HostileInput("malformed D-Bus signature")
    return end + 1


def _reader(part: str, order: str) -> Reader:
    code = part[0]
    if code in FIXED:
        return _fixed(order, *FIXED[code])
    if code == "a":
        return _dict(part, order) if part[1] == "{" else _array(part[1:], order)
    if code == "(":
        return _struct(part[1:-1], order)
    return {"b": _bool, "s": _string, "o": _string, "g": _signature_of, "v": _variant}[code](order)


def _fixed(order: str, letter: str, size: int) -> Reader:
    unpack = struct.Struct(order + letter).unpack_from

    def read(cursor: Cursor) -> Any:
        return unpack(cursor.data, cursor.take(size, size))[0]

    return read


def _bool(order: str) -> Reader:
    number = _fixed(order, "I", 4)
    return lambda cursor: number(cursor) != 0


def _string(order: str) -> Reader:
    length_of = struct.Struct(order + "I").unpack_from

    def read(cursor: Cursor) -> str:
        (length,) = length_of(cursor.data, cursor.take(4, 4))
        start = cursor.take(length + 1, 1)
        return cursor.data[start : start + length].decode("utf-8", "replace")

    return read


def _signature_of(order: str) -> Reader:
    del order

    def read(cursor: Cursor) -> str:
        length = cursor.data[cursor.take(1, 1)]
        start = cursor.take(length + 1, 1)
        return cursor.data[start : start + length].decode("ascii", "replace")

    return read


def _variant(order: str) -> Reader:
    signature_of = _signature_of(order)

    def read(cursor: Cursor) -> Variant:
        signature = signature_of(cursor)
        inner = readers(signature, order)
        if len(inner) != 1:
            raise HostileInput("a D-Bus variant holds exactly one value")
        cursor.spend(1)
        cursor.depth += 1
        if cursor.depth > NESTING:
            raise HostileInput("D-Bus variants nest too deeply")
        value = inner[0](cursor)
        cursor.depth -= 1
        return Variant(signature, value)

    return read


def _struct(inside: str, order: str) -> Reader:
    fields = tuple(_reader(part, order) for part in split(inside))

    def read(cursor: Cursor) -> tuple[Any, ...]:
        cursor.take(0, 8)
        return tuple([field(cursor) for field in fields])

    return read


def _extent(order: str, align: int) -> Callable[[Cursor], int]:
    """Reads an array's length and steps over its padding; where the items end."""
    length_of = struct.Struct(order + "I").unpack_from

    def read(cursor: Cursor) -> int:
        (length,) = length_of(cursor.data, cursor.take(4, 4))
        end = int(cursor.take(0, align) + length)
        if length > ARRAY_BYTES or end > cursor.end:
            raise HostileInput("a D-Bus array runs past its message")
        return end

    return read


def _array(item: str, order: str) -> Reader:
    extent = _extent(order, ALIGNMENT[item[0]])
    if item in FIXED:
        return _flat(extent, order, *FIXED[item])
    read_item = _reader(item, order)

    def read(cursor: Cursor) -> list[Any]:
        end = extent(cursor)
        items: list[Any] = []
        while cursor.pos < end:
            cursor.spend(1)
            items.append(read_item(cursor))
        _closed(cursor, end)
        return items

    return read


def _flat(extent: Callable[[Cursor], int], order: str, letter: str, size: int) -> Reader:
    """An array of numbers, read at once; of bytes, as `bytes`."""

    def read(cursor: Cursor) -> Any:
        end = extent(cursor)
        start, cursor.pos = cursor.pos, end
        if letter == "B":
            return cursor.data[start:end]
        count, rest = divmod(end - start, size)
        if rest:
            raise HostileInput("a D-Bus array does not end with an item")
        cursor.spend(count)
        return list(struct.unpack_from(f"{order}{count}{letter}", cursor.data, start))

    return read


def _dict(part: str, order: str) -> Reader:
    extent = _extent(order, 8)
    key_of, value_of = _reader(part[2], order), _reader(part[3:-1], order)

    def read(cursor: Cursor) -> dict[Any, Any]:
        end = extent(cursor)
        entries: dict[Any, Any] = {}
        while cursor.pos < end:
            cursor.spend(1)
            cursor.take(0, 8)
            key = key_of(cursor)
            entries[key] = value_of(cursor)
        _closed(cursor, end)
        return entries

    return read


def _closed(cursor: Cursor, end: int) -> None:
    if cursor.pos != end:
        raise HostileInput("a D-Bus array does not end with an item")
