"""What is changed through the dashboard: each act with its line in the log, in one transaction.

Pages and API do the same here, and answer with the documents of the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from collector.dash.access import Role, Who, audit
from collector.dash.access.tokens import Tokens
from collector.dash.desk import Desk
from collector.fleet import client, downing, orders, silence
from collector.views import fleet as fleet_view
from collector.views import machine as machine_view
from collector.views import run as run_view
from infra.errors import Conflict
from infra.store import hosts, machines, retries, runs
from infra.store.rows import Run

FLEET_FILE = Path("fleet.toml")
"""What errors call a fleet file that came without a name."""


def order(
    at: Desk, who: Who, verb: orders.Order, names: Sequence[str], reason: str
) -> dict[str, Any]:
    """Order something of machines. Raises NotFound, Conflict; then nothing is ordered."""
    now_ns = at.clock.now_ns()
    with at.store.write() as tx:
        told = orders.give(tx, verb, names, reason, now_ns)
        for machine in told:
            audit.note(tx, who, f"machine.{verb}", machine.uuid, reason, at_ns=now_ns)
    rows = [machine_view.record(machine, now_ns) for machine in told]
    return {"order": verb, "controller": _wake(at), "machines": rows}


def cordon(at: Desk, who: Who, name: str, *, cordoned: bool) -> dict[str, Any]:
    """Give a host nothing new, or its share again. Raises NotFound."""
    now_ns = at.clock.now_ns()
    with at.store.write() as tx:
        hosts.cordon(tx, name, now_ns, cordoned=cordoned)
        audit.note(tx, who, "host.cordon" if cordoned else "host.uncordon", name, at_ns=now_ns)
    _wake(at)
    return {"host": name, "cordoned": cordoned}


def forget(at: Desk, who: Who, name: str, reason: str) -> dict[str, Any]:
    """Give up a host that is gone. Raises NotFound, Conflict for one that still speaks."""
    now_ns = at.clock.now_ns()
    with at.store.write() as tx:
        lost = silence.forget(tx, name, now_ns)
        audit.note(tx, who, "host.forget", name, reason, at_ns=now_ns, lost=lost)
    return {"host": name, "lost": lost}


def up(at: Desk, who: Who, text: str) -> dict[str, Any]:
    """Want what a fleet file says; its machines come by and by. Raises UsageError, Unavailable."""
    from collector.fleet import asked, wanted

    now_ns, pools = at.clock.now_ns(), wanted.parse(text, FLEET_FILE, at.settings.image)
    with at.store.write() as tx:
        asked.up(tx, at.settings, pools, now_ns)
        counts = {pool.name: pool.count for pool in pools}
        audit.note(tx, who, "fleet.up", "fleet", at_ns=now_ns, pools=counts)
    return _led(at)


def scale(at: Desk, who: Who, pool: str, count: int) -> dict[str, Any]:
    """Want so many machines of one pool. Raises NotFound, Unavailable."""
    from collector.fleet import asked

    now_ns = at.clock.now_ns()
    with at.store.write() as tx:
        asked.scale(tx, at.settings, pool, count, now_ns)
        audit.note(tx, who, "fleet.scale", pool, at_ns=now_ns, count=count)
    return _led(at)


def down(at: Desk, who: Who, reason: str) -> dict[str, Any]:
    """Want nothing; what is left, which ends by and by."""
    now_ns = at.clock.now_ns()
    with at.store.write() as tx:
        downing.want(tx, now_ns)
        audit.note(tx, who, "fleet.down", "fleet", reason, at_ns=now_ns)
        left = machines.alive(tx)
    _wake(at)
    by_host = {host: sum(m.host == host for m in left) for host in sorted({m.host for m in left})}
    return {"machines": len(left), "hosts": by_host}


def submit(
    at: Desk, who: Who, *, pool: str, explorer: str, episodes: int, steps: int, seed: int
) -> dict[str, Any]:
    """Plan a run. Raises as `submission.submit` does."""
    from collector import submission

    run = Run(at.ids.new("run"), pool, explorer, episodes, steps, seed, "queued",
              at.clock.now_ns(), None)  # fmt: skip
    submission.submit(
        at.store,
        at.settings,
        run,
        lambda tx: audit.note(tx, who, "run.submit", run.id, at_ns=run.created_ns),
    )
    return {"run": run.id, "follow": f"trawl run follow {run.id}"}


def cancel(at: Desk, who: Who, run_id: str, reason: str) -> dict[str, Any]:
    """Stop a run after the present steps. Raises NotFound."""
    now_ns = at.clock.now_ns()
    with at.store.write() as tx:
        runs.cancel(tx, run_id, now_ns)
        audit.note(tx, who, "run.cancel", run_id, reason, at_ns=now_ns)
    with at.store.read() as tx:
        return run_view.shown(tx, at.settings.home, run_id)


def retry(at: Desk, who: Who, run_id: str, reason: str) -> dict[str, Any]:
    """Queue a run's episodes that did not complete again. Raises NotFound, Conflict."""
    now_ns = at.clock.now_ns()
    with at.store.write() as tx:
        count = retries.retry(tx, run_id, now_ns)
        audit.note(tx, who, "run.retry", run_id, reason, at_ns=now_ns, episodes=count)
    return {"run": run_id, "episodes": count, "controller": _wake(at),
            "follow": f"trawl run follow {run_id}"}  # fmt: skip


def let_in(at: Desk, who: Who, tokens: Tokens, name: str, role: Role) -> dict[str, Any]:
    """Make a token for somebody. Raises Conflict, UsageError."""
    with at.store.write() as tx:
        audit.note(tx, who, "token.add", name, at_ns=at.clock.now_ns(), given=role)
        made = tokens.add(name, role)
    return {"name": name, "role": role, "token": made}


def shut_out(at: Desk, who: Who, tokens: Tokens, name: str, reason: str) -> dict[str, Any]:
    """Take somebody's token away. Raises NotFound, Conflict for the last who could give another."""
    if [token.name for token in tokens.listed() if token.role == "admin"] == [name]:
        raise Conflict(f"{name} is the last admin: nobody could be let in from here any more",
                       f"make another admin first, or on the host: trawl serve token remove {name!r}", name)  # fmt: skip
    with at.store.write() as tx:
        audit.note(tx, who, "token.remove", name, reason, at_ns=at.clock.now_ns())
        tokens.remove(name)
    return {"removed": name}


def _wake(at: Desk) -> str:
    return "up" if client.wake(at.settings) else "down"


def _led(at: Desk) -> dict[str, Any]:
    """The fleet, once there is a controller for what is wanted of it. Raises Unavailable."""
    client.ensure(at.settings, at.clock)
    is_up = client.wake(at.settings)
    with at.store.read() as tx:
        return fleet_view.status(tx, at.clock.now_ns(), is_up=is_up)
