"""One thread with an event loop for one machine, and a deadline for whoever asks it.

What happens there (a browser's dialogs, popups and crashes, a proxy's connections) is answered when
it comes and not when somebody next calls; callers may be any thread, one at a time.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from infra.errors import DeadlineExceeded, InfraLost

T = TypeVar("T")
JOIN_S = 5.0


class Loop:
    """An event loop in a thread of its own."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T], within_s: float, what: str) -> T:
        """The result of `work`. Raises DeadlineExceeded, and cancels it, when it takes longer."""
        if not self._thread.is_alive():
            work.close()
            raise InfraLost(f"{what}: the machine was closed", "open another machine", what)
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(within_s)
        except TimeoutError as error:
            future.cancel()
            raise DeadlineExceeded(
                f"{what}: no answer within {within_s:g} s", "the machine may be busy", what
            ) from error

    def soon(self, call: Callable[..., None], *args: Any) -> None:
        """Have `call` made there; nobody waits for it."""
        self._loop.call_soon_threadsafe(call, *args)

    def close(self) -> None:
        """Cancel what is left and end the thread; closing twice is fine."""
        if not self._thread.is_alive():
            return
        asyncio.run_coroutine_threadsafe(self._cancel(), self._loop)
        self._thread.join(JOIN_S)
        if not self._thread.is_alive():
            self._loop.close()

    async def _cancel(self) -> None:
        tasks = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._loop.shutdown_asyncgens()
        self._loop.stop()
