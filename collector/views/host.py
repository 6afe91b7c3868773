"""Hosts: when each last spoke, what it has, and what stands on it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from collector.fleet.deadlines import HOST_SILENT_S, S, shown
from infra.store import Tx, hosts, machines
from infra.store.rows import Host


def record(host: Host, machines_there: int, now_ns: int) -> dict[str, Any]:
    """A host in one row."""
    return {
        "name": host.name, "silent_s": round((now_ns - host.seen_ns) / S, 1), "running": host.running,
        "memory_bytes": host.memory_bytes, "disk_bytes": host.disk_bytes, "cordoned": host.cordoned,
        "machines": machines_there,
    }  # fmt: skip


def listed(tx: Tx, now_ns: int) -> list[dict[str, Any]]:
    """Every host ever heard of, by name."""
    return [record(host, len(machines.alive(tx, host.name)), now_ns) for host in hosts.listed(tx)]


def is_silent(host: Host, now_ns: int) -> bool:
    """Whether it has not spoken for so long that nothing is known of it."""
    return now_ns - host.seen_ns >= HOST_SILENT_S * S


def board(tx: Tx, now_ns: int) -> list[dict[str, Any]]:
    """Every host with its state in a word, and its machines by state and by pool."""
    states: dict[str, Counter[str]] = {}
    pools: dict[str, Counter[str]] = {}
    for m in machines.alive(tx):
        states.setdefault(m.host, Counter())[shown(m.observed, m.seen_ns, now_ns)] += 1
        pools.setdefault(m.host, Counter())[m.pool] += 1
    return [
        record(host, states.get(host.name, Counter()).total(), now_ns) | {
            "seen_ns": host.seen_ns,
            "state": "silent" if is_silent(host, now_ns) else "cordoned" if host.cordoned else "up",
            "states": dict(states.get(host.name, {})),
            "pools": dict(sorted(pools.get(host.name, {}).items())),
        }
        for host in hosts.listed(tx)
    ]  # fmt: skip
