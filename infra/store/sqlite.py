"""SQLite: one file in WAL mode, durable commits, writers that queue from their first moment.

Connections are kept and lent to one thread at a time. A process that forks opens the store anew.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import URL, Connection, create_engine, event, text
from sqlalchemy.exc import DatabaseError, DBAPIError, DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from infra.errors import Unavailable

KEPT_CONNECTIONS: Final = 8
"""More are opened while more threads ask, and closed afterwards."""


class Sqlite:
    """The database of one file; nothing is made or opened before it is used."""

    def __init__(self, path: Path, busy_timeout_s: float) -> None:
        self.path = path
        self.name = str(path)
        self.engine = create_engine(
            URL.create("sqlite", database=str(path)),
            connect_args={"timeout": busy_timeout_s, "check_same_thread": False},
            pool_size=KEPT_CONNECTIONS,
            max_overflow=-1,
        )
        event.listen(self.engine, "connect", _on_connect)
        event.listen(self.engine, "do_connect", self._there)
        event.listen(self.engine, "connect", self._remember)
        event.listen(self.engine, "checkout", self._same)

    def ready(self) -> None:
        """Make directory and file, closed to others. Raises Unavailable where that is refused."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self.path.exists():
                self.path.touch(mode=0o600)
        except OSError as error:
            raise _read_only(self.path, error.strerror or "refused") from error
        for place in (self.path, self.path.parent):  # the log lies beside the file
            if not os.access(place, os.R_OK | os.W_OK):
                raise _read_only(self.path, f"{place} is read-only")

    def _there(self, *_: object) -> None:
        """Raise Unavailable where the file is gone: SQLite would make an empty one."""
        if _identity(self.path) is None:
            raise Unavailable(f"{self.path} is not there any more",
                              "put it back, or restore a backup there", str(self.path))  # fmt: skip

    def _remember(self, connection: Any, record: Any) -> None:
        """Which file a connection is to."""
        del connection
        record.info["file"] = _identity(self.path)

    def _same(self, connection: Any, record: Any, proxy: object) -> None:
        """Open anew what was put in the file's place: a kept connection writes to the one before."""
        del connection, proxy
        if _identity(self.path) != record.info["file"]:
            raise DisconnectionError(f"{self.path} is another file now, or none")

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """A connection that changes nothing, nor how the file is written."""
        engine = create_engine("sqlite://", creator=lambda: reading(self.path), poolclass=NullPool)
        with engine.connect() as connection:
            yield connection

    def damage(self, connection: Connection) -> list[str]:
        """What SQLite finds wrong in any page, index or reference."""
        said: list[str] = []
        try:
            said.extend(connection.execute(text("PRAGMA integrity_check(20)")).scalars())
        except DatabaseError as error:  # where it cannot go on, it raises after what it found
            said.append(str(error.orig))
        if said != ["ok"]:
            return said
        lost = connection.execute(text("PRAGMA foreign_key_check")).all()
        return [f"{row[0]} row {row[1]} refers to a lost row of {row[2]}" for row in lost[:20]]

    def begin_write(self, session: Session) -> None:
        """Take the file's one write lock."""
        session.execute(text("BEGIN IMMEDIATE"))

    def begin_read(self, session: Session) -> None:
        """The first statement fixes what the transaction sees."""
        session.execute(text("BEGIN"))

    def is_busy(self, error: DBAPIError) -> bool:
        """Whether the write lock did not come free in time."""
        name = str(getattr(error.orig, "sqlite_errorname", ""))
        return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))

    def reason(self, error: DBAPIError) -> str:
        """SQLite's own words."""
        return str(error.orig)


def reading(path: Path) -> sqlite3.Connection:
    """A connection that makes no file and changes none, nor the way it is written."""
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw", uri=True, check_same_thread=False
    )
    connection.execute("PRAGMA query_only=ON")
    return connection


def _read_only(path: Path, why: str) -> Unavailable:
    return Unavailable(
        f"{path} cannot be written: {why}",
        "mend its owner or mode, or set TRAWL_HOME to another directory",
        str(path),
    )


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file lies at a path; None where none does."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _on_connect(connection: Any, record: object) -> None:
    """Pragmas of every connection; transactions are begun by hand."""
    del record
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
