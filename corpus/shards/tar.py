"""Tar members as bytes: USTAR, with a PAX record where a name needs one; nothing of the host shows.

Times are zero, owners are root's numbers without names, modes are 0644, so that equal contents
make equal archives.
"""

from __future__ import annotations

from typing import Final

BLOCK: Final = 512
END: Final = bytes(2 * BLOCK)
NAME_BYTES: Final = 100
LARGEST: Final = 8**11 - 1


def member(name: str, data: bytes) -> bytes:
    """A regular file of that name, padded to whole blocks."""
    encoded = name.encode("utf-8")
    if len(encoded) <= NAME_BYTES and name.isascii():
        return _header(encoded, len(data), b"0") + _padded(data)
    record = _pax("path", name)
    short = encoded[:NAME_BYTES].decode("ascii", "replace").encode("ascii", "replace")[:NAME_BYTES]
    return (
        _header(b"././@PaxHeader", len(record), b"x")
        + _padded(record)
        + _header(short, len(data), b"0")
        + _padded(data)
    )


def _header(name: bytes, size: int, kind: bytes) -> bytes:
    if size > LARGEST:
        raise ValueError("a member larger than 8 GiB")
    fields = (
        name.ljust(NAME_BYTES, b"\0"),
        b"0000644\0",
        b"0000000\0",
        b"0000000\0",
        b"%011o\0" % size,
        b"%011o\0" % 0,
        b" " * 8,
        kind,
        bytes(NAME_BYTES),
        b"ustar\x0000",
        bytes(64),
        b"0000000\0",
        b"0000000\0",
        bytes(155),
    )
    head = b"".join(fields).ljust(BLOCK, b"\0")
    return head[:148] + b"%06o\0 " % sum(head) + head[156:]


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % BLOCK)


def _pax(key: str, value: str) -> bytes:
    """One PAX record; its length counts its own digits."""
    body = f" {key}={value}\n".encode()
    size = len(body) + 1
    while len(body) + len(str(size)) != size:
        size = len(body) + len(str(size))
    return str(size).encode() + body
