"""The last screen of a machine in quarantine: kept for whoever looks, until the machine is released.

What a screen shows may be secret, so the rule of recordings holds: protected fields are black, and
where nobody can say what is protected the screen is withheld and it is said why. A machine comes
into quarantine without having been driven, so nothing that anybody typed is on it; of a fork that
does not answer the screen is that of its template, and it may be kept without a tree.
The files are readable by the owner alone and are in no recording, export or support bundle.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from collector.fleet.backends import Backends
from envs.png import png
from envs.types import Pixels
from infra.errors import TrawlError
from infra.files import publish
from infra.limits import SCREEN_PIXELS
from infra.store.rows import Machine


class LastScreens:
    """Those of one home; without a home none is kept."""

    def __init__(self, home: Path | None = None) -> None:
        self._home = home

    def keep(self, backends: Backends, machine: Machine) -> str:
        """Store what the machine shows; returns what came of it, in words for its event.

        Never raises for a machine that shows nothing: its quarantine goes on.
        """
        if self._home is None:
            return "no screen is kept here"
        try:
            pixels = backends(machine.kind).last_screen(machine.uuid)
            _write(path(self._home, machine.uuid), pixels)
        except (TrawlError, OSError) as error:
            return f"its last screen is not kept: {error}"
        return "its last screen is kept"

    def forget(self, uuid: str) -> None:
        """Remove it, where there is one."""
        if self._home is not None:
            path(self._home, uuid).unlink(missing_ok=True)

    def forget_others(self, kept: Iterable[str]) -> None:
        """Remove all but those of the machines `kept`: a controller died between two writes."""
        names = {f"{uuid}.png" for uuid in kept}
        if self._home is not None:
            for found in _directory(self._home).glob("*"):
                if found.name not in names:
                    found.unlink(missing_ok=True)


def path(home: Path, uuid: str) -> Path:
    """Where the last screen of that machine is, if it was kept."""
    return _directory(home) / f"{uuid}.png"


def _directory(home: Path) -> Path:
    return home / "quarantine"


def _write(path: Path, pixels: Pixels) -> None:
    height, width = pixels.shape[:2]
    if width * height > SCREEN_PIXELS:
        raise TrawlError(f"it is said to be {width} by {height}")
    publish(path, png(pixels), mode=0o600)
