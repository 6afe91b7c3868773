"""What one machine's proxy may be made to hold, carry and wait for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one proxy; `connections` is of all at once, the rest of each of them."""

    connections: int = 64
    """Who comes beyond it waits in the kernel's queue; each holds two descriptors."""
    head_bytes: int = 16 * 1024
    """A request's line and headers, or a response's."""
    carried_bytes: int = 256 << 20
    """Both directions together."""
    head_s: float = 10.0
    """From the first look to the last byte of the request's head: dripping does not stretch it."""
    resolve_s: float = 5.0
    connect_s: float = 10.0
    idle_s: float = 60.0
    """Longest silence of both sides."""
    whole_s: float = 900.0
    """From the connection's first moment to its last."""
