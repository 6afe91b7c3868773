"""A template in memory that looks in one way: a fork of a session's template, dressed and frozen.

Dressing takes a desktop the better part of a minute under emulation, since every program draws
itself anew; forks of what comes of it wake as fast as those of any template.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from envs.tree import Mirror
from envs.ubuntu.branches import OWNER
from envs.ubuntu.facts import Facts
from envs.ubuntu.look import Look
from envs.ubuntu.quiet import wait_until_quiet
from envs.ubuntu.template import PAUSE_S
from envs.ubuntu.waking import wake
from infra.clock import Clock
from infra.errors import DeadlineExceeded
from infra.hypervisor import Host, Template
from infra.ids import Ids

READINGS: Final = 6
"""Programs that draw themselves are late at first."""
DRESS_S: Final = 240.0
FENCE: Final = 0
"""Driven by nobody: every lease's fence is newer."""


def dress(
    host: Host,
    template: Template,
    look: Look,
    *,
    clock: Clock,
    ids: Ids,
    check: Callable[[], None] = lambda: None,
) -> Template:
    """The template with that look, held in memory until it is let go with `release`.

    `check` is called now and then and ends it by raising. Raises what waking and freezing raise, DeadlineExceeded where the desktop does not come to rest.
    """
    uuid, name = ids.uuid(), ids.uuid()
    domain = host.fork(template, f"dress-{uuid[:8]}", uuid, {OWNER: name}, freezable=True)
    try:
        env = wake(domain, FENCE, clock=clock, ids=ids, look=look, within_s=DRESS_S)
        try:
            mirror = env.mirror

            def heed() -> None:
                check()
                mirror.heed()

            wait_until_quiet(domain, clock, PAUSE_S, DRESS_S, meanwhile=heed)
            _read_all(mirror)
            known = Facts.of(domain).desktop
            worn = replace(known, look=look.as_record())
            about = worn.now(mirror.stacking(), mirror.remember()).as_record()
        finally:
            env.close()
        return host.checkpoint(domain, name, about)
    finally:
        domain.destroy()


def _read_all(mirror: Mirror) -> None:
    """Read until every program answered in time. Raises DeadlineExceeded where one never does."""
    for _reading in range(READINGS):
        if not any(element.stale for element in mirror.walk().elements):
            return
    raise DeadlineExceeded("programs of the dressed desktop do not answer in time")
