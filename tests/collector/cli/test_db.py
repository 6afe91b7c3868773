"""`trawl db`: what is wrong with a database is one sentence and an exit code, and nothing is written."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from collector.cli.main import main
from infra.store import Store, events, schema
from tests.house.source import ROOT

Say = pytest.CaptureFixture[str]
PASSWORD = "s3cret"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The database of a home, with one event."""
    monkeypatch.setenv("TRAWL_HOME", str(tmp_path / "home"))
    path = tmp_path / "home" / "trawl.db"
    with Store(path) as store, store.write() as tx:
        events.add(tx, 1, "kept", "it")
    return path


def told(capsys: Say, *words: str) -> tuple[int, dict]:
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def run_sql(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as raw:
        for statement in statements:
            raw.execute(statement)
        raw.commit()


def test_check_counts_what_is_there(path: Path, capsys: Say) -> None:
    code, health = told(capsys, "db", "check")
    assert (code, health["whole"], health["rows"]["events"]) == (0, True, 1)
    assert health["revision"] == schema.REVISIONS[-1]
    assert main(["db", "check"]) == 0
    assert f"{path}  schema {schema.REVISIONS[-1]}" in capsys.readouterr().out


def test_check_fails_where_the_schema_is_not_ours(path: Path, capsys: Say) -> None:
    run_sql(path, "DROP INDEX one_live_lease")
    code, health = told(capsys, "db", "check")
    assert (code, health["whole"]) == (1, False)
    assert main(["db", "check"]) == 1
    assert "one_live_lease" in capsys.readouterr().out


def test_a_database_from_before_the_revisions_is_refused_until_it_is_upgraded(
    path: Path, capsys: Say
) -> None:
    run_sql(path, "DROP TABLE alembic_version")
    code, answer = told(capsys, "run", "list")
    assert (code, answer["error"]["kind"]) == (5, "unavailable")
    assert "trawl db upgrade" in answer["error"]["hint"]
    assert told(capsys, "db", "upgrade") == (0, {"before": "", "after": schema.REVISIONS[-1]})
    assert told(capsys, "run", "list") == (0, {"runs": []})
    assert main(["db", "upgrade"]) == 0
    assert capsys.readouterr().out == f"schema {schema.REVISIONS[-1]}\n"


def test_a_newer_database_is_refused_by_every_command(path: Path, capsys: Say) -> None:
    run_sql(path, "UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    for words in (("run", "list"), ("machine", "list"), ("events", "tail"), ("db", "upgrade")):
        code, answer = told(capsys, *words)
        assert (code, answer["error"]["kind"]) == (5, "unavailable")
        assert "newer Trawl" in answer["error"]["message"]
    assert told(capsys, "db", "check")[0] == 1
    assert path.read_bytes() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_database_is_refused(path: Path, capsys: Say) -> None:
    path.chmod(0o400)
    before = path.stat().st_mtime_ns
    for words in (("run", "list"), ("fleet", "status"), ("db", "upgrade")):
        code, answer = told(capsys, *words)
        assert (code, answer["error"]["kind"]) == (5, "unavailable")
        assert "cannot be written" in answer["error"]["message"]
    assert told(capsys, "db", "check")[0] == 0  # it only reads
    assert path.stat().st_mtime_ns == before


def test_a_corrupt_database_is_refused_and_a_backup_named(path: Path, capsys: Say) -> None:
    path.write_bytes(b"this is no database at all" * 1000)
    before = path.read_bytes()
    for words in (("run", "list"), ("db", "check"), ("db", "upgrade")):
        code, answer = told(capsys, *words)
        assert (code, answer["error"]["kind"]) == (1, "corrupt")
        assert "restore a backup" in answer["error"]["hint"]
    assert path.read_bytes() == before


def test_a_backup_can_be_put_in_the_place_of_a_corrupt_database(path: Path, capsys: Say) -> None:
    copy = path.with_name("copy.db")
    code, answer = told(capsys, "db", "backup", str(copy))
    assert (code, answer) == (0, {"file": str(copy), "size_bytes": copy.stat().st_size})
    assert told(capsys, "db", "backup", str(copy))[1]["error"]["kind"] == "conflict"
    path.write_bytes(b"junk" * 1000)
    copy.replace(path)
    assert told(capsys, "db", "check")[1]["rows"]["events"] == 1


def test_without_a_database_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say
) -> None:
    monkeypatch.setenv("TRAWL_HOME", str(tmp_path / "home"))
    for words in (("check",), ("upgrade",), ("backup", str(tmp_path / "copy"))):
        assert told(capsys, "db", *words)[0] == 3
    assert list(tmp_path.iterdir()) == []


def test_a_postgresql_database_is_checked_upgraded_and_not_copied(
    database: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say
) -> None:
    monkeypatch.setenv("TRAWL_HOME", str(tmp_path))
    monkeypatch.setenv("TRAWL_DATABASE", database())
    assert told(capsys, "db", "upgrade") == (0, {"before": "", "after": schema.REVISIONS[-1]})
    code, health = told(capsys, "db", "check")
    assert (code, health["whole"], health["rows"]["events"]) == (0, True, 0)
    code, answer = told(capsys, "db", "backup", str(tmp_path / "copy"))
    assert (code, answer["error"]["kind"]) == (2, "usage")
    assert "pg_dump" in answer["error"]["hint"]
    assert list(tmp_path.iterdir()) == []


def test_the_password_of_a_database_is_in_no_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"postgresql+psycopg://me:{PASSWORD}@/db?host={tmp_path}"
    commands = (
        ("config", "show", "--origin"),
        ("run", "list"),
        ("db", "check"),
        ("fleet", "status"),
    )
    for words in commands:
        for form in ((), ("--json",)):
            done = subprocess.run(
                [sys.executable, "-m", "collector", *words, *form],
                capture_output=True,
                text=True,
                timeout=120,
                cwd=ROOT,
                env={**os.environ, "TRAWL_HOME": str(tmp_path), "TRAWL_DATABASE": address},
                check=False,
            )
            said = done.stdout + done.stderr
            assert said
            assert PASSWORD not in said
            assert "Traceback" not in said
    monkeypatch.setenv("TRAWL_DATABASE", f"mysql://me:{PASSWORD}@host/db")
    assert main(["run", "list"]) == 2
