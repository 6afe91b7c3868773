"""Opening a database: made where it is empty; refused unwritten where it is not ours to use."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from infra.errors import Corrupt, Unavailable, UsageError
from infra.settings import Settings
from infra.store import Store, events, open_store, schema
from tests.house.source import ROOT

Open = Callable[..., Store]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with one event."""
    path = tmp_path / "home" / "trawl.db"
    store = Store(path)
    with store.write() as tx:
        events.add(tx, 1, "kept", "it")
    store.close()
    return path


def stamp(store: Store, revision: str) -> None:
    with store.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})
    store.close()


def content(place: Path) -> dict[str, tuple[str, int]]:
    """Every file's hash and time of change."""
    return {
        file.name: (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns)
        for file in place.iterdir()
    }


def refused(path: Path, error: type[Exception], words: str) -> None:
    """Opening fails with these words and leaves every byte of the directory."""
    before = content(path.parent)
    with pytest.raises(error, match=words):
        Store(path)
    assert content(path.parent) == before


def test_what_was_written_is_there_when_it_is_opened_again(
    target: Path | str, opened: Open
) -> None:
    with opened(target).write() as tx:
        events.add(tx, 1, "kept", "it")
    with opened(target).read() as tx:
        assert [e.subject for e in events.after(tx, 0)] == ["it"]


def test_an_empty_file_is_a_new_database(tmp_path: Path, opened: Open) -> None:
    (tmp_path / "trawl.db").touch()
    with opened(tmp_path / "trawl.db").read() as tx:
        assert events.last_id(tx) == 0


def test_a_newer_schema_is_refused(store: Store, target: Path | str, opened: Open) -> None:
    stamp(store, "9999")
    with pytest.raises(Unavailable, match=r"newer Trawl \(schema 9999") as caught:
        opened(target)
    assert "upgrade Trawl" in caught.value.hint


def test_an_older_schema_is_refused_and_the_way_out_is_named(
    store: Store, target: Path | str, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    has = schema.REVISIONS[-1]
    monkeypatch.setattr(schema, "REVISIONS", (*schema.REVISIONS, "9999"))
    with pytest.raises(Unavailable, match=rf"older Trawl \(schema {has}, ours 9999") as caught:
        opened(target)
    assert "trawl db upgrade" in caught.value.hint


def test_tables_without_a_revision_are_an_older_schema(
    store: Store, target: Path | str, opened: Open
) -> None:
    with store.write() as tx:
        tx.execute(text("DROP TABLE alembic_version"))
    store.close()
    with pytest.raises(Unavailable, match="older Trawl"):
        opened(target)


def test_a_newer_file_is_not_written_to(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    refused(path, Unavailable, "newer")


def test_a_file_that_is_no_database_is_not_written_to(path: Path) -> None:
    path.write_bytes(b"this is no database, whatever its name says" * 100)
    refused(path, Corrupt, "not a database")


@pytest.mark.parametrize("at", [0, 18, 100, 108])
def test_flipped_bytes_of_the_first_page_are_refused(path: Path, at: int) -> None:
    whole = bytearray(path.read_bytes())
    whole[at : at + 4] = bytes(b ^ 0xFF for b in whole[at : at + 4])
    path.write_bytes(whole)
    refused(path, (Corrupt, Unavailable), str(path))  # type: ignore[arg-type]


def test_a_file_cut_short_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:60])
    refused(path, Corrupt, "damaged")


def test_damage_below_the_first_page_is_told_when_it_is_met(path: Path, opened: Open) -> None:
    whole = path.read_bytes()
    page = int.from_bytes(whole[16:18], "big")
    path.write_bytes(whole[:page] + os.urandom(len(whole) - page))
    with pytest.raises(Corrupt, match="damaged"):  # noqa: SIM117
        with opened(path).read() as tx:
            events.after(tx, 0)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("what", ["file", "directory"])
def test_what_is_read_only_is_refused(path: Path, what: str) -> None:
    place, mode = (path, 0o400) if what == "file" else (path.parent, 0o500)
    place.chmod(mode)
    try:
        refused(path, Unavailable, "cannot be written")
    finally:
        path.parent.chmod(0o700)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_home_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(Unavailable, match="cannot be written: Permission denied"):
        Store(tmp_path / "home" / "trawl.db")
    tmp_path.chmod(0o700)


def test_a_read_only_server_is_refused(database: Callable[[], str], opened: Open) -> None:
    address = database()
    with opened(address).write() as tx:
        name = tx.scalar(text("SELECT current_database()"))
        tx.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    with pytest.raises(Unavailable, match="is read-only"):
        opened(address)


def test_nobody_else_can_read_the_database_or_its_directory(path: Path) -> None:
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_settings_name_the_database(tmp_path: Path, database: Callable[[], str]) -> None:
    address = database()
    here = open_store(Settings(home=tmp_path))
    there = open_store(Settings(home=tmp_path, database=address))
    assert here.name == str(tmp_path / "trawl.db")
    assert there.name.startswith("postgresql://trawl@/test_")
    here.close()
    there.close()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:un@s3cret@host/db",
        "postgresql://me:un@x/s3cret@host/db",
        "postgresql://me:s3cret@host:port/db",
        "mysql://me:s3cret@host/db",
        "sqlite:///s3cret.db",
        "s3cret",
        "postgresql+asyncpg://me:s3cret@host/db",
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(UsageError) as caught:
        Store(address)
    assert "s3cret" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_wrong_password_is_refused_and_not_repeated(database: Callable[[], str]) -> None:
    address = database().replace(":s3cret%2Fof%40tests@", ":wr0ng%2Fone@")
    with pytest.raises(Unavailable, match="password authentication failed") as caught:
        Store(address)
    told = f"{caught.value!r} {caught.value.__cause__!r}"
    assert "wr0ng" not in told


def test_a_password_never_shows_in_a_name(database: Callable[[], str], opened: Open) -> None:
    address = database()
    store = opened(address.replace(":s3cret%2Fof%40tests@", "@") + "&password=s3cret/of@tests")
    assert "s3cret" not in f"{store!r} {store.name}"


def test_a_server_that_is_away_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="is not available"):
        Store(f"postgresql+psycopg://trawl:s3cret@/db?host={tmp_path}")


def test_a_database_that_is_up_to_date_is_opened_without_alembic(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from infra.store import Store; "
        "Store(Path(sys.argv[1])); sys.exit('alembic' in sys.modules)"
    )
    new = path.with_name("new.db")
    for each in (path, new):
        subprocess.run([sys.executable, "-c", code, each], check=True, timeout=60, cwd=ROOT)


@pytest.mark.parametrize("is_kept", [True, False], ids=["kept connection", "none"])
def test_what_was_put_in_the_files_place_is_written_to_and_not_what_was_there(
    path: Path, is_kept: bool
) -> None:
    with Store(path) as store:
        with store.write() as tx:
            events.add(tx, 2, "later", "it")
        if not is_kept:
            store.close()
        path.rename(path.with_name("before.db"))
        with pytest.raises(Unavailable, match="not there any more"), store.write() as tx:
            events.add(tx, 3, "lost", "it")
        assert not path.exists()
        for rest in ("-wal", "-shm"):
            path.with_name(path.name + rest).unlink(missing_ok=True)
        Store(path).close()
        with store.write() as tx:
            events.add(tx, 4, "restored", "it")
    with Store(path) as again, again.read() as tx:
        assert [e.kind for e in events.after(tx, 0)] == ["restored"]
