"""Run a function over many inputs in worker processes that may hang, crash or eat memory.

Each worker is its own interpreter with its own address-space limit. An input that outlives its
time limit or kills its worker yields an outcome that says so; the others go on. Outcomes come in
the order of the inputs, whatever the number of workers.
"""

from __future__ import annotations

import queue
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
            [sys.executable, "-P", "-m", "corpus.operators.child", self._target],
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
    import os

    parts: list[bytes] = []
    while size:
        left = until - time.monotonic()
        if left <= 0 or not select.select([fd], [], [], left)[0]:
            raise TimeoutError
        part = os.read(fd, min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def run(
    target: str, inputs: Sequence[Any], workers: int, time_limit_s: float, progress: Counts
) -> Iterator[Outcome]:
    """Outcomes of `target` ("module:function") for each input, in order."""
    if not inputs:
        return
    outcomes: dict[int, Outcome] = {}
    ready = threading.Condition()
    todo: queue.SimpleQueue[int] = queue.SimpleQueue()
    stop = threading.Event()
    broken: list[BaseException] = []
    for index in range(len(inputs)):
        todo.put(index)

    def work() -> None:
        worker = _Worker(target, time_limit_s)
        try:
            while not stop.is_set():
                try:
                    index = todo.get_nowait()
                except queue.Empty:
                    return
                outcome = worker.answer(inputs[index])
                with ready:
                    outcomes[index] = outcome
                    ready.notify_all()
        except BaseException as error:  # noqa: BLE001 - told to the consumer, who raises it
            with ready:
                broken.append(error)
                ready.notify_all()
        finally:
            worker.close()

    threads = [
        threading.Thread(target=work, name=f"worker-{n}", daemon=True)
        for n in range(max(1, min(workers, len(inputs))))
    ]
    for thread in threads:
        thread.start()
    try:
        for index in range(len(inputs)):
            with ready:
                while index not in outcomes and not broken:
                    ready.wait(1.0)
                if broken:
                    raise broken[0]
                outcome = outcomes.pop(index)
            progress.advance()
            yield outcome
    finally:
        stop.set()
        for thread in threads:
            thread.join()
