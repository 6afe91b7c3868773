"""Events of a kind are found by it and by the first words of it, whatever else the log holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from infra.store import Store, events

KINDS = (
    "machine",
    "machine.state",
    "machine.stop",
    "machines",
    "machin",
    "run.end",
    "run",
    "r%n.x",
    "r_n.y",
)
SUBJECTS = ("a", "b")


@given(
    log=st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(SUBJECTS)), max_size=30),
    kind=st.sampled_from(("machine", "run", "r%n", "r_n", "machine.state", "none")),
    subject=st.sampled_from((None, "a")),
    most=st.integers(0, 12),
    place=st.integers(0, 31),
)
def test_what_is_found_is_what_a_reading_of_all_would_find(
    tmp_path_factory: pytest.TempPathFactory, log: list[tuple[str, str]], kind: str,
    subject: str | None, most: int, place: int,
) -> None:  # fmt: skip
    with Store(tmp_path_factory.mktemp("log") / "trawl.db") as store:
        with store.write() as tx:
            for said, about in log:
                events.add(tx, 1, said, about)
        meant = [
            (number, said) for number, (said, about) in enumerate(log, 1)
            if (said == kind or said.startswith(f"{kind}.")) and subject in (None, about)
        ]  # fmt: skip
        with store.read() as tx:
            later = events.after(tx, place, most, subject, kind)
            earlier = events.newest(tx, most, subject, kind, place)
            newest = events.newest(tx, most, subject, kind)
    assert [(e.id, e.kind) for e in later] == [m for m in meant if m[0] > place][:most]
    before = [m for m in meant if m[0] < place]
    assert [(e.id, e.kind) for e in earlier] == before[max(0, len(before) - most) :]
    assert [(e.id, e.kind) for e in newest] == meant[max(0, len(meant) - most) :]


def test_a_rare_kind_is_found_by_an_index_and_never_by_reading_the_log(tmp_path: Path) -> None:
    with Store(tmp_path / "trawl.db") as store:
        with store.write() as tx:
            for kind in KINDS:
                events.add(tx, 1, kind, "it")
        asked: list[tuple[str, object]] = []

        def listener(
            connection: object, cursor: object, said: str, values: object, *_: object
        ) -> None:
            asked.append((said, values))

        event.listen(store._backend.engine, "before_cursor_execute", listener)
        with store.read() as tx:
            events.newest(tx, 5, kind="run")
            events.after(tx, 0, 5, kind="run")
            event.remove(store._backend.engine, "before_cursor_execute", listener)
            plans = [
                step[3] for said, values in asked if said.startswith("SELECT")
                for step in tx.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", values)
            ]  # fmt: skip
    assert any("ix_events_kind" in step for step in plans)
    assert not [step for step in plans if step.startswith("SCAN events")]
