"""Our values as D-Bus bytes, little-endian: what we send is ours, so a mistake is a ValueError."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

from envs.tree.dbus_wire import ALIGNMENT, FIXED, Variant, split


def marshal(signature: str, values: Sequence[Any], into: bytearray | None = None) -> bytearray:
    """`values` as the bytes of `signature`, appended to `into`, whose start is aligned."""
    out = bytearray() if into is None else into
    parts = split(signature)
    if len(parts) != len(values):
        raise ValueError(f"{signature!r} takes {len(parts)} values, not {len(values)}")
    for part, value in zip(parts, values, strict=True):
        _write(part, value, out)
    return out


def align(out: bytearray, size: int) -> None:
    """Pad `out` with zeros to a multiple of `size`."""
    out.extend(bytes(-len(out) % size))


def _write(part: str, value: Any, out: bytearray) -> None:
    code = part[0]
    align(out, ALIGNMENT[code])
    if code in FIXED:
        out.extend(struct.pack("<" + FIXED[code][0], value))
    elif code == "b":
        out.extend(struct.pack("<I", bool(value)))
    elif code in ("s", "o"):
        raw = value.encode("utf-8")
        out.extend(struct.pack("<I", len(raw)) + raw + b"\0")
    elif code == "g":
        raw = value.encode("ascii")
        out.extend(bytes([len(raw)]) + raw + b"\0")
    elif code == "v":
        _write_variant(value, out)
    elif code == "(":
        marshal(part[1:-1], value, out)
    else:
        _write_array(part[1:], value, out)


def _write_variant(value: Variant, out: bytearray) -> None:
    _write("g", value.signature, out)
    _write(split(value.signature)[0], value.value, out)


def _write_array(item: str, values: Any, out: bytearray) -> None:
    """Length, padding, items; the padding is not in the length."""
    at = len(out)
    out.extend(bytes(4))
    align(out, ALIGNMENT[item[0]])
    start = len(out)
    if item == "y":
        out.extend(values)
    elif item[0] == "{":
        for key, value in values.items():
            align(out, 8)
            marshal(item[1:-1], (key, value), out)
    else:
        for value in values:
            _write(item, value, out)
    struct.pack_into("<I", out, at, len(out) - start)
