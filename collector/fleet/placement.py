"""Which host has how many of a pool's machines: every host computes its own share, and all agree.

The share is by the memory a host has in all, which does not change while machines come and go.
"""

from __future__ import annotations

from collections.abc import Sequence

from collector.fleet.deadlines import HOST_LOST_S, S
from infra.store.rows import Host


def taking(hosts: Sequence[Host], now_ns: int) -> list[Host]:
    """Hosts that may be given machines, by name: heard of lately and not cordoned."""
    fresh = [h for h in hosts if now_ns - h.seen_ns < HOST_LOST_S * S and not h.cordoned]
    return sorted(fresh, key=lambda h: h.name)


def shares(count: int, hosts: Sequence[Host]) -> dict[str, int]:
    """`count` machines over `hosts` by the largest remainder; the shares add up to `count`."""
    total = sum(h.memory_bytes for h in hosts)
    if not hosts or total == 0:
        return {}
    exact = {h.name: count * h.memory_bytes / total for h in hosts}
    whole = {name: int(share) for name, share in exact.items()}
    by_rest = sorted(exact, key=lambda name: (whole[name] - exact[name], name))
    for name in by_rest[: count - sum(whole.values())]:
        whole[name] += 1
    return whole
