"""Fault 12: every single write, fsync, rename and mkdir fails in turn, once or from then on.

Nothing half-written is left under a name that somebody reads, and the same work done again ends as
if nothing had happened.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus import build as building
from corpus import recipe
from corpus.build import Places
from corpus.exports.run import FORMATS, export
from corpus.shards import manifest
from envs.recording import reader
from envs.recording.verify import Verifier
from infra import disk
from infra.errors import TrawlError
from infra.progress import Silent
from tests.corpus import made
from tests.envs.recording.script import write_episode

MOST_CALLS = 3000
TEMPORARY = re.compile(r"\.tmp$")
RECIPE = b"""\
name: small
budget_tokens: 60000
shard_bytes: 65536
categories: {agent: {weight: 1}}
sources:
  screens: {category: agent, reader: grounding}
"""


def failing(monkeypatch: pytest.MonkeyPatch, at: str, name: str) -> None:
    monkeypatch.setattr(disk, "_calls", itertools.count(1))
    monkeypatch.setenv("FAIL_AT", at)
    monkeypatch.setenv("FAIL_WITH", name)


def calls_of(work: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> int:
    """How many calls to the disk the work makes when none fails."""
    failing(monkeypatch, str(MOST_CALLS), "ENOSPC")
    work()
    monkeypatch.delenv("FAIL_AT")
    return next(disk._calls) - 1


def temporaries(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if TEMPORARY.search(path.name)]


@pytest.mark.parametrize("name", ["ENOSPC", "EIO"])
@pytest.mark.parametrize("lasting", ["", "+"])
def test_a_recording_survives_the_failure_of_any_call_to_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, lasting: str
) -> None:
    (tmp_path / "whole").mkdir()
    calls = calls_of(lambda: write_episode(tmp_path / "whole"), monkeypatch)
    assert calls > 60
    for n in range(1, calls + 1):
        home, told = tmp_path / str(n), tmp_path / f"{n}.told"
        home.mkdir()
        failing(monkeypatch, f"{n}{lasting}", name)
        with pytest.raises(OSError, match="FAIL_AT"):
            write_episode(home, told)
        monkeypatch.delenv("FAIL_AT")
        assert temporaries(home) == []
        lines = told.read_text().splitlines() if told.exists() else []
        directory = home / "recordings" / "ep-1"
        if (directory / "log").exists():
            recording = reader.read(directory)
            steps = sum(line.startswith("step") for line in lines)
            assert Verifier().verify(directory).is_whole
            assert not recording.torn
            assert steps <= len(recording.steps) <= steps + 1
        else:
            assert lines == []
        write_episode(home, episode_id="ep-2")
        again = home / "recordings" / "ep-2"
        assert Verifier().verify(again).is_whole
        assert reader.read(again).close is not None


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    root = tmp_path_factory.mktemp("full")
    made.write_samples(root / "home", screens=2, width=64, height=900)
    return Places(root / "home", root / "cache", 1, 0)


def contents(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


@pytest.mark.parametrize("name", ["ENOSPC", "EIO"])
def test_a_build_survives_the_failure_of_any_call_to_the_disk(
    places: Places, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    mixture = recipe.parse(RECIPE, "r")

    def build() -> building.Built:
        return building.build(mixture, places, Silent())

    whole = contents(build().root)
    calls = calls_of(build, monkeypatch)
    assert calls > 20
    begun = places.home / "corpora" / ".small.tmp"
    for n in range(1, calls + 1):
        shutil.rmtree(begun, ignore_errors=True)
        failing(monkeypatch, str(n), name)
        with pytest.raises((OSError, TrawlError)):
            build()
        monkeypatch.delenv("FAIL_AT")
        assert {path for path in temporaries(places.home) if begun not in path.parents} <= {begun}
        assert contents(places.corpus("small")) == whole
        assert manifest.verify(places.corpus("small"), Silent()) == []
        if n % 5 == 0:  # what was begun serves the next build
            assert contents(build().root) == whole
            assert temporaries(places.home) == []
    assert contents(build().root) == whole
    assert temporaries(places.home) == []


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_an_export_survives_the_failure_of_any_call_to_the_disk(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    building.build(recipe.parse(RECIPE, "r"), places, Silent())
    out = tmp_path / "exports" / "it"

    def make() -> None:
        export(places.corpus("small"), form, out, 0, Silent(), shard_bytes=1 << 15)

    calls = calls_of(make, monkeypatch)
    whole = contents(out)
    assert calls > 10
    for n in range(1, calls + 1):
        if n % 3 == 0:
            shutil.rmtree(tmp_path / "exports")
        failing(monkeypatch, str(n), "ENOSPC")
        with contextlib.suppress(OSError):
            make()
        monkeypatch.delenv("FAIL_AT")
        assert temporaries(tmp_path) == []
        assert not out.exists() or contents(out) == whole
    make()
    assert contents(out) == whole


def test_a_first_build_on_a_full_disk_leaves_no_corpus(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixture = recipe.parse(RECIPE.replace(b"small", b"late"), "r")
    begun = places.home / "corpora" / ".late.tmp"
    for n in itertools.count(1):
        shutil.rmtree(begun, ignore_errors=True)
        failing(monkeypatch, f"{n}+", "ENOSPC")
        try:
            building.build(mixture, places, Silent())
        except OSError:
            monkeypatch.delenv("FAIL_AT")
            root = places.corpus("late")
            assert not root.exists() or manifest.verify(root, Silent()) == []
            assert {p for p in temporaries(places.home) if begun not in p.parents} <= {begun}
        else:
            break
    assert n > 20


def test_a_failed_write_leaves_half_as_a_full_disk_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fd = os.open(tmp_path / "f", os.O_WRONLY | os.O_CREAT)
    failing(monkeypatch, "2", "EDQUOT")
    disk.write(fd, b"whole", 0)
    with pytest.raises(OSError, match="quota"):
        disk.write(fd, b"1234", 5)
    os.close(fd)
    assert (tmp_path / "f").read_bytes() == b"whole12"
