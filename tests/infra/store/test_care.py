"""Checking and copying a database: every damage is told, a copy is whole and replaces nothing."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from infra.errors import Conflict, Corrupt, NotFound, Unavailable, UsageError
from infra.store import Store, care, events

Open = Callable[..., Store]


def fill(store: Store, count: int) -> None:
    with store.write() as tx:
        for number in range(count):
            events.add(tx, number, "made", "it")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database of many pages."""
    store = Store(tmp_path / "trawl.db")
    fill(store, 2000)
    store.close()
    return tmp_path / "trawl.db"


def damage_events(path: Path) -> None:
    """Overwrite the first page of the events."""
    with closing(sqlite3.connect(path)) as raw:
        (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'events'").fetchone()
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = path.read_bytes()
    page = int.from_bytes(whole[16:18], "big")
    begin = (root - 1) * page
    path.write_bytes(whole[:begin] + b"\xa5" * page + whole[begin + page :])


def test_a_whole_database_is_counted(store: Store, target: Path | str) -> None:
    fill(store, 3)
    health = care.check(target)
    assert (health.problems, health.rows["events"], health.rows["machines"]) == ((), 3, 0)
    assert health.as_record()["whole"] is True


def test_a_schema_that_somebody_changed_is_told(store: Store, target: Path | str) -> None:
    with store.write() as tx:
        tx.execute(text("DROP INDEX one_live_lease"))
    store.close()
    (problem,) = care.check(target).problems
    assert "one_live_lease" in problem


def test_a_newer_schema_is_told(store: Store, target: Path | str) -> None:
    with store.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    health = care.check(target)
    assert health.revision == "9999"
    assert "newer Trawl" in health.problems[0]


def test_a_damaged_page_is_found(path: Path) -> None:
    damage_events(path)
    health = care.check(path)
    assert "malformed" in health.problems[-1]
    assert health.rows == {}


def test_pages_that_belong_to_nothing_are_found(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute("DELETE FROM sqlite_master WHERE name = 'ix_events_subject'")
        raw.commit()
    assert all("never used" in problem for problem in care.check(path).problems)
    assert care.check(path).problems


def test_a_reference_to_nothing_is_found(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("INSERT INTO leases VALUES ('l-1', 'nobody', 'x', 1, 1, 1, 1)")
        raw.commit()
    assert care.check(path).problems == ("leases row 1 refers to a lost row of machines",)


def test_checking_makes_no_database(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        care.check(tmp_path / "trawl.db")
    assert list(tmp_path.iterdir()) == []


def test_a_backup_taken_while_others_write_is_one_moment_and_opens(
    path: Path, opened: Open
) -> None:
    store, ended = opened(path), threading.Event()

    def write() -> None:
        while not ended.is_set():
            fill(store, 2)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        out = path.with_name("copy.db")
        size = care.backup(path, out)
    finally:
        ended.set()
        writer.join()
    assert size == out.stat().st_size
    assert out.stat().st_mode & 0o777 == 0o600
    health = care.check(out)
    assert health.problems == ()
    assert health.rows["events"] >= 2000
    assert health.rows["events"] % 2 == 0  # never half of a transaction
    assert [p.name for p in path.parent.iterdir() if "partial" in p.name] == []


def test_a_backup_replaces_nothing(path: Path) -> None:
    out = path.with_name("copy.db")
    out.write_bytes(b"precious")
    with pytest.raises(Conflict, match="is there already"):
        care.backup(path, out)
    assert out.read_bytes() == b"precious"


def test_a_damaged_database_gives_no_backup(path: Path) -> None:
    damage_events(path)
    with pytest.raises(Corrupt, match="is damaged"):
        care.backup(path, path.with_name("copy.db"))
    assert [p.name for p in path.parent.iterdir() if p != path] == []


def test_a_place_that_is_not_there_is_said(path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be written"):
        care.backup(path, path.parent / "nowhere" / "copy.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_database_is_copied(path: Path) -> None:
    path.chmod(0o400)
    care.backup(path, path.with_name("copy.db"))
    assert care.check(path.with_name("copy.db")).rows["events"] == 2000


def test_postgresql_is_copied_by_its_own_program(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        care.backup("postgresql://trawl@/db", tmp_path / "copy")
    assert "pg_dump" in caught.value.hint
