"""Run a function over many inputs in worker processes that may hang, crash or eat memory.

Each worker is its own interpreter with its own address-space limit. An input that outlives its
time limit or kills its worker yields an outcome that says so; the others go on. Outcomes come in
the order of the inputs, whatever the number of workers.
"""

from __future__ import annotations

import os
import queue
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Any, Final, Protocol

import msgpack

from infra.errors import InfraLost
from infra.limits import BLOB_BYTES

LENGTH: Final = struct.Struct(">I")
START_S: Final = 60.0


class Counts(Protocol):
    """Whoever wants to hear that an input is done."""

    def advance(self, count: int = 1) -> None:
        """So many more are done."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input: a value, or why there is none."""

    value: Any
    failure: str = ""


class _Worker:
    """One child interpreter that answers inputs in turn."""

    def __init__(self, target: str, time_limit_s: float) -> None:
        self._target = target
        self._limit_s = time_limit_s
        self._child: subprocess.Popen[bytes] | None = None

    def answer(self, value: Any) -> Outcome:
        """The outcome for one input; a child that failed is replaced before the next."""
        try:
            child = self._child or self._start()
            data = msgpack.packb(value)
            assert child.stdin is not None
            child.stdin.write(LENGTH.pack(len(data)) + data)
            child.stdin.flush()
            reply = self._read(child, self._limit_s)
        except TimeoutError:
            self.close()
            return Outcome(None, "took too long")
        except (OSError, EOFError, ValueError, struct.error):
            self.close()
            return Outcome(None, "crashed its worker")
        return Outcome(reply.get("value"), reply.get("failure", ""))

    def close(self) -> None:
        """End the child, at once."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    _quietly_close(pipe)

    def _start(self) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "infra.workers.child", self._target],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._child = child
        try:
            self._read(child, START_S)
        except (TimeoutError, EOFError, ValueError) as error:
            self.close()
            raise InfraLost(
                f"a worker for {self._target} did not start", "see its module"
            ) from error
        return child

    def _read(self, child: subprocess.Popen[bytes], limit_s: float) -> Any:
        """One framed reply within the limit, whatever the pace it comes at."""
        assert child.stdout is not None
        until = time.monotonic() + limit_s
        head = _read_exactly(child.stdout.fileno(), LENGTH.size, until)
        (size,) = LENGTH.unpack(head)
        if size > BLOB_BYTES:
            raise ValueError("reply too long")
        return msgpack.unpackb(
            _read_exactly(child.stdout.fileno(), size, until),
            max_bin_len=BLOB_BYTES,
            max_str_len=BLOB_BYTES,
        )


def _quietly_close(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:
        return


def _read_exactly(fd: int, size: int, until: float) -> bytes:
    parts: list[bytes] = []
    while size:
        left = until - time.monotonic()
        if left <= 0 or not wait([fd], left):
            raise TimeoutError
        part = os.read(fd, min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


class _Pool:
    """Threads that each own a worker and take inputs from one queue."""

    def __init__(
        self, target: str, inputs: Sequence[Any], workers: int, time_limit_s: float
    ) -> None:
        self._target, self._inputs, self._limit_s = target, inputs, time_limit_s
        self._ready = threading.Condition()
        self._stop = threading.Event()
        self._outcomes: dict[int, Outcome] = {}
        self._broken: BaseException | None = None
        self._todo: queue.SimpleQueue[int] = queue.SimpleQueue()
        for index in range(len(inputs)):
            self._todo.put(index)
        count = max(1, min(workers, len(inputs)))
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def take(self, index: int) -> Outcome:
        """Wait for one outcome; raises what broke the pool itself."""
        with self._ready:
            while index not in self._outcomes and self._broken is None:
                self._ready.wait(1.0)
            if self._broken is not None:
                raise self._broken
            return self._outcomes.pop(index)

    def close(self) -> None:
        """No more inputs; every worker ends."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        worker = _Worker(self._target, self._limit_s)
        try:
            while not self._stop.is_set():
                index = self._todo.get_nowait()
                outcome = worker.answer(self._inputs[index])
                with self._ready:
                    self._outcomes[index] = outcome
                    self._ready.notify_all()
        except queue.Empty:
            return
        except BaseException as error:  # noqa: BLE001 - told to the consumer, who raises it
            with self._ready:
                self._broken = error
                self._ready.notify_all()
        finally:
            worker.close()


def run(
    target: str, inputs: Sequence[Any], workers: int, time_limit_s: float, progress: Counts
) -> Iterator[Outcome]:
    """Outcomes of `target` ("module:function") for each input, in order."""
    if not inputs:
        return
    pool = _Pool(target, inputs, workers, time_limit_s)
    try:
        for index in range(len(inputs)):
            outcome = pool.take(index)
            progress.advance()
            yield outcome
    finally:
        pool.close()
