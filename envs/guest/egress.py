"""The guest's end of its way out: connections to a loopback address, carried over a port.

The agent starts it on a machine that has a network, and it ends with the agent or with the host's
end of the port. It knows nothing of what it carries: whom a connection reaches, the host decides.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from typing import Final

from envs.guest.port import Port
from envs.guest.streams import Carrier
from envs.guest.wire import WireError

ADDRESS: Final = ("127.0.0.1", 3128)
STARTER: Final = 0
"""Standard input: it closes when whoever started this program is gone."""


def serve(carrier: Carrier, listener: socket.socket) -> None:
    """Carry every connection to `listener`, until the starter or the host is gone."""
    while True:
        asked = [STARTER, listener.fileno()] if carrier.has_room else [STARTER]
        ready = carrier.turn(asked)
        if STARTER in ready:
            return
        if listener.fileno() in ready:
            with contextlib.suppress(OSError):  # whoever knocked is gone again
                carrier.open(listener.accept()[0])


def main() -> None:
    """Listen, tell the starter, serve; the argument is the nonce of the hello."""
    with socket.create_server(ADDRESS) as listener:
        listener.settimeout(0.0)
        port = Port.named("egress")
        port.wait_for_host()
        os.write(1, b"ready\n")
        with contextlib.suppress(ConnectionError, WireError):
            serve(Carrier(port.fd, sys.argv[1]), listener)


if __name__ == "__main__":
    main()
