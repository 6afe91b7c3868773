"""Twenty machines whose QEMU is stopped: found, waited for, replaced; the others never notice."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from collector.fleet.backends import Backends
from collector.fleet.deadlines import SIGN_TTL_S, UNKNOWN_S
from collector.fleet.desktop import DesktopBackend
from collector.fleet.reconciler import Reconciler
from infra import settings
from infra.clock import SystemClock
from infra.ids import RandomIds
from infra.store import Store, machines, pools
from infra.store.rows import Pool

HUNG = 20
WELL = 2

pytestmark = pytest.mark.machine


class Hasty(SystemClock):
    """The host's clock, some seconds ahead."""

    ahead_s = 0.0

    def now_ns(self):
        return super().now_ns() + round(self.ahead_s * 1e9)

    def monotonic_s(self):
        return super().monotonic_s() + self.ahead_s


@pytest.fixture
def fleet(host, template, tmp_path):
    clock, chosen = Hasty(), settings.load()
    backend = DesktopBackend(host, chosen.cache, clock)
    store = Store(tmp_path / "trawl.db")
    reconciler = Reconciler(store, Backends(lambda _: backend), clock, RandomIds(clock))
    with store.write() as tx:
        pools.want(tx, [Pool("u", "ubuntu", chosen.image, HUNG + WELL)], clock.now_ns())
    yield clock, store, reconciler
    for uuid in backend.alive():
        backend.destroy(uuid)


def states(store):
    with store.read() as tx:
        return {m.uuid: m.observed for m in machines.alive(tx)}


def settle(reconciler):
    for _ in range(3):
        reconciler.tick()


def test_twenty_stopped_machines_are_unknown_then_replaced_and_the_others_stay(fleet, host):
    clock, store, reconciler = fleet
    for _ in range(HUNG):
        reconciler.tick()
    before = states(store)
    assert list(before.values()) == ["PARKED"] * (HUNG + WELL)
    hung = sorted(before)[:HUNG]
    uuids = {domain.uuid: domain for domain in host.domains()}
    pids = [uuids[uuid].pid() for uuid in hung]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    for _ in range(4):
        clock.ahead_s += SIGN_TTL_S / 3
        settle(reconciler)
    found = states(store)
    assert {uuid for uuid, state in found.items() if state == "UNKNOWN"} == set(hung)
    assert all(found[uuid] == "PARKED" for uuid in set(before) - set(hung))
    for _ in range(4):
        clock.ahead_s += UNKNOWN_S / 3
        settle(reconciler)
    for _ in range(HUNG):
        reconciler.tick()
    after = states(store)
    assert list(after.values()) == ["PARKED"] * (HUNG + WELL)
    assert set(after) & set(before) == set(before) - set(hung)
    assert not any(running(pid) for pid in pids)
    assert host.connection.calls.hung == 0


def running(pid):
    """Whether the process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
