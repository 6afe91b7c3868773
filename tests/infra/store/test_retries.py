"""An ended run's episodes that did not complete are worked off once more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.errors import Conflict, NotFound
from infra.store import Store, retries, runs
from infra.store.engine import Tx
from infra.store.rows import EpisodeStatus, Run

ENDS: tuple[EpisodeStatus, ...] = ("completed", "failed", "infra_lost", "interrupted", "tainted")


@pytest.fixture
def tx(tmp_path: Path) -> Iterator[Tx]:
    with Store(tmp_path / "trawl.db") as store, store.write() as tx:
        runs.submit(tx, Run("run-1", "p", "walk", len(ENDS), 5, 0, "queued", 1, None))
        yield tx


def work_off(tx: Tx, ends: tuple[EpisodeStatus, ...]) -> None:
    for number, status in enumerate(ends):
        claimed = runs.claim(tx, ["p"], f"ep-{number}", 2)
        assert claimed is not None
        runs.end(tx, claimed, status, "", 3)
        while (
            status == "infra_lost" and runs.episodes(tx, "run-1")[claimed.number].status != status
        ):
            claimed = runs.claim(tx, ["p"], f"ep-{number}", 2)
            assert claimed is not None
            runs.end(tx, claimed, status, "", 3)


def test_what_did_not_complete_is_queued_again_and_the_rest_stays(tx: Tx) -> None:
    work_off(tx, ENDS)
    assert retries.retry(tx, "run-1", 4) == 3
    assert [(e.status, e.attempts) for e in runs.episodes(tx, "run-1")] == [
        ("completed", 1), ("queued", 0), ("queued", 0), ("queued", 0), ("tainted", 1),
    ]  # fmt: skip
    work_off(tx, ("completed", "completed", "completed"))
    assert runs.get(tx, "run-1").status == "completed"


def test_a_run_that_goes_on_is_not_retried(tx: Tx) -> None:
    with pytest.raises(Conflict, match="goes on"):
        retries.retry(tx, "run-1", 4)


def test_a_run_with_nothing_left_to_do_stays_ended(tx: Tx) -> None:
    work_off(tx, ("completed",) * len(ENDS))
    before = runs.get(tx, "run-1")
    assert retries.retry(tx, "run-1", 4) == 0
    assert runs.get(tx, "run-1") == before


def test_a_run_that_nobody_submitted_is_not_found(tx: Tx) -> None:
    with pytest.raises(NotFound, match="run-2"):
        retries.retry(tx, "run-2", 4)
