"""The host's end of a desktop's way out: its port's streams, each handed to the machine's proxy.

A machine has one only where its mark names hosts, and then nobody else connects to that port. Two
threads serve it: one moves bytes between the port and pairs of sockets, the other is the proxy's.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import structlog

from envs.guest.streams import Carrier
from envs.guest.wire import WireError
from envs.loop import Loop
from infra.egress import Policy, Proxy
from infra.errors import TrawlError
from infra.hypervisor import Domain

NETWORK: Final = "network"
"""The key of a machine's mark that has the hosts it may reach."""
CONNECT_S: Final = 5.0
CLOSE_S: Final = 5.0
MakeProxy = Callable[[Policy, str], Proxy]
log = structlog.get_logger("egress")


def mark(network: Sequence[str]) -> dict[str, list[str]]:
    """What the mark of a machine says that may reach these hosts; nothing for none."""
    return {NETWORK: list(network)} if network else {}


def hosts(owner: Mapping[str, Any]) -> tuple[str, ...]:
    """The hosts that the machine of this mark may reach."""
    return tuple(map(str, owner.get(NETWORK, ())))


class Egress:
    """What one machine reaches the world by, from `open` to `close`."""

    def __init__(self, port: socket.socket, nonce: str, proxy: Proxy, machine: str) -> None:
        self.is_broken = False
        """Whether the guest broke the rules of the port; it has no way out since."""
        self._port, self._proxy, self._machine = port, proxy, machine
        self._loop = Loop(f"egress-{machine[:8]}")
        self._carrier = Carrier(port.fileno(), nonce, self._arrive)
        self._thread = threading.Thread(
            target=self._carry, name=f"egress-port-{machine[:8]}", daemon=True
        )
        self._thread.start()

    @classmethod
    def open(cls, domain: Domain, nonce: str, make: MakeProxy = Proxy) -> Egress:
        """Connect to the machine's port, for the hosts that its mark names. Raises InfraLost."""
        policy = Policy.of(hosts(domain.owner))
        port = domain.connect("egress", CONNECT_S)
        return cls(port, nonce, make(policy, domain.uuid), domain.uuid)

    @property
    def counts(self) -> dict[str, int]:
        """Connections by what became of them, as the proxy names it."""
        return dict(self._proxy.counts)

    def close(self) -> None:
        """End every connection and let go of the port; twice is fine."""
        self._hang_up()
        self._thread.join(CLOSE_S)
        with contextlib.suppress(TrawlError):
            self._loop.run(self._proxy.close(), CLOSE_S, "closing the network")
        self._loop.close()
        self._port.close()

    def _arrive(self) -> socket.socket | None:
        """One end of a pair of sockets, the proxy serves the other; None without descriptors."""
        try:
            ours, theirs = socket.socketpair()
        except OSError:
            return None
        self._loop.soon(self._proxy.take, theirs)
        return ours

    def _carry(self) -> None:
        try:
            while True:
                self._carrier.turn()
        except WireError as error:
            self.is_broken = True
            if structlog.is_configured():
                log.warning("egress.hostile", subject=self._machine, reason=str(error))
        except OSError:  # the machine, or `close`, ended it
            pass
        finally:
            self._carrier.close()
            self._hang_up()

    def _hang_up(self) -> None:
        """Let both ends of the port know that it is over."""
        with contextlib.suppress(OSError):
            self._port.shutdown(socket.SHUT_RDWR)
