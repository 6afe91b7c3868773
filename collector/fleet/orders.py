"""What an operator may order of single machines, as what is then desired of them.

An order is written whole or not at all, does nothing the second time, and is carried out by the
reconciler. A machine at work finishes its episode first, whatever was ordered.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from collector.fleet.judge import ENDING
from infra.errors import Conflict
from infra.store import machines
from infra.store.engine import Tx
from infra.store.rows import Desired, Machine

Order = Literal["recycle", "drain", "release", "quarantine"]
DESIRED: Final[dict[Order, Desired]] = {
    "recycle": "GONE", "drain": "DRAINED", "release": "RUNNING", "quarantine": "DRAINED",
}  # fmt: skip


def desired_by(order: Order, machine: Machine) -> Desired:
    """What `order` makes desired of `machine`. Raises Conflict where its state does not allow it.

    A machine that the reconciler quarantined has no process any more: releasing it lets it go, and
    its pool starts again.
    """
    if machine.observed == "GONE":
        raise Conflict(f"{machine.name} is gone", "trawl machine list", machine.name)
    if order == "recycle":
        return "GONE"
    if machine.observed in ENDING:
        raise Conflict(f"{machine.name} is being removed", "trawl machine list", machine.name)
    if machine.observed == "QUARANTINED":
        return "GONE" if order == "release" else machine.desired
    if machine.desired == "GONE" and order != "release":
        raise Conflict(
            f"{machine.name} is to go", f"trawl machine release {machine.name}", machine.name
        )
    return DESIRED[order]


def give(tx: Tx, order: Order, names: Iterable[str], reason: str, at_ns: int) -> list[Machine]:
    """Write an order for every one of `names`; the machines as they then are.

    Raises NotFound with the nearest name, Conflict; then nothing is written once the caller's
    transaction ends by it.
    """
    found = {m.uuid: m for m in (machines.get(tx, name) for name in names)}
    for machine in found.values():
        desired = desired_by(order, machine)
        if desired != machine.desired:
            machines.want(
                tx, machine.uuid, desired, at_ns, f"{order}: {reason}" if reason else order
            )
    return [machines.get(tx, uuid) for uuid in found]
