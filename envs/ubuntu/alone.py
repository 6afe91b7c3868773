"""One desktop machine without a fleet: a host of its own, a fork, and nothing left afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from envs.registry import env
from envs.ubuntu import egress, template
from envs.ubuntu.branches import States
from envs.ubuntu.machine import UbuntuEnv
from envs.ubuntu.waking import wake
from infra import settings
from infra.clock import Clock, SystemClock
from infra.hypervisor import Host, private_root
from infra.ids import RandomIds


@env("ubuntu")
def ubuntu(
    image: str = "", way: str = "host", clock: Clock | None = None, network: Sequence[str] = ()
) -> UbuntuEnv:
    """Fork the image's warmed template on a host of its own, and wake the fork.

    It reaches the hosts that `network` names as a pool's does, and nobody else.
    Closing it destroys the machine; the host's directory goes with the process. Raises NotFound
    where the image or its template is missing, with the command that makes it.
    """
    chosen, clock, ids = settings.load(), clock or SystemClock(), RandomIds()
    directory = template.find(image or chosen.image, chosen.cache)
    with ExitStack() as held:
        host = Host(private_root(), clock, chosen.accel).open()
        held.callback(host.close)
        uuid = ids.uuid()
        source = host.load_template(directory)
        domain = host.fork(source, f"trawl-{uuid[:8]}", uuid, egress.mark(network))
        held.callback(domain.destroy)
        machine = wake(domain, 1, clock=clock, ids=ids, way=way)
        states = States(host, clock, ids)
        held.callback(states.close)
        machine.begun_from(states, source)
        machine.on_close = held.pop_all().close
    return machine
