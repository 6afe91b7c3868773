"""From every schema there ever was to ours: what a database holds is kept, whatever happens to it.

A revision that is added is tested by being there.
"""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from sqlalchemy import Boolean, Engine, Integer, MetaData, Table, event, select
from sqlalchemy.orm import Session
from sqlalchemy.types import JSON

from infra.errors import Unavailable
from infra.store import Store, care, migrations, schema
from infra.store.backend import backend_of

Open = Callable[..., Store]
Rows = dict[str, list[dict[str, Any]]]
HEAD: Final = schema.REVISIONS[-1]
CHANGES: Final = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE")


def made_at(target: Path | str, revision: str) -> None:
    """A database as that revision left it, with two rows in each table."""
    backend = backend_of(target, 5.0)
    backend.ready()
    scripts = migrations.scripts()
    steps = lambda now, _: scripts._upgrade_revs(revision, now)
    with Session(backend.engine) as session:
        backend.begin_write(session)
        with EnvironmentContext(Config(), scripts, fn=steps) as environment:
            environment.configure(connection=session.connection())
            environment.run_migrations()
        found = MetaData()
        found.reflect(session.connection())
        for table in found.sorted_tables:
            if table.name != schema.VERSION.name:
                session.execute(table.insert(), [row(table, 1), row(table, 2)])
        session.commit()
    backend.engine.dispose()


def row(table: Table, number: int) -> dict[str, Any]:
    """A value of each column's type; a reference leads to the row of that number."""
    return {column.name: value(column, number) for column in table.columns}


def value(column: Any, number: int) -> Any:
    if column.foreign_keys:
        (key,) = column.foreign_keys
        return value(key.column, number)
    if column.nullable and number == 1:
        return None
    if isinstance(column.type, JSON):
        return {"kept": [number, "ä\u2028"]}
    if isinstance(column.type, Boolean):
        return number == 2
    if isinstance(column.type, Integer):
        return number if column.primary_key else (1 << 40) + number
    return f"{column.table.name}.{column.name} {number} ä'\""


def held(target: Path | str) -> Rows:
    """Every row of every table but the revision's."""
    backend = backend_of(target, 5.0)
    with backend.looking() as connection:
        found = MetaData()
        found.reflect(connection)
        rows = {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in found.sorted_tables
            if table.name != schema.VERSION.name
        }
    backend.engine.dispose()
    return rows


def kept(old: Rows, new: Rows) -> Rows:
    """What is left in `new` of the tables and columns of `old`, in the same order."""
    key = lambda row: sorted(map(repr, row.items()))
    return {
        name: sorted(({c: row[c] for c in rows[0] if c in row} for row in new[name]), key=key)
        for name, rows in old.items()
        if name in new
    }


def dies_at(target: Path | str, change: int) -> bool:
    """Whether an upgrade that is killed before its change of that number came so far."""
    child = os.fork()
    if child == 0:
        changes = 0

        def count(_: Any, __: Any, statement: str, *___: Any) -> None:
            nonlocal changes
            changes += statement.lstrip().upper().startswith(CHANGES)
            if changes == change:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "before_cursor_execute", count)
        event.listen(Engine, "commit", lambda _: count(None, None, "UPDATE"))
        try:
            care.upgrade(target)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.fixture
def fresh(request: pytest.FixtureRequest, target: Path | str, tmp_path: Path) -> Path | str:
    """A database of the same kind that was made by today's tables."""
    path = tmp_path / "fresh" / "trawl.db"
    made = path if isinstance(target, Path) else request.getfixturevalue("database")()
    Store(made).close()
    return made


def columns(target: Path | str) -> dict[str, object]:
    """Each table's columns, references and indexes, whatever order they were added in."""
    backend = backend_of(target, 5.0)
    with backend.looking() as connection:
        found = MetaData()
        found.reflect(connection)
        told: dict[str, object] = {
            table.name: (
                sorted(
                    (
                        c.name,
                        str(c.type),
                        c.nullable,
                        c.primary_key,
                        str(sorted(map(str, c.foreign_keys))),
                    )
                    for c in table.columns
                ),
                sorted(
                    (i.name or "", i.unique, str(sorted(c.name for c in i.columns)))
                    for i in table.indexes
                ),
            )
            for table in found.sorted_tables
        }
    backend.engine.dispose()
    return told


@pytest.mark.parametrize("revision", schema.REVISIONS)
def test_what_any_older_schema_holds_is_kept_and_the_schema_is_a_new_ones(
    target: Path | str, fresh: Path | str, revision: str, opened: Open
) -> None:
    made_at(target, revision)
    before = held(target)
    assert set(map(len, before.values())) == {2}
    assert care.upgrade(target) == (revision, HEAD)
    after = held(target)
    assert before.keys() <= after.keys()
    assert kept(before, after) == kept(before, before)
    assert columns(target) == columns(fresh)
    health = care.check(target)
    assert (health.revision, health.problems) == (HEAD, ())
    opened(target)


@pytest.mark.parametrize("revision", schema.REVISIONS[:-1] or schema.REVISIONS)
def test_an_older_schema_is_refused_untouched_and_can_be_copied_first(
    target: Path | str, tmp_path: Path, revision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_at(target, revision)
    if revision == HEAD:  # there is none older yet: ours is, to a Trawl that comes after
        monkeypatch.setattr(schema, "REVISIONS", (*schema.REVISIONS, "9999"))
    before = held(target)
    with pytest.raises(Unavailable, match=f"older Trawl .schema {revision}") as refused:
        Store(target)
    assert refused.value.hint == "trawl db backup FILE, then trawl db upgrade"
    assert held(target) == before
    if isinstance(target, Path):
        care.backup(target, tmp_path / "copy.db")
        assert held(tmp_path / "copy.db") == before
        assert care.check(tmp_path / "copy.db").revision == revision


@pytest.mark.parametrize("revision", ["base", *schema.REVISIONS[:-1]])
def test_an_upgrade_that_is_killed_at_any_change_has_changed_nothing_and_is_done_again(
    target: Path | str, fresh: Path | str, revision: str
) -> None:
    made_at(target, revision)
    before, change = held(target), 1
    while dies_at(target, change):
        assert held(target) == before
        change += 1
    assert change > 1
    assert kept(before, held(target)) == kept(before, before)
    assert columns(target) == columns(fresh)
    assert care.check(target).problems == ()


def test_a_killed_upgrade_leaves_no_journal_that_a_copy_would_miss(tmp_path: Path) -> None:
    path = tmp_path / "trawl.db"
    made_at(path, HEAD)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("DROP TABLE alembic_version")
    assert dies_at(path, 1)
    care.backup(path, tmp_path / "copy.db")
    assert held(tmp_path / "copy.db") == held(path)
    assert care.upgrade(path) == ("", HEAD)
