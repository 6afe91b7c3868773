"""Templates on disk: every flipped byte is refused, nothing is hashed twice, holes stay holes."""

from __future__ import annotations

import os
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.errors import Conflict, Corrupt, NotFound
from infra.files import exclusive, sha256_bytes, sha256_file
from infra.hypervisor import loading
from infra.hypervisor.shape import Shape
from infra.hypervisor.template import (
    MANIFEST,
    OVERLAY,
    RAM,
    STATE,
    Frozen,
    Template,
    copy_sparse,
    read,
    save,
)
from infra.images.image import DISK, INITRD, KERNEL, Manifest, opened
from infra.images.image import save as save_image

MIB = 1 << 20


def make_image(root: Path) -> Path:
    directory = root / "image"
    directory.mkdir(parents=True)
    for part in (DISK, KERNEL, INITRD):
        (directory / part).write_bytes(part.encode() * 100)
    files = {part: sha256_file(directory / part) for part in (DISK, KERNEL, INITRD)}
    save_image(
        directory, Manifest("debian-12", "0" * 64, 1, "1", "debian", "12", "quiet", files, {})
    )
    return directory


def make(root: Path) -> Path:
    image = opened(make_image(root))
    directory = root / "template"
    directory.mkdir()
    with (directory / RAM).open("wb") as ram:
        ram.truncate(16 * MIB)
        ram.seek(5 * MIB)
        ram.write(b"memory" * 1000)
    (directory / STATE).write_bytes(b"state" * 1000)
    (directory / OVERLAY).write_bytes(b"overlay" * 1000)
    shape = Shape(str(image.kernel), str(image.initrd), "quiet", "tcg", memory_mb=16)
    files = {name: sha256_file(directory / name) for name in (RAM, STATE, OVERLAY)}
    save(directory, Frozen("debian-12", image.sha256, str(image.directory), shape, files, 1))
    return directory


def loaded(root: Path, directory: Path) -> Template:
    return loading.load(directory, root / "tmpfs")


def flip(path: Path, at: int) -> None:
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)
        file.seek(at)
        file.write(bytes([byte[0] ^ 1]))


def test_a_whole_template_loads_its_memory_into_tmpfs(tmp_path: Path) -> None:
    directory = make(tmp_path)
    template = loaded(tmp_path, directory)
    assert sha256_file(template.ram) == sha256_file(directory / RAM)
    assert template.ram.stat().st_mode & 0o777 == 0o600
    assert template.state == b"state" * 1000


@pytest.mark.parametrize("name", [RAM, STATE, OVERLAY])
@pytest.mark.parametrize("when", ["before the first load", "after it"])
def test_one_flipped_byte_is_refused(tmp_path: Path, name: str, when: str) -> None:
    directory = make(tmp_path)
    if when == "after it":
        loaded(tmp_path, directory)
    flip(directory / name, 17)
    with pytest.raises(Corrupt):
        loaded(tmp_path, directory)


@pytest.mark.parametrize("name", [DISK, KERNEL])
def test_a_flipped_byte_of_the_image_below_is_refused(tmp_path: Path, name: str) -> None:
    directory = make(tmp_path)
    loaded(tmp_path, directory)
    flip(tmp_path / "image" / name, 17)
    with pytest.raises(Corrupt):
        loaded(tmp_path, directory)


def test_a_change_of_the_memory_on_tmpfs_is_refused_by_the_next_fork(tmp_path: Path) -> None:
    template = loaded(tmp_path, make(tmp_path))
    template.check()
    flip(template.ram, 6 * MIB)
    with pytest.raises(Corrupt):
        template.check()


def test_a_changed_copy_on_tmpfs_is_made_again(tmp_path: Path) -> None:
    directory = make(tmp_path)
    flip(loaded(tmp_path, directory).ram, 6 * MIB)
    assert sha256_file(loaded(tmp_path, directory).ram) == sha256_file(directory / RAM)


def test_what_was_verified_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = make(tmp_path)
    loaded(tmp_path, directory)
    monkeypatch.setattr(loading, "prove", lambda path, _: pytest.fail(f"read {path} again"))
    monkeypatch.setattr(loading, "copy_sparse", lambda *_: pytest.fail("copied again"))
    loaded(tmp_path, directory).check()


def test_a_touched_but_equal_file_is_read_once_more_and_accepted(tmp_path: Path) -> None:
    directory = make(tmp_path)
    template = loaded(tmp_path, directory)
    os.utime(directory / OVERLAY)
    template.check()
    template.check()


def test_who_loads_what_another_is_loading_waits_and_finds_it_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory, copied = make(tmp_path), threading.Event()

    def slow(durable: Path, ram: Path) -> str:
        copied.set()
        time.sleep(0.5)
        return copy_sparse(durable, ram)

    monkeypatch.setattr(loading, "copy_sparse", slow)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(loaded, tmp_path, directory)
        assert copied.wait(30)
        monkeypatch.setattr(loading, "copy_sparse", lambda *_: pytest.fail("copied again"))
        assert loaded(tmp_path, directory).notes == first.result().notes


def test_who_waits_too_long_for_anothers_loading_is_told_who_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = make(tmp_path)
    home = loaded(tmp_path, directory).ram.parent
    monkeypatch.setattr(loading, "LOAD_S", 0.2)
    with (
        exclusive(home / "lock", "loading"),
        pytest.raises(Conflict, match=f"held by pid {os.getpid()}"),
    ):
        loaded(tmp_path, directory)


def test_the_memory_of_a_template_that_is_gone_is_freed(tmp_path: Path) -> None:
    first, second = make(tmp_path / "a"), make(tmp_path / "b")
    home = loaded(tmp_path, first).ram.parent
    shutil.rmtree(first)
    loaded(tmp_path, second)
    assert not home.exists()


def test_the_memory_of_a_template_that_another_version_wrote_is_let_be(tmp_path: Path) -> None:
    theirs = make(tmp_path / "a")
    kept = loading.load(theirs, tmp_path / "tmpfs").ram
    (theirs / MANIFEST).write_bytes(b'{"a key": "of another version"}')
    loading.load(make(tmp_path / "b"), tmp_path / "tmpfs")
    assert kept.exists()


def test_an_absent_template_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        read(tmp_path)
    assert caught.value.hint == "trawl image warm"


@given(st.lists(st.tuples(st.integers(0, 63), st.binary(min_size=1, max_size=4096)), max_size=6))
def test_a_sparse_copy_is_equal_and_its_hash_is_the_contents(
    writes: list[tuple[int, bytes]],
) -> None:
    root = Path("/dev/shm/trawl-test-sparse")  # a file system that keeps holes
    root.mkdir(exist_ok=True)
    source, target = root / "source", root / "target"
    with source.open("wb") as file:
        file.truncate(64 * 65536)
        for block, data in writes:
            file.seek(block * 65536)
            file.write(data)
    digest = copy_sparse(source, target)
    assert target.read_bytes() == source.read_bytes()
    assert digest == sha256_bytes(source.read_bytes())
    shutil.rmtree(root)


def test_a_sparse_copy_writes_no_holes(tmp_path: Path) -> None:
    directory = make(tmp_path)
    ram = loaded(tmp_path, directory).ram
    assert ram.stat().st_blocks * 512 < MIB * 8
