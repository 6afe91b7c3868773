"""Fault 14: after a power loss only what was synced is there; the promise holds in both worst cases.

A stand-in for the page cache keeps, at every fsync, what that file or directory then held. `lost`
rebuilds the tree as a power loss would leave it: either nothing that was not synced is there, or
every name is and the bytes that were not synced are not.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus import build as building
from corpus import recipe
from corpus.build import Places
from corpus.shards import manifest
from envs.recording import reader
from envs.recording.verify import Verifier
from infra import disk
from infra.blobs import Blobs
from infra.files import publish, sha256_bytes
from infra.progress import Silent
from tests.corpus import made
from tests.envs.recording.script import write_episode
from tests.faults.test_12_disk_full import RECIPE


class Platter:
    """What is durable: the bytes of each synced file, the names of each synced directory."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.calls: list[str] = []
        self.after: Callable[[], None] = lambda: None
        self._bytes: dict[int, bytes] = {}
        self._names: dict[int, dict[str, int]] = {}
        self._kept: dict[int, bool] = {}

    def sync(self, fd: int) -> None:
        os.fsync(fd)
        path = Path(f"/proc/self/fd/{fd}").readlink()
        number = os.fstat(fd).st_ino
        if path.is_dir():
            self._names[number] = {e.name: e.inode() for e in os.scandir(path)}
            self._kept |= {e.inode(): e.is_dir() for e in os.scandir(path)}
        else:
            self._bytes[number] = path.read_bytes()
        self.calls.append(f"sync {'directory' if path.is_dir() else 'file'}")
        self.after()

    def rename(self, old: Path, new: Path) -> None:
        old.rename(new)
        self.calls.append("rename")
        self.after()

    def write(self, fd: int, data: bytes, offset: int) -> None:
        os.pwrite(fd, data, offset)
        self.calls.append("write")

    def lost(self, target: Path, *, names_survive: bool) -> Path:
        """The tree as the power loss leaves it, made under `target`."""
        target.mkdir(parents=True)
        self._remake(self.root.stat().st_ino, self.root, target, names_survive)
        return target

    def _remake(self, number: int, now: Path, target: Path, names_survive: bool) -> None:
        names = self._names.get(number, {})
        if names_survive:
            names = {e.name: e.inode() for e in os.scandir(now)}
            self._kept |= {e.inode(): e.is_dir() for e in os.scandir(now)}
        for name, inode in names.items():
            if self._kept[inode]:
                (target / name).mkdir()
                self._remake(inode, now / name, target / name, names_survive)
            else:
                (target / name).write_bytes(self._bytes.get(inode, b""))


@pytest.fixture
def platter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Platter:
    kept = Platter(tmp_path / "home")
    kept.root.mkdir()
    for call in ("sync", "rename", "write"):
        monkeypatch.setattr(disk, call, getattr(kept, call))
    return kept


def test_publishing_writes_syncs_renames_and_syncs_the_directory(platter: Platter) -> None:
    publish(platter.root / "file", b"x")
    assert platter.calls == ["write", "sync file", "rename", "sync directory"]


def test_a_file_published_in_a_new_directory_survives_with_the_directory(
    platter: Platter, tmp_path: Path
) -> None:
    publish(platter.root / "new" / "deep" / "file", b"x")
    left = platter.lost(tmp_path / "left", names_survive=False)
    assert (left / "new" / "deep" / "file").read_bytes() == b"x"


def test_a_blob_whose_writer_died_before_the_last_sync_is_durable_when_it_is_stored_again(
    platter: Platter, tmp_path: Path
) -> None:
    blobs = Blobs(platter.root / "blobs")
    path = blobs.path(sha256_bytes(b"screen"))
    disk.make_dir(path.parent)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT)
    disk.write(fd, b"screen", 0)
    disk.sync(fd)
    os.close(fd)
    assert list(Blobs(platter.lost(tmp_path / "1", names_survive=False) / "blobs").names()) == []
    name = blobs.put(b"screen")
    left = platter.lost(tmp_path / "2", names_survive=False)
    assert Blobs(left / "blobs").get(name) == b"screen"


@pytest.mark.parametrize("names_survive", [False, True])
def test_no_acknowledged_step_is_lost_with_the_power(
    platter: Platter, tmp_path: Path, names_survive: bool
) -> None:
    told, moments = tmp_path / "told", 0

    def power_loss() -> None:
        nonlocal moments
        moments += 1
        left = platter.lost(tmp_path / f"left-{moments}", names_survive=names_survive)
        lines = told.read_text().splitlines() if told.exists() else []
        directory = left / "recordings" / "ep-1"
        if not (directory / "log").exists():
            assert lines == []
            return
        report = Verifier().verify(directory)
        assert report.is_whole, report.problems
        assert report.steps >= sum(line.startswith("step") for line in lines)
        assert report.status == "completed" or "close" not in lines

    platter.after = power_loss
    write_episode(platter.root, told)
    power_loss()
    assert moments > 60
    assert reader.read(platter.root / "recordings" / "ep-1").close is not None


@pytest.mark.parametrize("names_survive", [False, True])
def test_a_corpus_under_its_name_is_whole_after_a_power_loss(
    platter: Platter, tmp_path: Path, names_survive: bool
) -> None:
    made.write_samples(platter.root, screens=2, width=64, height=900)
    places = Places(platter.root, tmp_path / "cache", 1, 0)
    seen: set[bool] = set()

    def power_loss() -> None:
        left = platter.lost(tmp_path / f"left-{len(platter.calls)}", names_survive=names_survive)
        root = left / "corpora" / "small"
        seen.add(root.exists())
        if root.exists():
            assert manifest.verify(root, Silent()) == []

    platter.after = power_loss
    building.build(recipe.parse(RECIPE, "r"), places, Silent())
    assert seen == {False, True}
