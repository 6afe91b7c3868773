"""Whose process is at the other end of a loopback connection: asked of the kernel, socket by socket.

The question goes by netlink, since the table below /proc is read in tens of milliseconds.
"""

from __future__ import annotations

import os
import socket
import struct
from typing import Final

NETLINK_SOCK_DIAG: Final = 4
SOCK_DIAG_BY_FAMILY: Final = 20
NLM_F_REQUEST: Final = 1
ESTABLISHED_AND_CLOSING: Final = 0xFFF
ANY: Final = 0xFFFFFFFF
HEADER: Final = struct.Struct("=IHHII")
ASKED: Final = struct.Struct("=BBBBI")
SOCKET: Final = struct.Struct("!HH16s16s")
"""Ports and addresses, in the network's order; interface and cookie follow."""
SAID: Final = struct.Struct("=IIIII")
"""Expiry, both queues, uid, inode; after family, state, timer, retransmissions and the socket."""
SAID_AT: Final = HEADER.size + 4 + SOCKET.size + 12
ANSWER_BYTES: Final = 4096
ANSWER_S: Final = 1.0
Address = tuple[str, int]


def is_ours(peer: Address, own: Address) -> bool:
    """Whether this user's process holds the `peer` end of the connection to `own`."""
    return owner(peer, own) == os.geteuid()


def owner(one: Address, other: Address) -> int | None:
    """The uid that holds the `one` end of a TCP connection; None where the kernel knows none."""
    ends = SOCKET.pack(one[1], other[1], _packed(one), _packed(other))
    asked = ASKED.pack(socket.AF_INET, socket.IPPROTO_TCP, 0, 0, ESTABLISHED_AND_CLOSING)
    question = asked + ends + struct.pack("=III", 0, ANY, ANY)
    length = HEADER.size + len(question)
    header = HEADER.pack(length, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, 1, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, NETLINK_SOCK_DIAG) as kernel:
        kernel.settimeout(ANSWER_S)
        kernel.send(header + question)
        answer = kernel.recv(ANSWER_BYTES)
    if HEADER.unpack_from(answer)[1] != SOCK_DIAG_BY_FAMILY:
        return None
    *_, uid, inode = SAID.unpack_from(answer, SAID_AT)
    return int(uid) if inode else None  # without an inode nobody holds it any more


def _packed(address: Address) -> bytes:
    return socket.inet_aton(address[0])
