"""What a fleet file would change: counts, each pool's keys, and the machines a host would have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collector.fleet import placement
from infra.store.rows import Host, Pool


@dataclass(frozen=True, slots=True)
class Change:
    """One pool as it is and as it would be.

    `keys` are the changed ones, each with what is and what would be, None where nothing is; what
    they say holds for machines that start from then on, a recycle policy for all. `hosts` is how
    many machines each host would have; empty where none is known yet.
    """

    pool: str
    there: int
    wanted: int
    keys: dict[str, tuple[Any, Any]]
    hosts: dict[str, int]

    def as_record(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "pool": self.pool, "there": self.there, "wanted": self.wanted,
            "change": self.wanted - self.there, "hosts": self.hosts,
            "keys": [{"key": k, "is": old, "becomes": new} for k, (old, new) in self.keys.items()],
        }  # fmt: skip


def changes(
    asked: Sequence[Pool],
    known: Sequence[Pool],
    there: Mapping[str, int],
    hosts: Sequence[Host],
    now_ns: int,
) -> list[Change]:
    """A change for every pool asked for, known, or with machines that are there; by name."""
    new, old = {p.name: p for p in asked}, {p.name: p for p in known}
    taking = placement.taking(hosts, now_ns)
    return [
        Change(
            name,
            there.get(name, 0),
            new[name].count if name in new else 0,
            _keys(old.get(name), new.get(name)),
            placement.shares(new[name].count, taking) if name in new else {},
        )
        for name in sorted({*new, *old, *there})
    ]


def _keys(old: Pool | None, new: Pool | None) -> dict[str, tuple[Any, Any]]:
    """The keys that differ, a nested one as `recycle.hours`; the count is told by itself."""
    if new is None or old is None:  # all of it is new, or goes
        return {}
    was, will = _flat(old), _flat(new)
    every = sorted({*was, *will})
    return {k: (was.get(k), will.get(k)) for k in every if was.get(k) != will.get(k)}


def _flat(pool: Pool) -> dict[str, Any]:
    nested = {"settings": pool.settings, "recycle": pool.recycle}
    deep = {f"{part}.{k}": v for part, values in nested.items() for k, v in values.items()}
    return {"kind": pool.kind, "image": pool.image} | deep
