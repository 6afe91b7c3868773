"""What a wall of live screens costs: the dashboard's process and the controller's, together.

`python -m tests.bench.wall HOME CHANGING` is the controller's part as a process of its own: the
socket, the thumbnails and screens of 1280 by 720 that lie in memory, as a desktop's do.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import cv2
import httpx
import numpy as np

from collector.fleet import client, service
from collector.fleet.backends import Backends
from collector.fleet.thumbnails import Thumbnails
from envs.types import Pixels
from infra.store import machines
from tests.bench.machines import CLOCK
from tests.collector.dash.seeding import seed
from tests.collector.dash.serving import desk_at

TILES: Final = 60
FRAMES: Final = 20
SIZE: Final = (720, 1280, 3)
TICKS: Final = os.sysconf("SC_CLK_TCK")


class Frames:
    """Machines whose screens lie in memory; so many of them show something else each second."""

    def __init__(self, uuids: list[str], changing: int) -> None:
        self._number = {uuid: number for number, uuid in enumerate(uuids)}
        self._changing = changing
        self._screens = [drawn(number) for number in range(len(uuids))]

    def screen(self, uuid: str) -> Pixels:
        """A copy of what a machine shows."""
        number = self._number[uuid]
        pixels = self._screens[number].copy()
        if number < self._changing:
            cv2.putText(pixels, f"{CLOCK.monotonic_s():.0f}", (200, 300), 0, 4, (20, 20, 20), 6)
        return pixels

    def close(self) -> None:
        """Nothing is held."""


def drawn(number: int) -> Pixels:
    """A desktop of windows with lines of text."""
    pixels = np.full(SIZE, (52, 78 + number, 120), np.uint8)
    for window in range(3):
        left, top = 60 + 330 * window, 50 + 90 * window
        cv2.rectangle(pixels, (left, top), (left + 520, top + 400), (245, 245, 242), -1)
        for line in range(16):
            words = f"{number}.{window}.{line} the quick brown fox jumps over the lazy dog"
            cv2.putText(pixels, words, (left + 12, top + 30 + 23 * line), 0, 0.5, (40, 40, 40), 1)
    return pixels


def main(home: Path, changing: int) -> None:
    """Answer about screens until killed."""
    with desk_at(home) as desk:
        with desk.store.read() as tx:
            uuids = [machine.uuid for machine in machines.alive(tx)]
        frames = Frames(uuids, changing)
        thumbnails = Thumbnails(Backends(lambda _: frames), CLOCK)  # type: ignore[arg-type,return-value]

        def screens(asked: Any) -> dict[str, Any]:
            with desk.store.read() as tx:
                found = machines.some(tx, asked["machines"])
            return {"screens": thumbnails.of(found, asked["known"], asked["width"])}

        operations = {"screens": screens, "ping": lambda _: {}}
        service.serve(client.socket_path(desk.settings), operations, threading.Event())


def cost(running: Any, changing: int) -> float:
    """Percent of a core that a wall at one frame a second takes, `changing` of its tiles changing.

    `running(home)` starts a dashboard, as a context; the client's own work is not counted.
    """
    with tempfile.TemporaryDirectory(prefix="trawl-w-") as place, desk_at(Path(place)) as desk:
        made = seed(desk, TILES, observed="READY", kind="fake", host="here")
        names = [machine.name for machine in made]
        with running(Path(place)) as dash, _controller(Path(place), changing) as controller:
            while not client.is_up(desk.settings):
                CLOCK.sleep(0.1)
            known: set[str] = set()
            for _ in range(3):
                _frame(dash.client, names, known)
            pids = (dash.process.pid, controller.pid)
            before_s = spent_s(*pids)
            for _ in range(FRAMES):
                answered_s = _frame(dash.client, names, known)
                CLOCK.sleep(max(0.0, answered_s + 1.0 - CLOCK.monotonic_s()))
            shown = len(known) - TILES
            assert shown >= changing * FRAMES * 0.8, f"{shown} changes were seen"
            return 100 * (spent_s(*pids) - before_s) / FRAMES


@contextmanager
def _controller(home: Path, changing: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.bench.wall", str(home), str(changing)]
    with subprocess.Popen(command) as process:
        try:
            yield process
        finally:
            process.kill()


def _frame(peer: httpx.Client, names: list[str], known: set[str]) -> float:
    """Ask as a page's script does, and load the pictures that are new; when the answer came."""
    answer = peer.get("/screens", params={"of": names})
    answered_s = CLOCK.monotonic_s()
    for tile in answer.raise_for_status().json()["screens"].values():
        if "src" in tile and tile["src"] not in known:
            peer.get(tile["src"]).raise_for_status()
            known.add(tile["src"])
    return answered_s


def spent_s(*pids: int) -> float:
    """Processor time of these processes so far."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(said[11]) + int(said[12]) for said in fields) / TICKS


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
