"""The pictures of a wall of machines: one question to the controller a moment, whoever looks.

Pictures are kept by the hash of their pixels, so that a browser asks for each once and no second
time while it shows the same. Nothing here outlives the process, and nothing is written.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from infra.clock import Clock
from infra.errors import NotFound, TrawlError

FRESH_S: Final = 0.9
"""A picture that is so old is good enough for the next who looks."""
QUEUE_S: Final = 0.2
"""Who comes while another asks waits so long, and then is told what was known before."""
KEPT_BYTES: Final = 64 << 20
FORGET_S: Final = 600.0
"""A machine that nobody looks at is forgotten after so long."""
Ask = Callable[[Sequence[str], Mapping[str, str], int], Mapping[str, Mapping[str, Any]]]
"""Asks the controller about machines by UUID, names what is known, says how wide."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a machine showed; `failure` says why nothing where there is no `sha256`."""

    at_s: float
    sha256: str = ""
    width: int = 0
    height: int = 0
    failure: str = ""


class Wall:
    """What was seen last; safe to share between threads."""

    def __init__(self, ask: Ask, clock: Clock) -> None:
        self._ask, self._clock = ask, clock
        self._asking, self._lock = threading.Lock(), threading.Lock()
        self._seen: dict[tuple[str, int], Seen] = {}
        self._pictures: dict[str, bytes] = {}
        self._size_bytes = 0

    def look(self, uuids: Sequence[str], width: int) -> dict[str, Seen]:
        """What these machines show, by UUID; nobody is asked twice within a moment."""
        if self._stale(uuids, width) and self._asking.acquire(timeout=QUEUE_S):
            try:
                self._refresh(self._stale(uuids, width), width)  # another may have asked meanwhile
            finally:
                self._asking.release()
        with self._lock:
            none = Seen(0.0, failure="nobody has looked yet")
            return {uuid: self._seen.get((uuid, width), none) for uuid in uuids}

    def picture(self, sha256: str) -> bytes:
        """A picture as JPEG. Raises NotFound where it was forgotten: look again."""
        with self._lock:
            kept = self._pictures.get(sha256)
        if kept is None:
            raise NotFound("this picture is not kept any more", "load the page again", sha256)
        return kept

    def _stale(self, uuids: Sequence[str], width: int) -> list[str]:
        oldest_s = self._clock.monotonic_s() - FRESH_S
        with self._lock:
            return [
                uuid for uuid in uuids
                if (seen := self._seen.get((uuid, width))) is None or seen.at_s < oldest_s
            ]  # fmt: skip

    def _refresh(self, uuids: Sequence[str], width: int) -> None:
        if not uuids:
            return
        with self._lock:
            known = {
                uuid: seen.sha256 for uuid in uuids
                if (seen := self._seen.get((uuid, width))) and seen.sha256 in self._pictures
            }  # fmt: skip
        try:
            told = self._ask(uuids, known, width)
        except TrawlError as error:
            told = {uuid: {"failure": error.message} for uuid in uuids}
        now_s = self._clock.monotonic_s()
        with self._lock:
            self._forget(now_s)
            for uuid in uuids:
                one = told.get(uuid, {"failure": "it is not on this host"})
                self._seen[uuid, width] = self._taken(one, now_s)

    def _taken(self, told: Mapping[str, Any], now_s: float) -> Seen:
        if "failure" in told:
            return Seen(now_s, failure=str(told["failure"]))
        sha256 = str(told["sha256"])
        if told["jpeg"]:
            self._keep(sha256, base64.b64decode(told["jpeg"]))
        elif sha256 in self._pictures:
            self._pictures[sha256] = self._pictures.pop(sha256)  # what is still shown stands last
        return Seen(now_s, sha256, int(told["width"]), int(told["height"]))

    def _keep(self, sha256: str, picture: bytes) -> None:
        """The oldest pictures go where all together are too large."""
        self._size_bytes += len(picture) - len(self._pictures.pop(sha256, b""))
        self._pictures[sha256] = picture
        while self._size_bytes > KEPT_BYTES:
            self._size_bytes -= len(self._pictures.pop(next(iter(self._pictures))))

    def _forget(self, now_s: float) -> None:
        self._seen = {k: s for k, s in self._seen.items() if now_s - s.at_s < FORGET_S}
