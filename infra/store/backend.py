"""What the store asks of a kind of database. SQLite and PostgreSQL answer it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from infra.errors import Corrupt, TrawlError, Unavailable

Target = Path | str
"""A file of SQLite, or the address of a PostgreSQL database."""
MENDING = "restore a backup, or move it away: recordings are kept beside it"


class Busy(Unavailable):
    """Others wrote for longer than a transaction may wait for its turn."""


class Backend(Protocol):
    """One database: its connections, how writers take turns, how its errors read."""

    name: str
    """As a person may see it: no password."""
    engine: Engine

    def ready(self) -> None:
        """Make its place. Raises Unavailable where we could not write to it."""
        ...

    def looking(self) -> AbstractContextManager[Connection]:
        """A connection that changes nothing of a database of any schema."""
        ...

    def damage(self, connection: Connection) -> list[str]:
        """What is broken in it, one line each."""
        ...

    def begin_write(self, session: Session) -> None:
        """Wait for the turn to write; nobody else writes until the transaction ends."""
        ...

    def begin_read(self, session: Session) -> None:
        """From here on the transaction sees one moment."""
        ...

    def is_busy(self, error: DBAPIError) -> bool:
        """Whether waiting for the turn took too long."""
        ...

    def reason(self, error: DBAPIError) -> str:
        """What the database said, on one line, without a password."""
        ...


def backend_of(target: Target, busy_timeout_s: float) -> Backend:
    """The backend of a path or an address. Raises UsageError for an address of another kind."""
    if isinstance(target, Path):
        from infra.store.sqlite import Sqlite

        return Sqlite(target, busy_timeout_s)
    from infra.store.postgres import Postgres

    return Postgres(target, busy_timeout_s)


@contextmanager
def translated(backend: Backend) -> Iterator[None]:
    """Errors of the database's state become Busy, Unavailable or Corrupt; defects stay."""
    try:
        yield
    except DBAPIError as error:
        told = _told(backend, error)
        if told is None:
            raise
        raise told from error


def _told(backend: Backend, error: DBAPIError) -> TrawlError | None:
    name, reason = backend.name, backend.reason(error)
    if backend.is_busy(error):
        return Busy(f"{name} is busy: others write all the time", "try again", name)
    if is_damage(error):
        return Corrupt(f"{name} is damaged, or not a database: {reason}", MENDING, name)
    if isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated:
        hint = "make room on its disk" if "disk is full" in reason else "trawl db check"
        return Unavailable(f"{name} is not available: {reason}", hint, name)
    return None


def is_damage(error: DBAPIError) -> bool:
    """Whether the file is no database, or a broken one."""
    name = str(getattr(error.orig, "sqlite_errorname", ""))
    return name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT"))
