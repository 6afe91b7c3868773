"""Opening a store and running transactions on it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from infra.files import commit_point
from infra.settings import Settings
from infra.store import schema
from infra.store.backend import Busy, Target, backend_of, translated

BUSY_TIMEOUT_S: Final = 20.0
"""A writer waits so long for its turn."""
Tx = Session


class Store:
    """One database: a file of SQLite for a path, PostgreSQL for an address; safe between threads.

    Raises UsageError for an address that is none, Corrupt, and Unavailable for a database that is
    away, read-only, or of another schema. `gave_up` is called where a transaction waits in vain.
    """

    def __init__(
        self,
        target: Target,
        *,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
        gave_up: Callable[[], object] = lambda: None,
    ) -> None:
        self._backend = backend_of(target, busy_timeout_s)
        self._timeout_s, self._gave_up = busy_timeout_s, gave_up
        self._turn, self._counting = threading.Lock(), threading.Lock()
        self.name = self._backend.name
        self.busy = 0
        """Transactions that gave up because others wrote all the time."""
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def __repr__(self) -> str:
        return f"Store({self.name!r})"

    def close(self) -> None:
        """Let go of the connections that are kept; the store can still be used."""
        self._backend.engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _prepare(self) -> None:
        """See what is there; make the tables of an empty database, unless others are first."""
        with translated(self._backend):
            self._backend.ready()
            with self._backend.looking() as connection:
                found = schema.look(connection)
            schema.admit(found, self.name)
        if found.state == "current":
            return
        with self.write() as tx:
            connection = tx.connection()
            if schema.look(connection).state == "empty":
                schema.make(connection)

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """A transaction that may write: nobody else writes from its first moment to its end.

        Raises Unavailable where its turn does not come in time. Threads of this process queue
        for it here: a lock hands the turn on at once, where the database would be asked again
        and again.
        """
        if not self._turn.acquire(timeout=self._timeout_s):
            self._count()
            raise Busy(f"{self.name} is busy: threads of ours write all the time", "try again")
        try:
            with self._session() as session:
                self._backend.begin_write(session)
                yield session
                commit_point()
                session.commit()
                commit_point()
        finally:
            self._turn.release()

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that sees one moment of the database and changes nothing."""
        with self._session() as session:
            self._backend.begin_read(session)
            yield session
            session.commit()

    @contextmanager
    def _session(self) -> Iterator[Session]:
        """A session that is rolled back unless it was committed, its errors in our words."""
        try:
            with (
                translated(self._backend),
                Session(self._backend.engine, expire_on_commit=False) as session,
            ):
                try:
                    yield session
                except BaseException as error:
                    if (word := _word_to_stop(error)) is not None:
                        session.invalidate()  # cut in a query's midst: it is of no more use
                        raise word from None
                    raise
        except NoConnection as error:
            self._count()
            raise Busy(f"{self.name} is busy: every connection is in use", "try again") from error
        except Busy:
            self._count()
            raise

    def _count(self) -> None:
        with self._counting:
            self.busy += 1
            self._gave_up()


def _word_to_stop(error: BaseException | None) -> BaseException | None:
    """What was told to end while this was raised: a driver's clean-up may fail in its place."""
    if isinstance(error, Exception) and not isinstance(error, SQLAlchemyError):
        return None
    while error is not None and isinstance(error, Exception):
        error = error.__context__
    return error


def target_of(settings: Settings) -> Target:
    """Which database the settings name: `database`, else the file in TRAWL_HOME."""
    return settings.database.get_secret_value() or settings.home / "trawl.db"


def is_there(settings: Settings) -> bool:
    """Whether a database was made already; one of a server's is taken to be there."""
    target = target_of(settings)
    return not isinstance(target, Path) or target.exists()


def open_store(settings: Settings, gave_up: Callable[[], object] = lambda: None) -> Store:
    """The store that the settings name. Raises as Store does."""
    return Store(target_of(settings), gave_up=gave_up)
