"""What a history must show, whatever happened to its hosts: one driver a machine, each step once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby, pairwise
from pathlib import Path

from envs.recording.reader import read
from infra.store import Store, events, leases
from infra.store.rows import Lease


def assert_one_driver(store: Store) -> None:
    """The leases of a machine follow each other, and so do their fences."""
    with store.read() as tx:
        every = leases.history(tx)
    assert every
    for _, of_one in groupby(every, key=lambda lease: lease.machine):
        for one, next_ in pairwise(of_one):
            assert one.released_ns is not None, (one, next_)
            assert one.released_ns <= next_.acquired_ns, (one, next_)
            assert one.fence < next_.fence, (one, next_)


def assert_driven_under_leases(store: Store, homes: Iterable[Path]) -> None:
    """What was recorded of a machine under one fence was over before the next began."""
    with store.read() as tx:
        by_recording: dict[str, Lease] = {lease.holder: lease for lease in leases.history(tx)}
    spans: dict[str, list[tuple[int, int, str]]] = {}
    for place in (place for home in homes for place in (home / "recordings").iterdir()):
        recording, lease = read(place), by_recording[place.name]
        assert recording.header.fence == lease.fence
        times = [recording.header.started_ns, *(step.t_commit_ns for step in recording.steps)]
        spans.setdefault(lease.machine, []).append((min(times), max(times), place.name))
    for of_one in spans.values():
        for one, next_ in pairwise(sorted(of_one)):
            assert one[1] <= next_[0], (one, next_)


def assert_steps_told_once(store: Store, run: str, episodes: int, steps: int) -> None:
    """Each step of each episode was told, and none of them twice."""
    with store.read() as tx:
        told = events.after(tx, 0, 100_000, subject=run, kind="step.committed")
    counted = Counter((event.payload["number"], event.payload["steps"]) for event in told)
    assert counted == Counter(
        {(number, step): 1 for number in range(episodes) for step in range(1, steps + 1)}
    )
