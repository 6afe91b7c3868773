"""The one reader of the event log, and the listeners that it tells.

It looks only while somebody listens. What it read is put into words once for each set of topics,
so that a hundred listeners share the same bytes. A listener that does not keep up is let go: its
browser comes back and says how far it had heard.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import structlog

from collector.dash.live.topics import Message, digest
from infra.clock import Clock
from infra.errors import TrawlError
from infra.store import Store, events

LOOK_S: Final = 0.1
AWAY_S: Final = 1.0
"""Between looks at a database that does not answer."""
BATCH: Final = 500
"""Most events of one look, and most that a listener may have missed: more is a new page."""
WAITING: Final = 32
"""So many batches may wait for a listener."""
log = structlog.get_logger("dash")


class Frame(NamedTuple):
    """Bytes of a stream that end at the log's event `last`."""

    last: int
    data: bytes


@dataclass(eq=False)
class Listener:
    """One stream: what it is told of, and what waits for it. None among the frames is the end."""

    topics: frozenset[str]
    key: str
    frames: asyncio.Queue[Frame | None] = field(default_factory=lambda: asyncio.Queue(WAITING))

    def put(self, frame: Frame | None) -> bool:
        """Whether there was room for it."""
        try:
            self.frames.put_nowait(frame)
        except asyncio.QueueFull:
            return False
        return True


class Feed:
    """Lives in one event loop; only the looks at the database happen in threads."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self.listeners: Final[set[Listener]] = set()
        self.streams: Final[list[str]] = []
        """Whose the open streams are."""
        self.is_away = False
        """Whether the log could not be read when it was last looked at: nothing is known to be as it is."""
        self._last = 0
        self._someone, self._waking = asyncio.Event(), asyncio.Lock()

    async def run(self) -> None:
        """Read and tell, until cancelled."""
        while True:
            await self._someone.wait()
            await self._while_heard()

    async def _while_heard(self) -> None:
        while self.listeners:
            pause_s = LOOK_S
            try:
                topics = frozenset().union(*(heard.topics for heard in self.listeners))
                last, messages = await asyncio.to_thread(self.look, topics, self._last)
                self._tell(last, messages)
                self._last, self.is_away = last, False
            except TrawlError as error:  # no beats go on: pages say that they are stale
                log.warning("dash.no_news", **error.as_record())
                pause_s, self.is_away = AWAY_S, True
            except Exception:  # what no look can read must not end the looks of everybody
                log.exception("dash.no_news")
                pause_s, self.is_away = AWAY_S, True
            await asyncio.sleep(pause_s)
        self._someone.clear()

    def now(self) -> int:
        """The log's newest event."""
        with self._store.read() as tx:
            return events.last_id(tx)

    def look(self, topics: Iterable[str], after: int) -> tuple[int, list[Message]]:
        """The log's next events in words, and the last of them."""
        with self._store.read() as tx:
            news = events.after(tx, after, BATCH)
            said = digest(tx, topics, news, self._clock.now_ns()) if news else []
        return (news[-1].id if news else after), said

    def gap(self, after: int) -> int:
        """How many events are later than `after`; no more than one over a batch are counted."""
        with self._store.read() as tx:
            return len(events.after(tx, after, BATCH + 1))

    async def join(self, listener: Listener) -> None:
        """Tell it what comes from now on; what came before it reads itself, after this."""
        async with self._waking:
            if not self.listeners:
                self._last = await asyncio.to_thread(self.now)
            self.listeners.add(listener)
            self._someone.set()

    def leave(self, listener: Listener) -> None:
        """Tell it no more."""
        self.listeners.discard(listener)

    def end(self) -> None:
        """Let every listener go."""
        for listener in tuple(self.listeners):
            self._drop(listener)

    def _tell(self, last: int, messages: Sequence[Message]) -> None:
        """Put what was read before everybody whom it concerns."""
        if not messages:
            return
        worded: dict[tuple[frozenset[str], str], Frame | None] = {}
        for listener in tuple(self.listeners):
            asks = (listener.topics, listener.key)
            if asks not in worded:
                worded[asks] = frame(messages, *asks, last)
            news = worded[asks]
            if news is not None and not listener.put(news):
                log.debug("dash.slow_listener", waiting=WAITING)
                self._drop(listener)

    def _drop(self, listener: Listener) -> None:
        """Let go of one: what waits for it is forgotten, and its stream ends."""
        self.leave(listener)
        while not listener.frames.empty():
            listener.frames.get_nowait()
        listener.put(None)


def frame(messages: Sequence[Message], topics: frozenset[str], key: str, last: int) -> Frame | None:
    """Those messages that a listener wants; only the last has the id, so that none is skipped."""
    wanted = [m for m in messages if m.topic in topics and key in ("", m.key)]
    if not wanted:
        return None
    said = "".join(f"event: {m.topic}\ndata: {m.data}\n\n" for m in wanted)
    head, _, tail = said.removesuffix("\n\n").rpartition("\n\n")
    head += "\n\n" if head else ""
    return Frame(last, f"{head}id: {last}\n{tail}\n\n".encode())
