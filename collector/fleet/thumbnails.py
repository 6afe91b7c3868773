"""What many machines show, small, in one answer, at the price of those that changed.

A machine that rests is looked at now and then, one that is awake whenever it is asked for. A look
has a deadline and is made beside others: one that hangs is left to itself, takes one thread of a
few, and is not asked again before it came back. A picture that is what it was is not encoded again,
and not sent to whoever says that they have it.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Hashable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from collector.fleet.backends import Backends
from collector.pictures import jpeg, shrunk
from envs.types import Pixels
from infra.clock import Clock
from infra.errors import HostileInput, TrawlError
from infra.limits import SCREEN_PIXELS
from infra.store.rows import Machine

WIDTHS: Final = (320, 1280)
"""How wide a picture may be asked for, in pixels: for a wall, and for one alone."""
MOST: Final = 64
"""So many machines are shown in one answer."""
WITHIN_S: Final = 2.0
"""Who has not shown anything by then is late."""
LOOKERS: Final = 4
RESTING_S: Final = 30.0
"""How old a look at a resting machine may be: a paused one cannot change at all."""
FAILED_S: Final = 5.0
"""One that showed nothing is not asked again for so long."""
KEPT: Final = 1024
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """One picture, or why there is none; `sha256` names the pixels of a picture."""

    at_s: float
    since_ns: int
    sha256: str = ""
    width: int = 0
    height: int = 0
    picture: bytes = b""
    failure: str = ""
    mark: Hashable = None
    """Of the whole screen that it was made of: where that is the same, so is the picture."""

    def as_record(self, known: str, now_s: float) -> dict[str, Any]:
        """As the controller's socket says it; without the picture where `known` names it."""
        if self.failure:
            return {"failure": self.failure}
        sent = "" if known == self.sha256 else base64.b64encode(self.picture).decode("ascii")
        return {
            "sha256": self.sha256,
            "width": self.width,
            "height": self.height,
            "age_s": round(now_s - self.at_s, 2),
            "jpeg": sent,
        }


class Thumbnails:
    """The latest of each machine; safe to share between threads."""

    def __init__(self, backends: Backends, clock: Clock) -> None:
        self._backends, self._clock = backends, clock
        self._lock = threading.Lock()
        self._latest: dict[Key, Thumbnail] = {}
        self._looking: dict[Key, tuple[Future[None], float]] = {}
        """Looks under way, and since when."""
        self._lookers = ThreadPoolExecutor(LOOKERS, "looker")
        self.encoded = 0
        """Pictures that were encoded: those that changed."""

    def of(
        self, machines: Sequence[Machine], known: Mapping[str, str], width: int
    ) -> dict[str, dict[str, Any]]:
        """What each of these machines shows, by UUID, within a bounded time."""
        asked = [self._look(machine, width) for machine in machines]
        wait([look for look in asked if look is not None], WITHIN_S)
        now_s = self._clock.monotonic_s()
        with self._lock:
            latest = {m.uuid: self._latest.get((m.uuid, width)) for m in machines}
        late = Thumbnail(now_s, 0, failure="it has not shown anything yet")
        return {
            uuid: (one or late).as_record(known.get(uuid, ""), now_s)
            for uuid, one in latest.items()
        }

    def close(self) -> None:
        """Look no more; a look that hangs is not waited for."""
        self._lookers.shutdown(wait=False, cancel_futures=True)

    def _look(self, machine: Machine, width: int) -> Future[None] | None:
        """A look to wait for; None where the last one will do, or this one is late already."""
        key, now_s = (machine.uuid, width), self._clock.monotonic_s()
        with self._lock:
            latest, (looking, began_s) = self._latest.get(key), self._looking.get(key, (None, 0.0))
            if looking is not None and not looking.done():
                return looking if now_s - began_s < WITHIN_S else None
            if latest is not None and self._is_fresh(latest, machine):
                return None
            look = self._lookers.submit(self._take, machine, width)
            under_way = {k: one for k, one in self._looking.items() if not one[0].done()}
            self._looking = under_way | {key: (look, now_s)}
            return look

    def _is_fresh(self, latest: Thumbnail, machine: Machine) -> bool:
        age_s = self._clock.monotonic_s() - latest.at_s
        if latest.failure:
            return age_s < FAILED_S
        rests = machine.observed == "PARKED" and latest.since_ns == machine.since_ns
        return rests and age_s < RESTING_S

    def _take(self, machine: Machine, width: int) -> None:
        now_s = self._clock.monotonic_s()
        with self._lock:
            before = self._latest.get((machine.uuid, width))
        try:
            pixels = _bounded(self._backends(machine.kind).screen(machine.uuid))
            taken = self._taken(pixels, before, width)
            taken = replace(taken, at_s=now_s, since_ns=machine.since_ns)
        except (TrawlError, OSError) as error:
            taken = Thumbnail(now_s, machine.since_ns, failure=str(error))
        with self._lock:
            self._latest.pop((machine.uuid, width), None)
            self._latest[machine.uuid, width] = taken  # the newest stands last
            while len(self._latest) > KEPT:
                del self._latest[next(iter(self._latest))]

    def _taken(self, pixels: Pixels, before: Thumbnail | None, most: int) -> Thumbnail:
        """The picture of a screen: the one before where nothing changed that it shows."""
        mark = _mark(pixels)
        if before is not None and before.mark == mark:
            return before
        small = shrunk(pixels, most)
        height, width = int(small.shape[0]), int(small.shape[1])
        sha256 = hashlib.sha256(b"%d %d " % (width, height) + small.tobytes()).hexdigest()
        if before is not None and before.sha256 == sha256:
            return replace(before, mark=mark)
        with self._lock:
            self.encoded += 1
        return Thumbnail(0.0, 0, sha256, width, height, jpeg(small), mark=mark)


def _bounded(pixels: Pixels) -> Pixels:
    if pixels.shape[0] * pixels.shape[1] > SCREEN_PIXELS:
        raise HostileInput(f"a screen of {pixels.shape[1]} by {pixels.shape[0]}")
    return pixels


def _mark(pixels: Pixels) -> Hashable:
    """A sum of all pixels, each with a weight of its own: a sixth of the time that shrinking takes.

    Two screens that differ may have the same one once in an age, and a picture is late by a change.
    """
    flat = np.ascontiguousarray(pixels).reshape(-1)
    whole = flat[: flat.size // 8 * 8].view(np.uint64)
    rest = flat[whole.size * 8 :].tobytes()
    return pixels.shape, int(np.dot(whole, _weights(whole.size))), rest


@lru_cache(maxsize=4)
def _weights(count: int) -> npt.NDArray[np.uint64]:
    drawn = np.random.default_rng(count).integers(1, 1 << 63, count, np.uint64)
    return drawn | np.uint64(1)  # an odd one loses no bit
