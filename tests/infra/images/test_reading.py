"""An image's directories are read without root and without mounting, once."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from infra.errors import Corrupt, TrawlError
from infra.files import sha256_file
from infra.images import reading
from infra.images.image import DISK, Image, opened
from tests.infra.images.test_image import make

SBIN = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}


def image(tmp_path: Path) -> Image:
    """A small disk in the form that images have, with a file, a link and something else."""
    root = tmp_path / "root"
    (root / "usr/share/icons").mkdir(parents=True)
    (root / "usr/share/icons/a.svg").write_text("<svg/>")
    (root / "usr/share/icons/b.svg").symlink_to("/etc/passwd")
    (root / "etc").mkdir()
    (root / "etc/passwd").write_text("not asked for")
    directory = make(tmp_path)
    raw = tmp_path / "disk.raw"
    subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", root, raw, "8M"], check=True, env=SBIN)
    (directory / DISK).unlink()
    subprocess.run(
        ["qemu-img", "convert", "-O", "qcow2", "-c", raw, directory / DISK], check=True, env=SBIN
    )
    return opened(directory)


def test_the_named_directories_are_read_with_their_links_as_links(tmp_path: Path) -> None:
    disk = image(tmp_path)
    before = sha256_file(disk.disk)
    tree = reading.directories(disk, ["/usr/share/icons"], tmp_path)
    assert (tree / "usr/share/icons/a.svg").read_text() == "<svg/>"
    assert (tree / "usr/share/icons/b.svg").readlink() == Path("/etc/passwd")
    assert not (tree / "etc").exists()
    assert sha256_file(disk.disk) == before


def test_what_was_read_is_kept_and_nothing_else_is_left(tmp_path: Path) -> None:
    disk = image(tmp_path)
    tree = reading.directories(disk, ["/usr/share/icons"], tmp_path)
    stamp = tree.stat().st_mtime_ns
    assert reading.directories(disk, ["/usr/share/icons"], tmp_path) == tree
    assert tree.stat().st_mtime_ns == stamp
    assert [p for p in tree.parent.iterdir() if p.is_dir()] == [tree]


def test_a_disk_that_is_none_leaves_nothing_behind(tmp_path: Path) -> None:
    disk = opened(make(tmp_path))
    disk.disk.unlink()
    disk.disk.write_bytes(b"QFI\xfb" + bytes(100))
    with pytest.raises(TrawlError):
        reading.directories(disk, ["/usr/share/icons"], tmp_path)
    assert not [p for p in (tmp_path / "image-files").iterdir() if p.is_dir()]


def test_a_disk_without_the_directories_is_no_disk_of_ours(tmp_path: Path) -> None:
    disk = image(tmp_path)
    with pytest.raises(Corrupt):
        reading.directories(disk, ["/srv/nothing"], tmp_path)
    assert not [p for p in (tmp_path / "image-files").iterdir() if p.is_dir()]
