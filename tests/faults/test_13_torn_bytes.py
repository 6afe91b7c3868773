"""Fault 13: shards cut at any byte or with any byte flipped are found; what is before is readable.

The same of recordings is held by the tests of `envs.recording`.
"""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from corpus import build as building
from corpus import recipe
from corpus.build import Places
from corpus.shards import manifest, tar
from infra.progress import Silent
from tests.corpus import made
from tests.faults.test_12_disk_full import RECIPE


def names(data: bytes) -> list[str]:
    """The whole members that a reader of streams, as trainers use, finds before a tear."""
    found = []
    with tarfile.open(fileobj=io.BytesIO(data), mode="r|") as archive:
        try:
            for member in archive:
                source = archive.extractfile(member)
                if source is not None and len(source.read()) == member.size:
                    found.append(member.name)
        except tarfile.ReadError:
            pass
    return found


def test_a_shard_cut_at_every_byte_of_its_last_record_keeps_the_records_before() -> None:
    records = [b"".join(tar.member(f"sample-{n}.json", b"{}" * 200)) for n in range(4)]
    before = sum(map(len, records[:-1]))
    whole = b"".join(records) + tar.END
    end_of_last = before + tar.BLOCK + 400
    for cut in range(before, len(whole)):
        found = names(whole[:cut])
        assert found[:3] == ["sample-0.json", "sample-1.json", "sample-2.json"]
        assert len(found) == (4 if cut >= end_of_last else 3)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("torn")
    made.write_samples(home, screens=1, width=64, height=900)
    mixture = recipe.parse(RECIPE.replace(b"60000", b"500"), "r")
    return building.build(mixture, Places(home, home / "cache", 1, 0), Silent()).root


def test_verify_finds_every_single_flipped_byte_of_a_shard(root: Path) -> None:
    (shard,) = (root / "shards").glob("*.tar")
    whole = shard.read_bytes()
    with shard.open("r+b") as file:
        for at in range(len(whole)):
            file.seek(at)
            file.write(bytes([whole[at] ^ 1]))
            file.flush()
            faults = manifest.verify(root, Silent())
            assert [fault.path for fault in faults] == [f"shards/{shard.name}"], at
            file.seek(at)
            file.write(whole[at : at + 1])
            file.flush()
    assert manifest.verify(root, Silent()) == []


def test_verify_finds_a_shard_cut_at_any_byte(root: Path) -> None:
    (shard,) = (root / "shards").glob("*.tar")
    whole = shard.read_bytes()
    for length in range(0, len(whole), 7):
        shard.write_bytes(whole[:length])
        (fault,) = manifest.verify(root, Silent())
        assert fault.what == f"has {length} bytes instead of {len(whole)}"
    shard.write_bytes(whole)
    assert manifest.verify(root, Silent()) == []
