"""A shared storage: what lies where, in which order, and what is not believed."""

from __future__ import annotations

import itertools

import pytest

from infra.errors import Corrupt, HostileInput, NotFound, UsageError
from infra.files import sha256_bytes
from infra.storage import Away, Seal, Storage, name_of
from tests.infra import faulty

LOG = b"the log"
BLOB = b"a blob"
SEAL = Seal("ep-1", "alpha", sha256_bytes(LOG), len(LOG), 1)


@pytest.fixture
def faults():
    yield faulty.fresh()
    faulty.fresh()


@pytest.fixture(params=["directory", "memory"])
def url(request, tmp_path, faults):
    return f"file://{tmp_path}/shared" if request.param == "directory" else "faulty://shared/deep"


@pytest.fixture
def storage(url):
    return Storage(url, "alpha")


def put_all(storage):
    storage.put_blob(sha256_bytes(BLOB), BLOB)
    storage.put_log(SEAL, LOG)
    storage.put_seal(SEAL)


def said_by(act):
    """What it raised when the storage was away, nothing where it did not."""
    try:
        act()
    except Away as error:
        return [str(error)]
    return []


def test_what_was_put_is_read_by_anybody_who_opens_it(storage, url):
    assert storage.episodes() == []
    put_all(storage)
    other = Storage(url, "beta")
    assert other.episodes() == ["ep-1"]
    assert other.seal("ep-1") == SEAL
    assert other.log(SEAL) == LOG
    assert other.blob(sha256_bytes(BLOB)) == BLOB


def test_a_blob_that_is_there_is_not_put_again(storage, faults):
    assert storage.put_blob(sha256_bytes(BLOB), BLOB) is True
    writes = faults.writes
    assert storage.put_blob(sha256_bytes(BLOB), BLOB) is False
    assert faults.writes == writes


def test_an_episode_without_a_seal_is_not_there(storage):
    storage.put_log(SEAL, LOG)
    assert storage.episodes() == []
    with pytest.raises(NotFound):
        storage.seal("ep-1")


@pytest.mark.parametrize("name", ["../ep-1", "EP", "", "a/b", "ep-1\n", "x" * 99])
def test_a_seals_name_leads_nowhere_else(storage, name):
    put_all(storage)
    with pytest.raises(NotFound):
        storage.seal(name)


def test_names_that_are_no_episodes_are_not_listed(tmp_path):
    put_all(Storage(f"file://{tmp_path}"))
    for name in (".hidden.json", "EP.json", "..json", "a b.json"):
        (tmp_path / "episodes" / name).write_text("{}")
    assert Storage(f"file://{tmp_path}").episodes() == ["ep-1"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"episode": "ep-1"}', '{"episode": "ep-1", "host": 1}']
)
def test_a_seal_that_is_half_or_another_is_corrupt(tmp_path, text):
    storage = Storage(f"file://{tmp_path}")
    put_all(storage)
    (tmp_path / "episodes" / "ep-1.json").write_text(text)
    with pytest.raises(Corrupt):
        storage.seal("ep-1")


def test_a_seal_of_another_episode_is_corrupt(tmp_path):
    storage = Storage(f"file://{tmp_path}")
    put_all(storage)
    (tmp_path / "episodes" / "ep-1.json").rename(tmp_path / "episodes" / "ep-2.json")
    with pytest.raises(Corrupt, match="is that of ep-1"):
        storage.seal("ep-2")


def test_every_flipped_byte_of_a_blob_or_a_log_is_found(tmp_path):
    storage = Storage(f"file://{tmp_path}")
    put_all(storage)
    sha256 = sha256_bytes(BLOB)
    for path, read in (
        (tmp_path / "blobs" / sha256[:2] / sha256, lambda: storage.blob(sha256)),
        (tmp_path / "recordings" / "ep-1" / "log", lambda: storage.log(SEAL)),
    ):
        whole = path.read_bytes()
        for at in range(len(whole)):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            with pytest.raises(Corrupt, match="was changed"):
                read()
        path.write_bytes(whole)
        assert read()


def test_an_object_larger_than_any_we_write_is_not_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("infra.storage.BLOB_BYTES", 5)
    storage = Storage(f"file://{tmp_path}")
    put_all(storage)
    with pytest.raises(HostileInput, match="larger than any"):
        storage.blob(sha256_bytes(BLOB))


