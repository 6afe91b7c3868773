"""Bringing a database from an older schema to ours, by Alembic.

`versions` has one module for each revision; `infra.store.schema.REVISIONS` names them in order.
Only what changes or compares a schema imports this package, since Alembic is slow to load.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from infra.errors import Unavailable
from infra.store import schema
from infra.store.models import Base
from infra.store.schema import Found

PLACE: Final = Path(__file__).parent


def scripts() -> ScriptDirectory:
    """Every revision of `versions`."""
    return ScriptDirectory(str(PLACE))


def upgrade(connection: Connection, found: Found, name: str) -> None:
    """Bring the database to the newest revision, in the connection's transaction.

    Raises Unavailable for tables that no revision made.
    """
    if found.state == "older" and not found.revision:
        _adopt(connection, name)
    else:
        _run(connection)


def _run(connection: Connection) -> None:
    """Every revision that the database does not have yet."""
    revisions = scripts()
    # what alembic.command.upgrade calls as well; a script to find the connection is not needed
    environment = EnvironmentContext(
        Config(),
        revisions,
        fn=lambda now, _: revisions._upgrade_revs("head", now),  # noqa: SLF001
    )
    with environment:
        environment.configure(connection=connection, target_metadata=Base.metadata)
        environment.run_migrations()


def differences(connection: Connection) -> list[str]:
    """How the database's tables differ from ours, one line each; empty where they agree."""
    context = MigrationContext.configure(connection)
    return [_line(found) for found in compare_metadata(context, Base.metadata)]


def _adopt(connection: Connection, name: str) -> None:
    """Number tables that were made before revisions were; they must be ours, of any revision."""
    found = differences(connection)
    if found and all(line.startswith(("add_table", "add_index")) for line in found):
        schema.number(connection, schema.REVISIONS[0])
        _run(connection)
        found = differences(connection)
    elif not found:
        schema.number(connection)
    if found:
        raise Unavailable(
            f"{name} has tables that no revision of ours made: {found[0]}",
            "move it away: a new one is made, and recordings are kept beside it",
            name,
        )


def _line(difference: Any) -> str:
    """Alembic's tuple of a difference, or the list of one column's, as words."""
    first = difference[0] if isinstance(difference, list) else difference
    return " ".join(str(part) for part in first if part is not None)
