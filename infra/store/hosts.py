"""Hosts, as each last said itself, and the offices that only one process may hold."""

from __future__ import annotations

from sqlalchemy import select

from infra.errors import NotFound
from infra.store import events
from infra.store.convert import row
from infra.store.engine import Tx
from infra.store.models import HostTable, LeaderTable
from infra.store.rows import Host


def listed(tx: Tx) -> list[Host]:
    """Every host ever heard of, by name."""
    return [row(Host, h) for h in tx.scalars(select(HostTable).order_by(HostTable.name))]


def report(tx: Tx, host: Host) -> None:
    """A host says that it is there; whether it is cordoned is not its own to say."""
    known = tx.get(HostTable, host.name)
    if known is None:
        tx.add(HostTable(**{name: getattr(host, name) for name in Host.__slots__}))
        events.add(tx, host.seen_ns, "host.joined", host.name)
        return
    known.seen_ns, known.running = host.seen_ns, host.running
    known.memory_bytes, known.disk_bytes = host.memory_bytes, host.disk_bytes


def cordon(tx: Tx, name: str, at_ns: int, *, cordoned: bool) -> None:
    """Give a host no new machines, or give it some again. Raises NotFound."""
    _known(tx, name).cordoned = cordoned
    events.add(tx, at_ns, "host.cordoned" if cordoned else "host.uncordoned", name)


def forget(tx: Tx, name: str, at_ns: int) -> None:
    """Drop a host that is no more; one that comes by its name joins anew. Raises NotFound."""
    tx.delete(_known(tx, name))
    let_go(tx, office_of(name), at_ns)
    events.add(tx, at_ns, "host.forgotten", name)


def leave(tx: Tx, name: str, at_ns: int, *, for_good: bool) -> None:
    """A host without machines says that it goes: others have its share, its name is free.

    A host that is cordoned stays known, unless it goes for good. Going twice is going once.
    """
    let_go(tx, office_of(name), at_ns)
    known = tx.get(HostTable, name)
    if known is not None and (for_good or not known.cordoned):
        tx.delete(known)
        events.add(tx, at_ns, "host.left", name)


def _known(tx: Tx, name: str) -> HostTable:
    """The row of a host. Raises NotFound with the nearest name."""
    known = tx.get(HostTable, name)
    if known is None:
        raise NotFound.among("host", name, [h.name for h in listed(tx)], "trawl host list")
    return known


def office_of(name: str) -> str:
    """The office that holds a host's name for one home."""
    return f"host {name}"


def let_go(tx: Tx, office: str, at_ns: int) -> None:
    """Whoever holds an office holds it no longer; its fence stays."""
    known = tx.get(LeaderTable, office)
    if known is not None:
        known.holder, known.until_ns = "", min(known.until_ns, at_ns)


def hold(tx: Tx, office: str, holder: str, at_ns: int, until_ns: int) -> int | None:
    """Take or keep an office; its fence, which rises with each new holder, or None if it is held."""
    known = tx.get(LeaderTable, office)
    if known is None:
        tx.add(LeaderTable(office=office, holder=holder, fence=1, until_ns=until_ns))
        return 1
    if known.holder != holder:
        if known.until_ns > at_ns:
            return None
        known.holder, known.fence = holder, known.fence + 1
        events.add(tx, at_ns, "office.taken", office, holder, fence=known.fence)
    known.until_ns = until_ns
    return known.fence
