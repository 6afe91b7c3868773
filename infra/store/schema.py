"""Which schema a database has, and whether we may use it.

The revisions are named here as well as in `migrations`, so that opening a database that is up to
date reads one row and loads no Alembic. A database that we may not use is never written to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    inspect,
    select,
)

from infra.errors import Unavailable
from infra.store.models import Base

REVISIONS: Final = ("0001", "0002", "0003", "0004")
"""Every revision of `migrations`, oldest first."""
VERSION: Final = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Alembic's own table, made as Alembic makes it."""
State = Literal["empty", "current", "older", "newer"]


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at a database showed: its tables, and its revision where it has one."""

    tables: frozenset[str]
    revision: str

    @property
    def state(self) -> State:
        """Tables of ours without a revision are older than the first of them."""
        if self.revision == REVISIONS[-1]:
            return "current"
        if not self.revision and not self.tables & Base.metadata.tables.keys():
            return "empty"
        return "older" if self.revision in ("", *REVISIONS) else "newer"


def look(connection: Connection) -> Found:
    """What is there; changes nothing."""
    tables = frozenset(inspect(connection).get_table_names())
    numbered = VERSION.name in tables
    revision = connection.scalar(select(VERSION.c.version_num)) if numbered else None
    return Found(tables, revision or "")


def admit(found: Found, name: str) -> None:
    """Raise Unavailable unless the database `name` is empty or has our schema."""
    has, ours = found.revision or "without a number", REVISIONS[-1]
    if found.state == "newer":
        raise Unavailable(
            f"{name} was written by a newer Trawl (schema {has}, ours {ours})",
            "upgrade Trawl, or set TRAWL_HOME to another directory",
            name,
        )
    if found.state == "older":
        raise Unavailable(
            f"{name} was written by an older Trawl (schema {has}, ours {ours})",
            "trawl db backup FILE, then trawl db upgrade",
            name,
        )


def make(connection: Connection) -> None:
    """Make every table of an empty database, and say which revision they are of."""
    Base.metadata.create_all(connection, checkfirst=False)
    number(connection)


def number(connection: Connection, revision: str = REVISIONS[-1]) -> None:
    """Say which revision the tables are of."""
    VERSION.metadata.create_all(connection)
    connection.execute(VERSION.insert().values(version_num=revision))
