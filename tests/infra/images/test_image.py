"""Manifests, finding and verifying images, on small files instead of disks."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra import images
from infra.errors import Corrupt, NotFound
from infra.files import sha256_file
from infra.images.image import DISK, INITRD, KERNEL, Manifest, opened, save


def make(cache: Path, name: str = "debian-12", built_ns: int = 1) -> Path:
    directory = cache / "images" / f"{name}-{built_ns:012x}"
    directory.mkdir(parents=True)
    for part in (DISK, KERNEL, INITRD):
        (directory / part).write_bytes(f"{name} {part} {built_ns}".encode())
    save(
        directory,
        Manifest(
            name=name,
            built_from="0" * 64,
            built_ns=built_ns,
            agent="1.0.0",
            os_id="debian",
            os_version="12",
            cmdline="quiet",
            files={part: sha256_file(directory / part) for part in (DISK, KERNEL, INITRD)},
            packages={"systemd": "252"},
        ),
    )
    return directory


def test_the_newest_image_of_a_name_is_found(tmp_path: Path) -> None:
    make(tmp_path, built_ns=1)
    newest = make(tmp_path, built_ns=2)
    make(tmp_path, "ubuntu-24.04", built_ns=3)
    assert images.find("debian-12", tmp_path).directory == newest


def test_an_image_that_is_not_built_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        images.find("debian-12", tmp_path)
    assert caught.value.hint == "trawl image build debian-12"


def test_an_unknown_image_offers_the_nearest_recipe(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="debian-12"):
        images.find("debian-13", tmp_path)


def test_a_whole_image_verifies(tmp_path: Path) -> None:
    images.verify(opened(make(tmp_path)))


@pytest.mark.parametrize("part", [DISK, KERNEL, INITRD])
def test_one_changed_byte_of_any_part_is_found(tmp_path: Path, part: str) -> None:
    directory = make(tmp_path)
    data = bytearray((directory / part).read_bytes())
    data[len(data) // 2] ^= 1
    (directory / part).write_bytes(data)
    with pytest.raises(Corrupt, match=part):
        images.verify(opened(directory))


def test_a_missing_part_is_found(tmp_path: Path) -> None:
    directory = make(tmp_path)
    (directory / KERNEL).unlink()
    with pytest.raises(Corrupt, match="missing"):
        images.verify(opened(directory))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1}', "\x00"])
def test_a_torn_manifest_is_corrupt(tmp_path: Path, text: str) -> None:
    directory = make(tmp_path)
    (directory / "manifest.json").write_text(text)
    with pytest.raises(Corrupt):
        opened(directory)


def test_the_hash_of_an_image_is_its_manifests(tmp_path: Path) -> None:
    directory = make(tmp_path)
    assert opened(directory).sha256 == sha256_file(directory / "manifest.json")
