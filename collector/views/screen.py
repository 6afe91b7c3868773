"""What a machine shows, as a picture."""

from __future__ import annotations

import base64
from typing import Final, NamedTuple

from collector.fleet import client, last_screen, service
from infra.errors import Conflict, Corrupt, HostileInput
from infra.limits import SCREEN_PIXELS
from infra.settings import Settings
from infra.store import Store, events, machines
from infra.store.rows import Machine

KEPT: Final = "machine.last_screen"


class Screen(NamedTuple):
    """A PNG and its size in pixels."""

    png: bytes
    width: int
    height: int


def now(store: Store, settings: Settings, name: str) -> Screen:
    """What a machine shows now; of one in quarantine, what it showed last.

    Raises NotFound, Conflict with the reason where none is kept, Unavailable without a controller.
    """
    with store.read() as tx:
        kept = [m for m in machines.alive(tx)
                if m.observed == "QUARANTINED" and name in (m.name, m.uuid)]  # fmt: skip
        said = [e for m in kept for e in events.after(tx, 0, subject=m.uuid, kind=KEPT)]
    if not kept:
        return _asked(settings, name)
    return _kept(settings, kept[0], said[-1].reason if said else "none is kept of it")


def _kept(settings: Settings, machine: Machine, why: str) -> Screen:
    import cv2

    kept = last_screen.path(settings.home, machine.uuid)
    if not kept.is_file():
        raise Conflict(
            f"{machine.name} has no process any more; {why} (host {machine.host})",
            f"trawl machine show {machine.name}",
            machine.name,
        )
    pixels = cv2.imread(str(kept))
    if pixels is None:
        raise Corrupt(f"{kept} is no picture any more", "trawl machine release", machine.name)
    return Screen(kept.read_bytes(), int(pixels.shape[1]), int(pixels.shape[0]))


def _asked(settings: Settings, name: str) -> Screen:
    """Have the controller look. Raises Unavailable, HostileInput."""
    import numpy as np

    from envs.png import png

    answer = service.ask(client.socket_path(settings), "screen", machine=name)
    width, height = int(answer["width"]), int(answer["height"])
    data = base64.b64decode(answer["rgb"])
    if width * height > SCREEN_PIXELS or len(data) != width * height * 3:
        raise HostileInput("the controller's screen is not what it says", subject=name)
    return Screen(png(np.frombuffer(data, np.uint8).reshape(height, width, 3)), width, height)
