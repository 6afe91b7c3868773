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

_BEFORE_SIZE: Final = b"0000644\x000000000\x000000000\x00"
_AFTER_SIZE: Final = b"\x0000000000000\x00"
_AFTER_KIND: Final = bytes(100) + b"ustar\x0000" + bytes(64) + b"0000000\x00" * 2 + bytes(167)
_REST: Final = sum(_BEFORE_SIZE) + sum(_AFTER_SIZE) + 8 * ord(" ") + sum(_AFTER_KIND)
"""What every header adds to its checksum, whatever the name, the size and the kind."""


def member(name: str, data: bytes) -> tuple[bytes, bytes, bytes]:
    """A regular file: what stands before its data, the data, what fills its last block.

    Raises ValueError where the data has more than 8 GiB.
    """
    return _head(name, len(data)), data, bytes(-len(data) % BLOCK)


def _head(name: str, size: int) -> bytes:
    if len(name) <= NAME_BYTES and name.isascii():
        return header(name.encode("ascii"), size, b"0")
    record = _pax("path", name)
    short = name.encode("ascii", "replace")[:NAME_BYTES]
    filled = record + bytes(-len(record) % BLOCK)
    return header(b"././@PaxHeader", len(record), b"x") + filled + header(short, size, b"0")


def header(name: bytes, size: int, kind: bytes) -> bytes:
    """The block before a member's data; `kind` is `0` for a file, `x` for PAX records."""
    if size > LARGEST:
        raise ValueError("a member larger than 8 GiB")
    digits = b"%011o" % size
    checksum = b"%06o\0 " % (_REST + sum(name) + sum(digits) + kind[0])
    return b"".join(
        (name.ljust(NAME_BYTES, b"\0"), _BEFORE_SIZE, digits, _AFTER_SIZE, checksum, kind, _AFTER_KIND)
    )  # fmt: skip


def _pax(key: str, value: str) -> bytes:
    """One PAX record; its length counts its own digits."""
    body = f" {key}={value}\n".encode()
    size = len(body) + 1
    while len(body) + len(str(size)) != size:
        size = len(body) + len(str(size))
    return str(size).encode() + body
