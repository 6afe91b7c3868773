"""The looks of one host's desktops: a dressed template for each row of a design, few at a time.

One is made in the background at a time; who asks for one that is not there yet is told to wait. At
most so many are held: the one that was used longest ago and has no fork left is let go for the next.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from collector.diversity.desktops import Dress
from collector.fleet.backend import NotYet
from envs.ubuntu import template
from envs.ubuntu.dressing import dress as dressed
from envs.ubuntu.session import Session
from infra.clock import Clock
from infra.errors import Interrupted, TrawlError, Unavailable
from infra.hypervisor import Host, Template
from infra.ids import Ids

log = structlog.get_logger("wardrobe")
Key = tuple[str, Dress]
"""An image and a row."""
Make = Callable[[str, Dress], Template]
CLOSE_S: Final = 120.0
"""A desktop that is just waking is waited for."""
WAIT: Final = "a look is made in a minute or two; the machine starts then"


@dataclass(slots=True)
class Dresser:
    """Makes the dressed templates of one host, and lets them go."""

    host: Host
    cache: Path
    clock: Clock
    ids: Ids
    closing: threading.Event = field(default_factory=threading.Event)

    def make(self, image: str, worn: Dress) -> Template:
        """The template of that row. Raises NotFound where its session was never warmed."""
        base = self.host.load_template(template.find(image, self.cache, worn.session))
        try:
            return dressed(self.host, base, worn.look, clock=self.clock, ids=self.ids,
                           check=self._check)  # fmt: skip
        finally:
            if worn.session != Session():  # which others on this host begin from
                self.host.unload(base)

    def _check(self) -> None:
        if self.closing.is_set():
            raise Interrupted("the controller ends")

    def drop(self, held: Template) -> None:
        """Free the memory of one that nobody forks from any more."""
        self.host.discard(held)


class Wardrobe:
    """The dressed templates that are held, by row; safe to share between threads."""

    def __init__(
        self, make: Make, drop: Callable[[Template], None], is_used: Callable[[Template], bool]
    ) -> None:
        self._make, self._drop, self._is_used = make, drop, is_used
        self._held: OrderedDict[Key, Template] = OrderedDict()
        self._failed: dict[Key, TrawlError] = {}
        self._making: threading.Thread | None = None
        self._lock = threading.Lock()

    def template(self, image: str, worn: Dress, most: int) -> Template:
        """The template of that row, of which at most `most` are held.

        Raises NotYet while it is being made, Unavailable where there is no place for it, and once
        what making it raised.
        """
        key = (image, worn)
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
            if (error := self._failed.pop(key, None)) is not None:
                raise error
            if self._making is None or not self._making.is_alive():
                self._make_room(most)
                self._making = threading.Thread(target=self._run, args=(key,), daemon=True)
                self._making.start()
        raise NotYet(f"{worn.look} is not made yet", WAIT, worn.session.locale)

    def forget(self, template: Template) -> None:
        """Let go of one that cannot be forked from any more; it is made again when asked for."""
        with self._lock:
            for key in [key for key, held in self._held.items() if held is template]:
                self._drop(self._held.pop(key))

    def held(self) -> list[Template]:
        """Those that are held, the one used last at the end."""
        with self._lock:
            return list(self._held.values())

    def _make_room(self, most: int) -> None:
        """Let go of those used longest ago until one more fits. Raises Unavailable."""
        for key in list(self._held):
            if len(self._held) < most:
                return
            if not self._is_used(self._held[key]):
                self._drop(self._held.pop(key))
        if len(self._held) >= most:
            raise Unavailable(f"all {most} looks have machines", "they end with their episodes")

    def _run(self, key: Key) -> None:
        try:
            made = self._make(*key)
        except TrawlError as error:
            log.warning("look.failed", error=str(error)[:200])
            with self._lock:
                self._failed[key] = error
        else:
            with self._lock:
                self._held[key] = made

    def close(self, within_s: float = CLOSE_S) -> None:
        """Wait for the one that is being made, and let all of them go."""
        if self._making is not None:
            self._making.join(within_s)
        with self._lock:
            while self._held:
                self._drop(self._held.popitem()[1])
