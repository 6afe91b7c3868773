"""From a paused fork to a machine that answers: resume, meet the agent, become oneself.

A fork wakes with its template's clock, machine id and host name; it is not ready before they are
its own and the agent has answered anew. The mirror joins the bus when it is first wanted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from envs.tree import Mirror
from envs.types import EnvInfo
from envs.ubuntu import egress
from envs.ubuntu import look as looks
from envs.ubuntu.channel import Channel
from envs.ubuntu.egress import Egress, MakeProxy
from envs.ubuntu.facts import Facts
from envs.ubuntu.look import Look
from envs.ubuntu.machine import UbuntuEnv
from envs.ubuntu.replies import Health, Hello, parse
from envs.ubuntu.session import Session
from infra.clock import Clock, Deadline, SystemClock
from infra.egress import Proxy
from infra.errors import HostileInput
from infra.hypervisor import Domain
from infra.ids import Ids, RandomIds

WAKE_S: Final = 60.0
"""From resume to ready, all told: a busy host's slowest."""
JOIN_S: Final = 30.0
HOSTNAME_CHARS: Final = 63


def wake(
    domain: Domain,
    fence: int,
    *,
    clock: Clock | None = None,
    ids: Ids | None = None,
    hostname: str = "",
    facts: Facts | None = None,
    way: str = "host",
    look: Look | None = None,
    within_s: float = WAKE_S,
    proxy: MakeProxy = Proxy,
) -> UbuntuEnv:
    """Resume a paused fork and make it ready for the holder of `fence`, with a look of its own.

    Where its mark names hosts it reaches those, by a proxy of its own, and nobody else.
    Raises DeadlineExceeded, InfraLost, HostileInput or Conflict (an older fence, another agent);
    then nothing is held and the domain is as it is, to be destroyed by its owner.
    """
    clock, ids = clock or SystemClock(), ids or RandomIds()
    deadline = Deadline.after(clock, within_s)
    known = facts or Facts.of(domain)
    domain.resume()
    channel = Channel(lambda within: domain.connect("agent", within), clock, ids)
    screen = domain.screendump()
    height, width = int(screen.shape[0]), int(screen.shape[1])
    session = Session.parse(known.desktop.session)
    mirror = Mirror(
        lambda within: domain.connect("atspi", within), clock, width, height, units=session.units
    )
    try:
        met = channel.hello(fence, deadline.left_s())
        health = identify(channel, domain, fence, clock, hostname, deadline)
        if look is not None:
            looks.apply(partial(_ask, channel, fence), look, session)
        way_out = _open_egress(channel, domain, fence, ids, deadline, proxy)
    except BaseException:
        channel.close()
        domain.monitor.close()
        raise
    info = _info(
        domain,
        known,
        met,
        health,
        (width, height),
        (session, look or Look.parse(known.desktop.look)),
    )
    # What was remembered is of the desktop before it was changed.
    remembered = known.desktop.remembered if look is None else b""

    def join() -> None:
        mirror.open(JOIN_S, remembered)
        mirror.restack(known.desktop.stacking)

    return UbuntuEnv(
        domain, channel, mirror, info,
        fence=fence, clock=clock, way=way, join=join, egress=way_out,
    )  # fmt: skip


def _open_egress(
    channel: Channel, domain: Domain, fence: int, ids: Ids, deadline: Deadline, make: MakeProxy
) -> Egress | None:
    """The way out of a machine whose mark names hosts; whatever an earlier one carried is over."""
    if not egress.hosts(domain.owner):
        return None
    nonce = ids.uuid().replace("-", "")[-16:]
    opened = Egress.open(domain, nonce, make)
    try:
        channel.request("network", {"nonce": nonce}, fence, deadline.left_s())
    except BaseException:
        opened.close()
        raise
    return opened


def identify(
    channel: Channel, domain: Domain, fence: int, clock: Clock, hostname: str, deadline: Deadline
) -> Health:
    """Give the guest its own clock, machine id and host name, and see that it took them."""
    machine_id = domain.uuid.replace("-", "").lower()
    name = host_label(hostname or domain.name)
    wanted = {"now_ns": clock.now_ns(), "machine_id": machine_id, "hostname": name}
    channel.request("identity", wanted, fence, deadline.left_s())
    health = parse(Health, channel.request("health", {}, fence, deadline.left_s()))
    if health.machine_id != machine_id or health.hostname != name:
        raise HostileInput(
            "the guest did not take its identity", "replace the machine", domain.uuid
        )
    return health


def host_label(name: str) -> str:
    """`name` as a host name: lower-case letters, digits and dashes, at most 63 of them."""
    label = re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-")[:HOSTNAME_CHARS].strip("-")
    return label or "machine"


def _ask(
    channel: Channel, fence: int, verb: str, args: Mapping[str, Any], within_s: float
) -> dict[str, Any]:
    return channel.request(verb, args, fence, within_s)


def _info(
    domain: Domain,
    facts: Facts,
    met: Hello,
    health: Health,
    size: tuple[int, int],
    styled: tuple[Session, Look],
) -> EnvInfo:
    session, look = styled
    reached = egress.hosts(domain.owner)
    extra = {"uuid": domain.uuid, "boot_id": health.boot_id, "session": met.session}
    seen = {"started": session.as_record(), "look": look.as_record(), **egress.mark(reached)}
    return EnvInfo(
        platform="ubuntu",
        width=size[0],
        height=size[1],
        scale=session.scaling.ratio,
        os_id=health.os_id,
        os_version=health.os_version,
        image=facts.image,
        image_sha256=facts.image_sha256,
        template=facts.template,
        agent_version=met.version,
        machine_id=health.machine_id,
        extra={**extra, **seen},
    )
