"""Opening the database: pragmas, transactions, schema version."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from infra.errors import Corrupt, Unavailable
from infra.store.models import Base

SCHEMA: Final = 2
BUSY_TIMEOUT_S: Final = 20.0
"""A writer waits so long for its turn."""
Tx = Session


class Store:
    """One database file; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(OSError):  # the engine says better what is wrong
            path.touch(mode=0o600)
        self._engine = create_engine(
            f"sqlite:///{path}",
            connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
            poolclass=NullPool,
        )
        event.listen(self._engine, "connect", _on_connect)
        self._prepare()

    def _prepare(self) -> None:
        """Make the tables of an empty file. Raises Corrupt, Unavailable for one we cannot use."""
        try:
            with self._engine.connect() as connection:
                found = connection.execute(text("PRAGMA user_version")).scalar_one()
                if found > SCHEMA:
                    raise Unavailable(
                        f"{self.path} was written by a newer Trawl (schema {found}, ours {SCHEMA})",
                        "upgrade Trawl, or set TRAWL_HOME to another directory",
                    )
                if found < SCHEMA:
                    connection.execute(text("BEGIN IMMEDIATE"))
                    Base.metadata.create_all(connection)
                    connection.execute(text(f"PRAGMA user_version={SCHEMA}"))
                    connection.execute(text("COMMIT"))
        except OperationalError as error:
            raise Unavailable(f"{self.path} cannot be opened: {error.orig}", "mend it") from error
        except DatabaseError as error:
            raise Corrupt(
                f"{self.path} is not a database of ours: {error.orig}",
                "restore it from a backup, or move it away: recordings are kept beside it",
            ) from error

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """A transaction that may write: it holds the only write lock from its first moment."""
        with self._begin("BEGIN IMMEDIATE") as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that sees one moment of the database and changes nothing."""
        with self._begin("BEGIN") as session:
            yield session

    @contextmanager
    def _begin(self, how: str) -> Iterator[Tx]:
        with Session(self._engine, expire_on_commit=False) as session:
            try:
                session.execute(text(how))
                yield session
                session.commit()
            except OperationalError as error:
                session.rollback()
                raise Unavailable(f"the database is not available: {error.orig}") from error
            except BaseException:
                session.rollback()
                raise


def _on_connect(connection: Any, record: object) -> None:
    """Pragmas of every connection; transactions are begun by hand."""
    del record
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
