"""Looking after a database: upgrade, check, backup. None of them makes one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from infra.errors import Conflict, Corrupt, NotFound, Unavailable, UsageError
from infra.files import fsync_dir
from infra.store import schema
from infra.store.backend import Backend, Target, backend_of, translated
from infra.store.models import Base
from infra.store.sqlite import reading

WAIT_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class Health:
    """What `check` found. `problems` is empty where all is well; `rows` counts by table."""

    database: str
    revision: str
    problems: tuple[str, ...]
    rows: dict[str, int]

    def as_record(self) -> dict[str, Any]:
        """As plain data."""
        return {"database": self.database, "revision": self.revision, "whole": not self.problems,
                "problems": list(self.problems), "rows": self.rows}  # fmt: skip


def upgrade(target: Target) -> tuple[str, str]:
    """Bring the database to our schema; answers with the revision before and after.

    Raises NotFound, Corrupt, and Unavailable for a newer schema or tables that are not ours.
    """
    with _opened(target) as backend:
        backend.ready()
        with backend.looking() as connection:
            before = schema.look(connection)
        if before.state == "newer":
            schema.admit(before, backend.name)
        if before.state != "current":
            _migrate(backend)
    return before.revision, schema.REVISIONS[-1]


def _migrate(backend: Backend) -> None:
    """All of it in one transaction, at the turn of a writer."""
    from infra.store import migrations

    with Session(backend.engine) as session:
        backend.begin_write(session)
        connection = session.connection()
        migrations.upgrade(connection, schema.look(connection), backend.name)
        session.commit()


def check(target: Target) -> Health:
    """Read the whole database and compare its tables with ours. Raises NotFound, Corrupt."""
    with _opened(target) as backend, backend.looking() as connection:
        found = schema.look(connection)
        problems = backend.damage(connection)
        rows = {}
        if not problems:
            rows = _rows(connection, found)
            problems = _schema_problems(connection, found, backend.name)
    return Health(backend.name, found.revision, tuple(problems), rows)


def _rows(connection: Connection, found: schema.Found) -> dict[str, int]:
    ours = [t for t in Base.metadata.sorted_tables if t.name in found.tables]
    return {t.name: connection.scalar(select(func.count()).select_from(t)) or 0 for t in ours}


def _schema_problems(connection: Connection, found: schema.Found, name: str) -> list[str]:
    from infra.store import migrations

    if found.state == "current":
        return [f"the schema differs: {line}" for line in migrations.differences(connection)]
    try:
        schema.admit(found, name)
    except Unavailable as error:
        return [str(error)]
    return []  # an empty database is filled by whoever opens it next


def backup(target: Target, out: Path) -> int:
    """Copy a SQLite database while others use it, whole and durable; the copy's size in bytes.

    Raises Conflict where `out` is there, UsageError for PostgreSQL, NotFound, Corrupt, Unavailable.
    """
    if not isinstance(target, Path):
        raise UsageError("a PostgreSQL database is copied by its own program", "see pg_dump")
    _see(target)
    partial = out.with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        _refuse_existing(out)
        partial.touch(mode=0o600)
        _copy(target, partial)
        os.link(partial, out)  # unlike a rename, this replaces nothing
        fsync_dir(out.parent)
        return out.stat().st_size
    except FileExistsError:
        _refuse_existing(out)
        raise
    except OSError as error:
        raise Unavailable(
            f"{out} cannot be written: {error.strerror}", "name another place", str(out)
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def _refuse_existing(out: Path) -> None:
    if out.exists():
        raise Conflict(f"{out} is there already", "name another file", str(out))


def _copy(path: Path, to: Path) -> None:
    """SQLite's online backup, read through and on disk. Raises Corrupt, Unavailable."""
    try:
        source, copy = reading(path), sqlite3.connect(to)
        try:
            source.execute(f"PRAGMA busy_timeout={round(WAIT_S * 1000)}")
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
            (said,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
        finally:
            copy.close()
            source.close()
    except sqlite3.OperationalError as error:
        raise Unavailable(f"{path} cannot be copied: {error}", "try again", str(path)) from error
    except sqlite3.DatabaseError as error:
        said = str(error)
    if said != "ok":
        raise Corrupt(f"{path} is damaged: {said}", "trawl db check", str(path))
    with to.open("rb") as written:
        os.fsync(written.fileno())


@contextmanager
def _opened(target: Target) -> Iterator[Backend]:
    """The database's backend, its connections closed afterwards. Raises NotFound."""
    _see(target)
    backend = backend_of(target, WAIT_S)
    try:
        with translated(backend):
            yield backend
    finally:
        backend.engine.dispose()


def _see(target: Target) -> None:
    if isinstance(target, Path) and not target.exists():
        raise NotFound(f"there is no database {target}", "trawl fleet up makes one", str(target))
