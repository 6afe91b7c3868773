from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from infra.blobs import Blobs
from infra.errors import Corrupt, HostileInput, NotFound


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


def test_what_is_put_is_got_by_its_hash(blobs: Blobs) -> None:
    name = blobs.put(b"a screen")
    assert name == hashlib.sha256(b"a screen").hexdigest()
    assert blobs.get(name) == b"a screen"
    assert blobs.has(name)


def test_putting_twice_keeps_one(blobs: Blobs) -> None:
    assert blobs.put(b"same") == blobs.put(b"same")
    assert list(blobs.names()) == [blobs.put(b"same")]


def test_names_come_in_order_and_leave_out_temporary_files(blobs: Blobs) -> None:
    names = [blobs.put(bytes([n])) for n in range(20)]
    (blobs.path(names[0]).parent / ".half.tmp").write_bytes(b"half")
    assert list(blobs.names()) == sorted(names)


def test_every_flipped_bit_is_found(blobs: Blobs) -> None:
    name = blobs.put(b"abc")
    path = blobs.path(name)
    for byte in range(3):
        for bit in range(8):
            damaged = bytearray(b"abc")
            damaged[byte] ^= 1 << bit
            path.write_bytes(damaged)
            with pytest.raises(Corrupt, match="changed on disk"):
                blobs.get(name)


def test_a_missing_blob_is_not_found(blobs: Blobs) -> None:
    with pytest.raises(NotFound, match="no blob"):
        blobs.get("0" * 64)
    assert not blobs.has("0" * 64)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 63 + "/"])
def test_a_name_that_is_no_hash_is_refused(blobs: Blobs, name: str) -> None:
    with pytest.raises(HostileInput):
        blobs.get(name)


def test_a_blob_larger_than_any_is_refused_before_it_is_read(blobs: Blobs) -> None:
    name = "1" * 64
    blobs.path(name).parent.mkdir(parents=True)
    with blobs.path(name).open("wb") as sparse:
        sparse.truncate(300 * 1024 * 1024)
    with pytest.raises(HostileInput, match="larger"):
        blobs.get(name)
