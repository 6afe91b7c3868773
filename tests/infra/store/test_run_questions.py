"""What a run's page asks: how episodes ended, which recordings are newest, when steps were committed."""

from __future__ import annotations

import pytest

from infra.store import Store, events, runs
from infra.store.rows import Run


@pytest.fixture
def asked(store: Store) -> Store:
    """Two runs; of the first two episodes failed alike, one completed, one waits."""
    with store.write() as tx:
        for at_ns, (name, count) in enumerate((("run-1", 4), ("run-2", 1))):
            runs.submit(tx, Run(name, "pool", "walk", count, 5, 0, "queued", at_ns, None))
        for number, status in enumerate(("failed", "completed", "failed")):
            episode = runs.claim(tx, ["pool"], f"ep-{number}", 10 + number)
            assert episode is not None
            runs.step(tx, episode, 2, 20 + number, "click")
            runs.end(tx, episode, status, "it broke" if status == "failed" else "", 30)  # type: ignore[arg-type]
        events.add(tx, 40, "run.enough", "run-1", "first")
        events.add(tx, 41, "run.enough", "run-2", "other")
        events.add(tx, 42, "run.enough", "run-1", "last")
    return store


def test_episodes_and_steps_are_counted_by_status(asked: Store) -> None:
    with asked.read() as tx:
        found = runs.tallies(tx, ["run-1", "run-2", "none"])
    assert found["run-1"] == {"completed": (1, 2), "failed": (2, 4), "queued": (1, 0)}
    assert found["run-2"] == {"queued": (1, 0)}
    assert "none" not in found


def test_failures_are_told_by_kind_with_the_newest_of_each(asked: Store) -> None:
    with asked.read() as tx:
        assert runs.failures(tx, "run-1") == [("failed", "it broke", 2, "ep-2")]
        assert runs.failures(tx, "run-2") == []


def test_the_last_recordings_and_some_episodes_come_in_order(asked: Store) -> None:
    with asked.read() as tx:
        assert runs.newest_recordings(tx, "run-1", 2) == ["ep-1", "ep-2"]
        some = runs.listed_episodes(tx, "run-1", 2, after=1)
    assert [episode.number for episode in some] == [1, 2]


def test_a_rare_event_is_found_by_its_kind_and_steps_by_their_time(asked: Store) -> None:
    with asked.read() as tx:
        last = events.last_of(tx, "run.enough", "run-1")
        assert last is not None
        assert last.reason == "last"
        assert events.last_of(tx, "run.enough", "run-9") is None
        assert events.times(tx, "run-1", "step.committed", 2) == [21, 22]
