"""Writes down whom packets of this network namespace are for, until a datagram to port 9.

sniffer.py LOG
"""

from __future__ import annotations

import ipaddress
import socket
import struct
import sys
from pathlib import Path

EVERY_PROTOCOL = 3
IPV4, IPV6, ICMPV6 = 0x0800, 0x86DD, 58
TCP, UDP = 6, 17
NEIGHBOURS = ipaddress.ip_network("ff02::/16")
SYN_AND_ACK = 0x12
SYN = 0x02


def told(frame: bytes) -> str | None:
    """`tcp ADDRESS:PORT` of a first packet, or any other packet's protocol and whom it is for."""
    kind = struct.unpack_from("!H", frame, 12)[0]
    if kind == IPV4:
        protocol, rest = frame[23], frame[14 + (frame[14] & 15) * 4 :]
        to = ipaddress.ip_address(frame[30:34])
    elif kind == IPV6:
        protocol, rest = frame[20], frame[54:]
        to = ipaddress.ip_address(frame[38:54])
    else:
        return None
    if protocol == TCP:
        port = struct.unpack_from("!H", rest, 2)[0]
        return f"tcp {to} {port}" if rest[13] & SYN_AND_ACK == SYN else None
    if protocol == UDP:
        return f"udp {to} {struct.unpack_from('!H', rest, 2)[0]}"
    if protocol == ICMPV6 or to in NEIGHBOURS:  # the kernel's own, of every link
        return None
    return f"protocol {protocol} {to}"


def main(log: Path) -> None:
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EVERY_PROTOCOL)) as wire:
        log.touch()
        seen: set[str] = set()
        while True:
            line = told(wire.recv(65535))
            if line is not None and line not in seen:
                seen.add(line)
                with log.open("a", encoding="ascii") as out:
                    out.write(line + "\n")
            if line is not None and line.startswith("udp") and line.endswith(" 9"):
                return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
