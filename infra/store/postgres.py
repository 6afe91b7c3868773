"""PostgreSQL: the same tables for several hosts, with the turns of SQLite's single writer.

Every writer first takes one advisory lock that its transaction holds to the end. So writers are
serial, see all that was committed before them, and number events in the order of their commits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from infra.errors import Unavailable, UsageError

DRIVER: Final = "postgresql+psycopg"
TURN: Final = text("SELECT pg_advisory_xact_lock(500152823916)")  # 'trawl' as a number
KEPT_CONNECTIONS: Final = 8
MORE_CONNECTIONS: Final = 24
CONNECT_S: Final = 5
IDLE_S: Final = 60
"""A transaction whose process neither works nor dies loses its turn after so long."""
GONE_AFTER: Final = {"keepalives_idle": 4, "keepalives_interval": 2, "keepalives_count": 3}
"""A peer that nothing was heard of for ten seconds is gone, at both ends of the wire: a host that
is cut off asks again, and the server hands on the turn that it held."""
UNHEARD_MS: Final = 10_000
ONE_MOMENT: Final = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
NEVER_SHOWN: Final = "***"


class Postgres:
    """A database of a PostgreSQL server; nothing is opened before it is used."""

    def __init__(self, address: str, busy_timeout_s: float) -> None:
        url = _parsed(address)
        self.name = f"postgresql://{url.username or ''}@{url.host or ''}/{url.database or ''}"
        self._secrets = tuple(filter(None, (url.password, *_hidden(url.query))))
        try:
            self.engine = create_engine(
                url,
                connect_args=_session(busy_timeout_s),
                pool_size=KEPT_CONNECTIONS,
                max_overflow=MORE_CONNECTIONS,
                pool_timeout=busy_timeout_s,
                pool_pre_ping=True,
            )
        except ModuleNotFoundError as error:
            raise Unavailable(
                "the driver of PostgreSQL is not installed", "uv tool install '.[scale]'"
            ) from error

    def ready(self) -> None:
        """Raises Unavailable where the server takes no writes."""
        with self.engine.connect() as connection:
            if connection.scalar(text("SHOW transaction_read_only")) == "on":
                raise Unavailable(
                    f"{self.name} is read-only", "name the server that takes writes", self.name
                )

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """A connection whose transaction cannot write."""
        with self.engine.connect().execution_options(**ONE_MOMENT) as connection:
            yield connection

    def damage(self, connection: Connection) -> list[str]:
        """Nothing: the server checks its pages itself, and `rows` reads every table."""
        del connection
        return []

    def begin_write(self, session: Session) -> None:
        """Take the turn; what others committed before is seen by the next statement."""
        session.execute(TURN)

    def begin_read(self, session: Session) -> None:
        """The first statement fixes what the transaction sees."""
        session.connection(execution_options=ONE_MOMENT)

    def is_busy(self, error: DBAPIError) -> bool:
        """Whether the advisory lock did not come free in time (lock_not_available)."""
        return getattr(error.orig, "sqlstate", "") == "55P03"

    def reason(self, error: DBAPIError) -> str:
        """The server's own words, without what logs us in."""
        said = " ".join(str(error.orig).split())
        for secret in self._secrets:
            said = said.replace(secret, NEVER_SHOWN)
        return said


def _session(busy_timeout_s: float) -> dict[str, Any]:
    """What every connection asks of the server."""
    settings = {
        "lock_timeout": round(busy_timeout_s * 1000),
        "idle_in_transaction_session_timeout": IDLE_S * 1000,
        "tcp_user_timeout": UNHEARD_MS,
        **{f"tcp_{name}": value for name, value in GONE_AFTER.items()},
    }
    return {
        **GONE_AFTER,
        "tcp_user_timeout": UNHEARD_MS,
        "connect_timeout": CONNECT_S,
        "application_name": "trawl",
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
    }


def _parsed(address: str) -> URL:
    """The address's parts. Raises UsageError, which repeats nothing of a text it cannot read."""
    try:
        url = make_url(address)
    except Exception:  # noqa: BLE001 - whatever it says may hold a part of the password
        url = None
    # An unescaped @ or / of a password moves the rest of it into the host or the name.
    torn = url is None or "@" in f"{url.host}{url.database}"
    if url is None or torn or url.drivername not in {DRIVER, "postgresql"}:
        raise UsageError(
            "the address of the database is not one of PostgreSQL",
            f"TRAWL_DATABASE={DRIVER}://user:password@host/name, special characters as %XX",
            "database",
        ) from None
    return url.set(drivername=DRIVER)


def _hidden(query: Mapping[str, Any]) -> list[str]:
    """Passwords that stand among an address's options."""
    return [str(value) for key, value in query.items() if "password" in key]
