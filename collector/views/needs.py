"""What needs somebody: what does not mend itself, or has not yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from collector.fleet.deadlines import HOST_SILENT_S, START_BUDGET
from collector.views import host
from infra.store.rows import Host, Lease, Machine, Pool


@dataclass(frozen=True, slots=True)
class Moment:
    """What a fleet was at one moment."""

    machines: list[Machine]
    pools: list[Pool]
    hosts: list[Host]
    leases: list[Lease]
    now_ns: int


@dataclass(frozen=True, slots=True)
class Case:
    """One thing: whom it is about, in what state, why, what to do, and since when."""

    what: str
    state: str
    reason: str
    hint: str
    name: str
    since_ns: int | None = None


@dataclass(slots=True)
class Need:
    """Equal cases in one: since the first of them."""

    first: Case
    names: list[str] = field(default_factory=list)
    since_ns: int | None = None

    def add(self, case: Case) -> None:
        """One more of them."""
        self.names.append(case.name)
        known = [at_ns for at_ns in (self.since_ns, case.since_ns) if at_ns is not None]
        self.since_ns = min(known, default=None)

    def as_record(self) -> dict[str, Any]:
        """As pages show it."""
        case = self.first
        return {"what": case.what, "state": case.state, "reason": case.reason, "hint": case.hint,
                "names": self.names, "since_ns": self.since_ns}  # fmt: skip


def needs(moment: Moment) -> list[dict[str, Any]]:
    """The gravest first, equal cases in one."""
    found: dict[tuple[str, str, str], Need] = {}
    kinds = (_unled, _quarantined, _stopped, _silent, _late, _overdue)
    for case in chain.from_iterable(kind(moment) for kind in kinds):
        found.setdefault((case.what, case.state, case.reason), Need(case)).add(case)
    return [need.as_record() for need in found.values()]


def _unled(moment: Moment) -> Iterator[Case]:
    if moment.pools and all(host.is_silent(h, moment.now_ns) for h in moment.hosts):
        yield Case("fleet", "down", "no controller speaks, and machines are wanted",
                   "trawl fleet up --file fleet.toml", "controller")  # fmt: skip


def _quarantined(moment: Moment) -> Iterator[Case]:
    for m in moment.machines:
        if m.observed == "QUARANTINED":
            hint = "trawl machine release NAME"
            yield Case("machine", m.observed, m.reason, hint, m.name, m.since_ns)


def _stopped(moment: Moment) -> Iterator[Case]:
    for pool in moment.pools:
        if pool.failures >= START_BUDGET:
            why = f"{pool.failures} starts failed in a row: nothing more is started"
            yield Case("pool", "stopped", why, "release its machine in quarantine", pool.name)


def _silent(moment: Moment) -> Iterator[Case]:
    for h in moment.hosts:
        if host.is_silent(h, moment.now_ns):
            why = f"it has said nothing for more than {HOST_SILENT_S} s"
            hint = "start its controller, or trawl host forget NAME"
            yield Case("host", "silent", why, hint, h.name, h.seen_ns)


def _late(moment: Moment) -> Iterator[Case]:
    for m in moment.machines:
        if m.deadline_ns is not None and m.deadline_ns < moment.now_ns:
            hint = "the reconciler ends it; else see run/controller.log"
            why = "its state lasts longer than it may"
            yield Case("machine", m.observed, why, hint, m.name, m.deadline_ns)


def _overdue(moment: Moment) -> Iterator[Case]:
    names = {m.uuid: m.name for m in moment.machines}
    for lease in moment.leases:
        if lease.until_ns < moment.now_ns:
            why = f"the lease of {lease.holder} has run out and nobody gave it back"
            name = names.get(lease.machine, lease.machine)
            yield Case("machine", "overdue", why, "the reconciler takes it", name, lease.until_ns)
