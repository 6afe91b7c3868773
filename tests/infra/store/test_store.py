"""The database: durable, one writer at a time, one driver a machine, every transition an event."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy.exc import IntegrityError

from infra.errors import Conflict, NotFound
from infra.store import events, leases, machines, pools, runs
from infra.store.models import LeaseTable
from infra.store.rows import Machine, Pool, Run


def machine(uuid="u-1", observed="PARKED", pool="p"):
    return Machine(uuid, f"{pool}-{uuid}", pool, "fake", "", "RUNNING", observed,
                   "made", 1, None, 1, 0, 0, 0)  # fmt: skip


def added(store, **kwargs):
    with store.write() as tx:
        machines.add(tx, machine(**kwargs))
        return machine(**kwargs)


def a_run(store, episodes=2):
    with store.write() as tx:
        runs.submit(tx, Run("run-1", "p", "walk", episodes, 5, 0, "queued", 1, None))


def test_a_transition_names_the_generation_it_saw(store):
    first = added(store)
    with store.write() as tx:
        second = machines.move(tx, first, "READY", "it answered", 5)
    with pytest.raises(Conflict), store.write() as tx:
        machines.move(tx, first, "LOST", "seen too late", 6)
    with store.read() as tx:
        assert machines.get(tx, "u-1") == second
        states = [e.payload["state"] for e in events.after(tx, 0)]
    assert states == ["PARKED", "READY"]


def test_at_most_one_lease_is_live_and_fences_rise(store):
    added(store)
    with store.write() as tx:
        first = leases.acquire(tx, "l-1", "u-1", "ep-1", at_ns=1, until_ns=9)
    with pytest.raises(Conflict, match="ep-1"), store.write() as tx:
        leases.acquire(tx, "l-2", "u-1", "ep-2", at_ns=2, until_ns=9)
    with store.write() as tx:
        leases.release(tx, "u-1", 3, "done")
        second = leases.acquire(tx, "l-3", "u-1", "ep-3", at_ns=4, until_ns=9)
    assert second.fence > first.fence
    with pytest.raises(Conflict), store.write() as tx:
        leases.renew(tx, first, 99)


def test_the_database_itself_refuses_a_second_live_lease(store):
    added(store)
    with store.write() as tx:
        leases.acquire(tx, "l-1", "u-1", "ep-1", at_ns=1, until_ns=9)
    with (
        pytest.raises(IntegrityError, match=r"leases\.machine|one_live_lease"),
        store.write() as tx,
    ):
        tx.add(LeaseTable(id="l-9", machine="u-1", holder="x", fence=9, acquired_ns=1,
                          until_ns=9, released_ns=None))  # fmt: skip


def test_two_writers_queue_and_no_update_is_lost(store):
    added(store)

    def count():
        for _ in range(20):
            with store.write() as tx:
                now = machines.get(tx, "u-1")
                machines.move(tx, now, "PARKED", "again", now.since_ns + 1)

    threads = [threading.Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as tx:
        assert machines.get(tx, "u-1").generation == 60


def test_an_episode_is_claimed_once_and_a_run_ends_with_its_last(store):
    a_run(store)
    with store.write() as tx:
        one, two = runs.claim(tx, ["p"], "ep-1", 2), runs.claim(tx, ["p"], "ep-2", 2)
        assert runs.claim(tx, ["p"], "ep-3", 2) is None
        assert (one.number, two.number) == (0, 1)
        runs.end(tx, one, "completed", "", 3)
        assert runs.get(tx, "run-1").status == "running"
        runs.end(tx, two, "completed", "", 4)
        assert runs.get(tx, "run-1").status == "completed"


def test_an_episode_whose_machine_was_lost_is_queued_again_three_times(store):
    a_run(store, episodes=1)
    for attempt in (1, 2, 3):
        with store.write() as tx:
            episode = runs.claim(tx, ["p"], f"ep-{attempt}", 2)
            assert episode is not None, attempt
            runs.end(tx, episode, "infra_lost", "gone", 3)
    with store.read() as tx:
        assert runs.get(tx, "run-1").status == "failed"
        assert runs.episodes(tx, "run-1")[0].status == "infra_lost"


def test_an_attempt_that_was_given_up_cannot_end_the_one_that_took_its_place(store):
    a_run(store, episodes=1)
    with store.write() as tx:
        late = runs.claim(tx, ["p"], "ep-1", 2)
        runs.end(tx, late, "infra_lost", "its host is silent", 3)
        again = runs.claim(tx, ["p"], "ep-2", 4)
        runs.end(tx, late, "completed", "", 5)
        assert runs.episodes(tx, "run-1")[0].status == "running"
        runs.end(tx, again, "completed", "", 6)
        runs.end(tx, late, "infra_lost", "", 7)
    with store.read() as tx:
        (episode,) = runs.episodes(tx, "run-1")
    assert (episode.status, episode.recording, episode.ended_ns) == ("completed", "ep-2", 6)


def test_a_cancelled_run_ends_when_its_running_episodes_do(store):
    a_run(store)
    with store.write() as tx:
        episode = runs.claim(tx, ["p"], "ep-1", 2)
        runs.cancel(tx, "run-1", 3)
        assert runs.get(tx, "run-1").status == "cancelling"
        runs.end(tx, episode, "interrupted", "cancelled", 4)
        assert runs.get(tx, "run-1").status == "cancelled"


def test_unknown_names_offer_the_nearest(store):
    added(store)
    a_run(store)
    with store.read() as tx:
        with pytest.raises(NotFound, match="p-u-1"):
            machines.get(tx, "p-u-2")
        with pytest.raises(NotFound, match="run-1"):
            runs.get(tx, "run-2")


def test_a_failed_transaction_leaves_nothing(store):
    def half():
        with store.write() as tx:
            pools.want(tx, [Pool("p", "fake", "", 1)], 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    with store.read() as tx:
        assert pools.listed(tx) == []
        assert events.last_id(tx) == 0


def test_a_reader_sees_one_moment_however_much_is_written_meanwhile(store):
    added(store)
    with store.read() as tx:
        assert machines.get(tx, "u-1").generation == 0
        with store.write() as other:
            machines.move(other, machine(), "READY", "it answered", 5)
        tx.expire_all()
        assert machines.get(tx, "u-1").generation == 0
    with store.read() as tx:
        assert machines.get(tx, "u-1").generation == 1


def test_events_are_numbered_in_the_order_of_their_commits(store):
    seen: list[int] = []
    ended = threading.Event()

    def write(name):
        for number in range(25):
            with store.write() as tx:
                events.add(tx, number, "made", name)

    def follow():
        while True:
            last = ended.is_set()
            with store.read() as tx:
                seen.extend(e.id for e in events.after(tx, seen[-1] if seen else 0))
            if last:
                return

    writers = [threading.Thread(target=write, args=(f"w-{n}",)) for n in range(3)]
    follower = threading.Thread(target=follow)
    for thread in (*writers, follower):
        thread.start()
    for thread in writers:
        thread.join()
    ended.set()
    follower.join()
    with store.read() as tx:
        every = [e.id for e in events.after(tx, 0)]
    assert seen == every
    assert len(every) == 75


def test_a_reason_may_hold_any_character(store):
    with store.write() as tx:
        events.add(tx, 1, "made", "it", "a\0b\x1b", title="c\0d")
    with store.read() as tx:
        (event,) = events.after(tx, 0)
        assert event.reason in {"a\0b\x1b", "a\ufffdb\x1b"}
        assert event.payload == {"title": "c\0d"}
