"""What a viewer may say to a machine's VNC server: RFC 6143, read message by message.

A viewer that only looks may ask for pictures and nothing else: what would press a key, move the
pointer or fill the clipboard is read and dropped. What is not known here ends the connection. Of
the encodings that a viewer offers only those are passed on that need no message we do not know,
and no picture that the page would have to load.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from infra.errors import HostileInput

VERSION: Final = b"RFB 003.008\n"
NO_PASSWORD: Final = b"\x01"
SHARED: Final = b"\x01"
"""What is always said, whatever the viewer says: an exclusive one would throw the others out."""
PIXEL_FORMAT, ENCODINGS, UPDATE, KEY, POINTER, CUT_TEXT, QEMU = 0, 2, 3, 4, 5, 6, 255
LOOKING: Final = frozenset({PIXEL_FORMAT, ENCODINGS, UPDATE})
LENGTHS: Final = {PIXEL_FORMAT: 20, UPDATE: 10, KEY: 8, POINTER: 6, QEMU: 12}
"""Messages that are always so long, in bytes; of QEMU's own only the key is one."""
DEPTHS: Final = frozenset({8, 16, 32})
KNOWN_ENCODINGS: Final = frozenset({0, 1, 2, 5, 6, 7, 16, *range(-256, -246), -223, -224, -258})
"""Raw, copied, RRE, hextile, zlib, tight, ZRLE; how hard to compress; a new size, the last
rectangle, keys by their place. Without a wish for quality nothing is sent as a JPEG."""
MOST_ENCODINGS: Final = 256
CUT_TEXT_BYTES: Final = 64 * 1024


class ClientMessages:
    """The messages of one viewer: `feed` takes bytes as they come and gives what may go on."""

    def __init__(self, *, may_control: bool) -> None:
        self._may_control = may_control
        self._rest = bytearray()
        self._greetings = [(len(VERSION), _version), (1, _security), (1, _shared)]
        self.inputs = 0
        """Keys, pointer movements and texts that were passed on."""
        self.dropped = 0
        """Those that were not."""

    def feed(self, data: bytes) -> bytes:
        """What of `data`, and of what was left before, goes on to the machine.

        Raises HostileInput for a message that is unknown, too long or malformed; nothing that
        comes after it can be understood, so the connection must end.
        """
        self._rest += data
        return b"".join(self._whole())

    def _whole(self) -> Iterator[bytes]:
        """Every message that is complete, as it may go on."""
        while self._greetings and len(self._rest) >= self._greetings[0][0]:
            length, read = self._greetings.pop(0)
            yield read(self._taken(length))
        while not self._greetings and self._rest:
            length = _length(self._rest)
            if len(self._rest) < length:
                return
            yield self._passed(self._taken(length))

    def _taken(self, length: int) -> bytes:
        taken = bytes(self._rest[:length])
        del self._rest[:length]
        return taken

    def _passed(self, message: bytes) -> bytes:
        if message[0] in LOOKING:
            return _looked(message)
        self.inputs += self._may_control
        self.dropped += not self._may_control
        return message if self._may_control else b""


def _length(start: bytes | bytearray) -> int:
    """How long the message is that begins so, in bytes; more than there are where none can tell."""
    kind = start[0]
    if kind == ENCODINGS:
        return 4 + 4 * _bounded(start, 2, 2, MOST_ENCODINGS)
    if kind == CUT_TEXT:
        return 8 + _bounded(start, 4, 4, CUT_TEXT_BYTES)
    if kind not in LENGTHS or (kind == QEMU and start[1:2] not in (b"", b"\0")):
        raise HostileInput(f"a viewer's message of kind {kind} is not known")
    return LENGTHS[kind]


def _bounded(start: bytes | bytearray, at: int, size: int, most: int) -> int:
    """The number of `size` bytes at that place; where it has not come yet, one more byte's worth."""
    if len(start) < at + size:
        return most
    number = int.from_bytes(start[at : at + size], "big")
    if number > most:
        raise HostileInput(
            f"a viewer's message of kind {start[0]} counts {number} (at most {most})"
        )
    return number


def _looked(message: bytes) -> bytes:
    """A message that everybody may send, checked and put in order."""
    if message[0] == PIXEL_FORMAT and message[4] not in DEPTHS:
        raise HostileInput(f"a viewer asks for {message[4]} bits a pixel")
    if message[0] != ENCODINGS:
        return message
    offered = struct.unpack(f">{(len(message) - 4) // 4}i", message[4:])
    kept = [encoding for encoding in offered if encoding in KNOWN_ENCODINGS]
    return struct.pack(f">BxH{len(kept)}i", ENCODINGS, len(kept), *kept)


def _version(said: bytes) -> bytes:
    if said != VERSION:
        raise HostileInput("a viewer does not speak RFB 3.8")
    return said


def _security(said: bytes) -> bytes:
    if said != NO_PASSWORD:
        raise HostileInput("a viewer asks for a way in that was not offered")
    return said


def _shared(said: bytes) -> bytes:
    del said
    return SHARED
