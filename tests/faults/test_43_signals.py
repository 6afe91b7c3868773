"""Fault 43: a build that is told to stop at any call to the disk leaves the old corpus or the new.

The exporters to other forms wait for the part that writes them.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus import build as building
from corpus import recipe
from corpus.build import Places
from corpus.shards import manifest
from infra import disk
from infra.progress import Silent
from tests.corpus import made
from tests.faults.test_12_disk_full import RECIPE, contents

CALLS = ("write", "sync", "rename")


def build(places: Places) -> Path:
    return building.build(recipe.parse(RECIPE, "r"), places, Silent()).root


def counted(then: Callable[[int], None]) -> None:
    """Have `then` told the number of each call to the disk, in this process."""
    done = 0

    def wrapped(call: Callable[..., None]) -> Callable[..., None]:
        def counting(*words: Any) -> None:
            nonlocal done
            done += 1
            then(done)
            call(*words)

        return counting

    for name in CALLS:
        setattr(disk, name, wrapped(getattr(disk, name)))


def stopped(places: Places, signals: tuple[int, ...], first: int) -> int:
    """A build in a process of its own that gets these signals from its `first` call on."""
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)

        def tell(number: int) -> None:
            if first <= number < first + len(signals):
                os.kill(os.getpid(), signals[number - first])

        code = 0
        try:
            counted(tell)
            build(places)
        except KeyboardInterrupt:
            code = 130
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize(
    "signals",
    [(signal.SIGTERM,), (signal.SIGINT,), (signal.SIGKILL,)],
    ids=lambda signals: signals[0].name,
)
def test_a_build_stopped_at_any_call_leaves_one_corpus_and_the_next_gives_equal_bytes(
    tmp_path: Path, signals: tuple[signal.Signals, ...]
) -> None:
    made.write_samples(tmp_path / "home", screens=2, width=64, height=900)
    places = Places(tmp_path / "home", tmp_path / "cache", 1, 0)
    whole = contents(build(places))
    root, first, seen = places.corpus("small"), 0, set()
    while (code := stopped(places, signals, first := first + 1)) != 0:
        seen.add(code)
        if root.exists():
            assert contents(root) == whole
            assert manifest.verify(root, Silent()) == []
        if first % 5 == 0:
            assert contents(build(places)) == whole
    assert seen == {130 if signals[0] is signal.SIGINT else -signals[0]}
    assert first > 20
    assert contents(build(places)) == whole
    assert [p.name for p in sorted(root.parent.iterdir())] == [".small.lock", "small"]
