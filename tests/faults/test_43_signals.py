"""Fault 43: what is told to stop at any call to the disk leaves what was there before, or the new."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from corpus import build as building
from corpus import recipe
from corpus.build import Places
from corpus.exports.run import FORMATS, export
from corpus.shards import manifest
from infra import disk
from infra.progress import Silent
from tests.corpus import made
from tests.faults.test_12_disk_full import RECIPE, contents

CALLS = ("write", "sync", "rename")


SIGNALS = pytest.mark.parametrize(
    "signals",
    [(signal.SIGTERM,), (signal.SIGINT,), (signal.SIGKILL,)],
    ids=lambda signals: signals[0].name,
)


@dataclass(frozen=True, slots=True)
class Work:
    """What makes the directory `root`, in at least so many calls to the disk."""

    do: Callable[[], object]
    root: Path
    least: int

    def whole(self) -> dict[str, bytes]:
        """Do it; all that it made."""
        self.do()
        return contents(self.root)


def build_of(places: Places) -> Work:
    mixture = recipe.parse(RECIPE, "r")
    return Work(lambda: building.build(mixture, places, Silent()), places.corpus("small"), 20)


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


def stopped(work: Work, signals: tuple[int, ...], first: int) -> int:
    """The work in a process of its own that gets these signals from its `first` call on."""
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
            work.do()
        except KeyboardInterrupt:
            code = 130
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def outlives(work: Work, signals: tuple[signal.Signals, ...]) -> None:
    """Stop the work at every call: what stands under its name is always whole, and as ever."""
    whole, first, seen = work.whole(), 0, set()
    while (code := stopped(work, signals, first := first + 1)) != 0:
        seen.add(code)
        if work.root.exists():
            assert contents(work.root) == whole
            assert manifest.verify(work.root, Silent()) == []
        if first % 5 == 0:
            assert work.whole() == whole
        if first % 3 == 0:
            shutil.rmtree(work.root, ignore_errors=True)
    assert seen == {130 if signals[0] is signal.SIGINT else -signals[0]}
    assert first > work.least
    assert work.whole() == whole
    left = [path.name for path in sorted(work.root.parent.iterdir())]
    assert left == [f".{work.root.name}.lock", work.root.name]


@SIGNALS
def test_a_build_stopped_at_any_call_leaves_one_corpus_and_the_next_gives_equal_bytes(
    tmp_path: Path, signals: tuple[signal.Signals, ...]
) -> None:
    made.write_samples(tmp_path / "home", screens=2, width=64, height=900)
    outlives(build_of(Places(tmp_path / "home", tmp_path / "cache", 1, 0)), signals)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("small")
    made.write_samples(root / "home", screens=2, width=64, height=900)
    work = build_of(Places(root / "home", root / "cache", 1, 0))
    work.do()
    return work.root


@SIGNALS
@pytest.mark.parametrize("form", sorted(FORMATS))
def test_an_export_stopped_at_any_call_leaves_one_export_or_none_and_the_next_gives_equal_bytes(
    corpus: Path, tmp_path: Path, form: str, signals: tuple[signal.Signals, ...]
) -> None:
    out = tmp_path / "exports" / "it"

    def do() -> None:
        export(corpus, form, out, 0, Silent(), shard_bytes=1 << 15)

    outlives(Work(do, out, 10), signals)
