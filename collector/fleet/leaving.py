"""A host that leaves its fleet, as the command that says so drives it.

Every step may be done again: a command that was killed on the way goes on where it was.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Final

from collector.fleet import client, service
from collector.fleet.worker import leaves
from infra.clock import Clock, Deadline
from infra.errors import DeadlineExceeded, Unavailable
from infra.settings import Settings
from infra.store import Store, events, hosts, machines, open_store

END_S: Final = 90.0
"""After its episodes are over, its machines are gone within so long."""
LOOK_S: Final = 0.2
MOST_EVENTS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Left:
    """Machines that were ended, and episodes that were interrupted and queued again."""

    machines: int
    handed_over: int


def leave(settings: Settings, clock: Clock, drain_s: float) -> Left:
    """Bring this host to nothing and take it out of the fleet; episodes at work get `drain_s`.

    Raises DeadlineExceeded, Unavailable.
    """
    with open_store(settings) as store:
        with store.write() as tx:
            since, here = events.last_id(tx), machines.alive(tx, settings.host)
            if any(h.name == settings.host and not h.cordoned for h in hosts.listed(tx)):
                hosts.cordon(tx, settings.host, clock.now_ns(), cordoned=True)
        if here:
            client.ensure(settings, clock)  # what a dead controller left is ended by a new one
        _wait(settings, Deadline.after(clock, drain_s), Deadline.after(clock, drain_s + END_S))
        _depart(settings, store, clock)
        return Left(len(here), _handed_over(settings, store, since))


def _wait(settings: Settings, drained: Deadline, deadline: Deadline) -> None:
    """Until the controller has ended; one that took another's place meanwhile is told as well."""
    while not client.has_ended(settings):
        if deadline.is_past():
            raise DeadlineExceeded("the host did not leave in time", "see run/controller.log")
        with contextlib.suppress(Unavailable):  # it starts, or has just ended
            service.ask(client.socket_path(settings), "leave", drain_s=drained.left_s())
        deadline.clock.sleep(LOOK_S)


def _depart(settings: Settings, store: Store, clock: Clock) -> None:
    """Drop the host, which its controller did unless there was none."""
    with store.write() as tx:
        left = len(machines.alive(tx, settings.host))
        if left:
            raise Unavailable(
                f"the controller ended before {left} machines", "trawl host leave", settings.host
            )
        hosts.leave(tx, settings.host, clock.now_ns(), for_good=True)


def _handed_over(settings: Settings, store: Store, since: int) -> int:
    with store.read() as tx:
        ended = events.after(tx, since, MOST_EVENTS, kind="episode.ended")
    return sum(event.reason == leaves(settings.host) for event in ended)
