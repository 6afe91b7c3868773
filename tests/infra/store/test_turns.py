"""Writers take turns, between threads and between processes, and wait no longer than they may."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from infra.errors import Unavailable
from infra.store import Store, events
from tests.house.source import ROOT

HOLD = """
import sys
from pathlib import Path
from infra.store import Store, events
target = sys.argv[1]
store = Store(Path(target) if target.startswith("/") else target)
with store.write() as tx:
    events.add(tx, 1, "held", "by another")
    tx.flush()
    print("held", flush=True)
    sys.stdin.readline()
"""
COUNT = """
import sys
from pathlib import Path
from sqlalchemy import text
from infra.store import Store, events
target = sys.argv[1]
store = Store(Path(target) if target.startswith("/") else target)
for _ in range(40):
    with store.write() as tx:
        events.add(tx, events.last_id(tx), "counted", "it")
"""


@contextmanager
def held_by_another(target: Path | str) -> Iterator[subprocess.Popen[str]]:
    """Another process that is in a transaction which has written."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(target)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder
        holder.kill()


def add(store: Store, subject: str) -> None:
    with store.write() as tx:
        events.add(tx, 1, "made", subject)


def subjects(store: Store) -> list[str]:
    with store.read() as tx:
        return [e.subject for e in events.after(tx, 0)]


def test_who_waits_longer_than_it_may_is_told_that_the_database_is_busy(
    target: Path | str, opened: Callable[..., Store]
) -> None:
    store = opened(target, busy_timeout_s=0.2)
    with held_by_another(target):
        with pytest.raises(Unavailable, match="is busy"):
            add(store, "refused")
        assert store.busy == 1
        assert subjects(store) == []  # readers are not in anybody's way
    add(store, "afterwards")
    assert (subjects(store)[-1], store.busy) == ("afterwards", 1)


def test_who_waits_gets_its_turn_when_the_other_ends(store: Store, target: Path | str) -> None:
    with held_by_another(target) as holder:
        waiting = [threading.Thread(target=add, args=(store, f"w-{n}")) for n in range(3)]
        for thread in waiting:
            thread.start()
        assert holder.stdin is not None
        holder.stdin.write("\n")
        holder.stdin.flush()
        for thread in waiting:
            thread.join()
    assert subjects(store)[0] == "by another"
    assert set(subjects(store)[1:]) == {"w-0", "w-1", "w-2"}
    assert store.busy == 0


def test_a_killed_writer_leaves_nothing_and_frees_its_turn(
    store: Store, target: Path | str
) -> None:
    with held_by_another(target) as holder:
        holder.kill()
        add(store, "next")
    assert subjects(store) == ["next"]


def test_processes_that_write_at_once_lose_no_update(store: Store, target: Path | str) -> None:
    command = [sys.executable, "-c", COUNT, str(target)]
    writers = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    with store.read() as tx:  # each wrote down the number of the event before its own
        assert [e.at_ns for e in events.after(tx, 0)] == [e.id - 1 for e in events.after(tx, 0)]
        assert events.last_id(tx) == 120


def test_processes_that_open_an_empty_database_at_once_make_it_once(
    target: Path | str, opened: Callable[..., Store]
) -> None:
    command = [sys.executable, "-c", COUNT.replace("range(40)", "range(1)"), str(target)]
    openers = [subprocess.Popen(command, cwd=ROOT) for _ in range(4)]
    assert [opener.wait(120) for opener in openers] == [0, 0, 0, 0]
    assert len(subjects(opened(target))) == 4


def test_a_thread_that_holds_the_turn_too_long_is_busy_too(
    target: Path | str, opened: Callable[..., Store]
) -> None:
    store = opened(target, busy_timeout_s=0.1)
    with store.write():
        raised: list[Exception] = []

        def other() -> None:
            try:
                add(store, "refused")
            except Unavailable as error:
                raised.append(error)

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert "is busy" in str(raised[0])
    assert (store.busy, subjects(store)) == (1, [])


def test_more_readers_than_connections_are_kept_read_at_once(store: Store) -> None:
    together = threading.Barrier(12)
    seen: list[int] = []

    def read() -> None:
        with store.read() as tx:
            together.wait(60)
            seen.append(events.last_id(tx))

    threads = [threading.Thread(target=read) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [0] * 12


def test_a_word_to_stop_in_a_query_s_midst_comes_through_and_the_next_reads_on(
    database: Callable[[], str], opened: Callable[..., Store]
) -> None:
    store = opened(database())

    def stopped() -> None:
        with store.read() as tx:
            driver = tx.connection().connection.driver_connection
            assert driver is not None
            driver.pgconn.send_query(b"SELECT pg_sleep(30)")
            raise KeyboardInterrupt

    def stopped_and_cleaned_up_after() -> None:
        with store.read() as tx:
            driver = tx.connection().connection.driver_connection
            assert driver is not None
            driver.pgconn.send_query(b"SELECT pg_sleep(30)")
            try:
                raise KeyboardInterrupt
            finally:
                tx.execute(text("SELECT 1"))  # as what cleans up asks, and is refused

    for stop in (stopped, stopped_and_cleaned_up_after):
        with pytest.raises(KeyboardInterrupt):
            stop()
        with store.read() as tx:
            assert events.last_id(tx) == 0
