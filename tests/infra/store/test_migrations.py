"""The revisions make what the models say; a database made before them is taken over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from infra.errors import NotFound, Unavailable
from infra.store import Store, care, events, migrations, published, schema
from infra.store.backend import backend_of

Open = Callable[..., Store]
INDEXES = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'index' ORDER BY 1, 2",
    "postgresql": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
}
LIVE = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE name = 'one_live_lease'",
    "postgresql": "SELECT indexdef FROM pg_indexes WHERE indexname = 'one_live_lease'",
}


@pytest.fixture
def other(request: pytest.FixtureRequest, target: Path | str, tmp_path: Path) -> Path | str:
    """A second database of the same kind that is there and empty."""
    if isinstance(target, Path):
        (tmp_path / "other.db").touch()
        return tmp_path / "other.db"
    address: str = request.getfixturevalue("database")()
    return address


def described(target: Path | str) -> dict[str, object]:
    """How the tables differ from the models, and the indexes as the database keeps them."""
    backend = backend_of(target, 5.0)
    with backend.looking() as connection:
        kind = connection.dialect.name
        told = {
            "differences": migrations.differences(connection),
            "found": schema.look(connection),
            "indexes": connection.execute(text(INDEXES[kind])).all(),
            "live": connection.scalar(text(LIVE[kind])),
        }
    backend.engine.dispose()
    return told


def test_the_revisions_are_the_ones_that_are_named() -> None:
    walked = [script.revision for script in migrations.scripts().walk_revisions()]
    assert tuple(reversed(walked)) == schema.REVISIONS


def test_the_revisions_make_the_tables_of_the_models(other: Path | str) -> None:
    assert care.upgrade(other) == ("", schema.REVISIONS[-1])
    assert described(other)["differences"] == []


def test_migrated_and_newly_made_databases_are_the_same(
    store: Store, target: Path | str, other: Path | str
) -> None:
    care.upgrade(other)
    assert described(other) == described(target)
    assert "released_ns is null" in str(described(target)["live"]).lower()


def test_an_upgraded_database_is_opened(other: Path | str, opened: Open) -> None:
    care.upgrade(other)
    with opened(other).write() as tx:
        events.add(tx, 1, "made", "it")


def test_tables_from_before_the_revisions_are_taken_over_with_what_they_hold(
    store: Store, target: Path | str, opened: Open
) -> None:
    with store.write() as tx:
        events.add(tx, 1, "kept", "it")
        tx.execute(text("DROP TABLE alembic_version"))
    store.close()
    assert care.upgrade(target) == ("", schema.REVISIONS[-1])
    with opened(target).read() as tx:
        assert [e.kind for e in events.after(tx, 0)] == ["kept"]


def back_to_the_first(store: Store, *, numbered: bool) -> None:
    """The database as the first revision made it, with one event."""
    with store.write() as tx:
        events.add(tx, 1, "kept", "it")
        for what in ("TABLE published", "TABLE storages", "TABLE verdicts",
                     "INDEX ix_events_kind", "INDEX ix_events_at_ns",
                     "INDEX ix_episodes_status", "INDEX ix_episodes_machine"):  # fmt: skip
            tx.execute(text(f"DROP {what}"))
        if numbered:
            tx.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        else:
            tx.execute(text("DROP TABLE alembic_version"))
    store.close()


@pytest.mark.parametrize("numbered", [True, False])
def test_the_first_schema_is_brought_to_ours_and_keeps_what_it_holds(
    store: Store, target: Path | str, opened: Open, numbered: bool
) -> None:
    before = described(target)
    back_to_the_first(store, numbered=numbered)
    with pytest.raises(Unavailable, match="older Trawl"):
        opened(target)
    assert care.upgrade(target)[1] == schema.REVISIONS[-1]
    assert described(target) == before
    with opened(target).write() as tx:
        assert [e.kind for e in events.after(tx, 0)] == ["kept"]
        published.place(tx, "file:///srv/x", "st-1")


def test_tables_that_are_not_ours_are_refused_and_left(store: Store, target: Path | str) -> None:
    with store.write() as tx:
        tx.execute(text("DROP TABLE alembic_version"))
        tx.execute(text("ALTER TABLE pools DROP COLUMN image"))
    store.close()
    before = described(target)
    with pytest.raises(Unavailable, match="no revision of ours made") as caught:
        care.upgrade(target)
    assert "image" in str(caught.value)
    assert described(target) == before


def test_upgrading_twice_changes_nothing(store: Store, target: Path | str) -> None:
    store.close()
    assert care.upgrade(target) == (schema.REVISIONS[-1], schema.REVISIONS[-1])


def test_a_newer_database_is_not_upgraded(store: Store, target: Path | str) -> None:
    with store.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(Unavailable, match="newer Trawl"):
        care.upgrade(target)


def test_upgrading_makes_no_database(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no database"):
        care.upgrade(tmp_path / "trawl.db")
    assert list(tmp_path.iterdir()) == []
