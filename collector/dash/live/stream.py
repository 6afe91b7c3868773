"""`GET /stream?topics=machines,events&after=ID`: what happens, as server-sent events.

Named events carry JSON. `beat` comes where nothing else does, so that a page can tell silence from
peace. `reload` says that too much was missed: the page fetches itself again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from collector.dash.access import Who, needs
from collector.dash.access.door import keeper_of
from collector.dash.live import feed as feeds
from collector.dash.live.feed import Feed, Frame, Listener
from collector.dash.live.topics import TOPICS
from collector.dash.refusals import Refused
from infra.errors import NotFound

router = APIRouter()
BEAT_S: Final = 5.0
RETRY_MS: Final = 1000
LIVES_S: Final = 600.0
"""Then a browser comes again."""
MOST_STREAMS: Final = 256
EACH: Final = 128
"""Of them one person may have so many: nobody takes all."""
KEY_CHARS: Final = 200
FIRST: Final = f"retry: {RETRY_MS}\n\n".encode()


@router.get("/stream")
async def stream(
    request: Request,
    who: Annotated[Who, Depends(needs("viewer"))],
    topics: Annotated[str, Query(max_length=200)] = "events",
    key: Annotated[str, Query(max_length=KEY_CHARS)] = "",
    after: Annotated[int | None, Query(ge=0, lt=1 << 63)] = None,
    last_event_id: Annotated[str, Header(max_length=20)] = "",
) -> StreamingResponse:
    """One page's stream, of one subject where a key is given."""
    feed = cast("Feed", request.app.state.feed)
    wanted = frozenset(filter(None, topics.split(",")))
    for topic in wanted - TOPICS.keys():
        raise NotFound.among("topic", topic, TOPICS)
    if len(feed.streams) >= MOST_STREAMS or feed.streams.count(who.name) >= EACH:
        raise Refused(503, "too many pages listen", "close some of them", retry_s=RETRY_MS / 1000)
    heard = int(last_event_id) if last_event_id.isdecimal() else after

    def still() -> bool:
        return keeper_of(request).knows(request) is not None

    return _Stream(
        _told(feed, Listener(wanted, key), heard, still),
        feed.streams,
        who.name,
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


class _Stream(StreamingResponse):
    """An answer that is counted among its person's from the moment it is made, however it ends."""

    def __init__(self, told: AsyncIterator[bytes], all_: list[str], who: str, **more: Any) -> None:
        super().__init__(told, **more)
        self._all, self._who = all_, who
        all_.append(who)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._all.remove(self._who)


async def _told(
    feed: Feed, listener: Listener, heard: int | None, still: Callable[[], bool]
) -> AsyncIterator[bytes]:
    """What a listener is told, for as long as its session holds."""
    try:
        await feed.join(listener)
        yield FIRST
        last, missed = await asyncio.to_thread(_missed, feed, listener, heard)
        yield missed
        until_s, asked_s = time.monotonic() + LIVES_S, time.monotonic()
        while (now_s := time.monotonic()) < until_s:
            if now_s - asked_s >= BEAT_S:
                if not still():
                    return
                asked_s = now_s
            try:
                news = await asyncio.wait_for(listener.frames.get(), BEAT_S)
            except TimeoutError:
                if not feed.is_away:
                    yield b"event: beat\ndata: {}\n\n"
                continue
            if news is None:
                return
            if news.last > last:
                last = news.last
                yield news.data
    finally:
        feed.leave(listener)


def _missed(feed: Feed, listener: Listener, heard: int | None) -> Frame:
    """What came between the page and its stream, or that it was too much."""
    now = feed.now()
    if heard is None or heard == now:
        return Frame(now, f"id: {now}\nevent: beat\ndata: {{}}\n\n".encode())
    if heard > now or feed.gap(heard) > feeds.BATCH:
        return Frame(now, f"id: {now}\nevent: reload\ndata: {{}}\n\n".encode())
    last, messages = feed.look(listener.topics, heard)
    said = feeds.frame(messages, listener.topics, listener.key, last)
    return said or Frame(last, f"id: {last}\nevent: beat\ndata: {{}}\n\n".encode())