def test_a_storage_that_keeps_only_a_part_is_found_out_at_once(faults):
    storage = Storage("faulty://shared")
    faults.keeps_bytes = 3
    with pytest.raises(Away, match="kept only a part"):
        storage.put_blob(sha256_bytes(BLOB), BLOB)
    faults.keeps_bytes = None
    assert storage.put_blob(sha256_bytes(BLOB), BLOB) is True
    assert storage.blob(sha256_bytes(BLOB)) == BLOB


def test_reading_back_mends_a_byte_that_the_length_does_not_show(faults):
    storage = Storage("faulty://shared")
    faults.flips = "blobs"
    storage.put_blob(sha256_bytes(BLOB), BLOB)
    faults.flips = ""
    assert storage.put_blob(sha256_bytes(BLOB), BLOB) is False
    assert storage.put_blob(sha256_bytes(BLOB), BLOB, read_back=True) is True
    assert storage.blob(sha256_bytes(BLOB)) == BLOB


def test_a_storage_that_is_away_is_said_without_a_secret(faults):
    storage = Storage("faulty://who:hunter2hunter2@shared/x?token=abcdefgh")
    assert storage.name == "faulty://shared/x"
    faults.away = True
    with pytest.raises(Away) as caught:
        storage.episodes()
    assert "no route to host" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "abcdefgh" not in str(caught.value)


def test_a_full_directory_leaves_no_half_object(tmp_path, monkeypatch):
    storage = Storage(f"file://{tmp_path}", "alpha")
    for number in range(1, 60):
        with monkeypatch.context() as patched:
            patched.setattr("infra.disk._calls", itertools.count(1))
            patched.setenv("FAIL_AT", str(number))
            failed = said_by(lambda: put_all(storage))
        if not failed:
            break
        assert "No space left" in failed[0]
        there = {p.name: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
        assert there.pop("log", LOG) == LOG
        assert there.pop(sha256_bytes(BLOB), BLOB) == BLOB
        assert set(there) <= {"ep-1.json"}
    assert number > 10, "it never failed"
    assert Storage(f"file://{tmp_path}").log(SEAL) == LOG


def test_what_a_dead_writer_left_is_swept_by_itself_alone(tmp_path):
    for writer in ("alpha", "beta"):
        (tmp_path / "partial" / writer).mkdir(parents=True)
        (tmp_path / "partial" / writer / "left").write_bytes(b"half")
    Storage(f"file://{tmp_path}", "alpha").sweep()
    assert [p.parent.name for p in tmp_path.rglob("left")] == ["beta"]


def test_a_storage_is_known_by_its_mark(storage, url):
    assert storage.settle("st-1", is_known=False) == "st-1"
    assert Storage(url).settle("st-2", is_known=False) == "st-1", "it was marked already"
    assert Storage(url).settle("st-1", is_known=True) == "st-1"
    with pytest.raises(Away, match="does not bear the mark"):
        storage.settle("st-9", is_known=True)


def test_an_empty_place_where_a_known_storage_was_is_not_written_to(tmp_path):
    (tmp_path / "mount").mkdir()
    with pytest.raises(Away, match="does not bear the mark"):
        Storage(f"file://{tmp_path}/mount").settle("st-1", is_known=True)
    assert list((tmp_path / "mount").iterdir()) == []


@pytest.mark.parametrize("url", ["shared", "/srv/shared", "nosuchkind://x"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(UsageError):
        Storage(url)


def test_a_missing_driver_is_named():
    with pytest.raises(Away, match="s3fs") as caught:
        Storage("s3://bucket/trawl")
    assert "install that driver" in caught.value.hint


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("s3://bucket/deep/", "s3://bucket/deep"),
        ("sftp://me:secret@host:22/x", "sftp://host:22/x"),
        ("https://host/x?signature=abc#d", "https://host/x"),
        ("file:///srv/a@b", "file:///srv/a@b"),
    ],
)
def test_a_name_has_no_credentials(url, name):
    assert name_of(url) == name


def test_a_directory_that_is_new_is_closed_to_others(tmp_path):
    Storage(f"file://{tmp_path}/a/b").settle("st-1", is_known=False)
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
