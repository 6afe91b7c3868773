"""What operators order of single machines, carried out by the real reconciler."""

from __future__ import annotations

import typing

import pytest

from collector.fleet import orders
from collector.fleet.deadlines import LIVE, SIGN_TTL_S, S, shown
from collector.fleet.recycle import HOUR_NS
from infra.errors import Conflict, InfraLost, NotFound
from infra.store import events, machines, pools
from infra.store.rows import Observed, Pool
from tests.collector.fleet.test_fleet import House


@pytest.fixture
def house(tmp_path):
    return House(tmp_path / "trawl.db")


def give(house, order, *names, reason=""):
    with house.store.write() as tx:
        return orders.give(tx, order, names, reason, house.clock.now_ns())


def there(house):
    with house.store.read() as tx:
        return {m.name: (m.observed, m.desired) for m in machines.alive(tx)}


def up(house, count=2):
    house.want(count)
    house.settle()
    return sorted(there(house))


def test_a_recycled_machine_is_replaced(house):
    first, second = up(house)
    give(house, "recycle", first)
    house.settle()
    assert first not in there(house)
    assert second in there(house)
    assert len(there(house)) == 2


def test_a_recycled_machine_at_work_finishes_its_episode_first(house):
    (name,) = up(house, 1)
    house.submit()
    work = house.worker.claim()
    give(house, "recycle", name)
    house.settle()
    assert there(house)[name] == ("RESUMING", "GONE")
    assert house.worker.perform(work, lambda: False).status == "completed"
    house.settle()
    assert name not in there(house)


def test_a_drained_machine_gets_no_episode_until_it_is_released(house):
    (name,) = up(house, 1)
    give(house, "drain", name)
    house.submit()
    house.settle()
    assert house.worker.claim() is None
    give(house, "release", name)
    assert house.worker.claim().machine.name == name


def test_a_drained_machine_is_not_replaced_because_it_is_old(house):
    with house.store.write() as tx:
        pools.want(tx, [Pool("p", "toy", "", 2, recycle={"hours": 1})], house.clock.now_ns())
    house.settle()
    kept, old = sorted(there(house))
    give(house, "drain", kept)
    house.clock.sleep(2 * HOUR_NS / S)
    with house.store.write() as tx:
        machines.seen(tx, [m.uuid for m in machines.alive(tx)], house.clock.now_ns())
    house.settle()
    assert there(house)[kept] == ("PARKED", "DRAINED")
    assert old not in there(house)


def test_a_quarantined_machine_keeps_its_process_and_its_reason(house):
    (name,) = up(house, 1)
    process = set(house.toy.there)
    (machine,) = give(house, "quarantine", name, reason="its clock is wrong")
    house.settle()
    assert there(house)[name] == ("PARKED", "DRAINED")
    assert house.toy.there == process
    with house.store.read() as tx:
        said = [e.reason for e in events.after(tx, 0, subject=machine.uuid)]
    assert said[-1] == "quarantine: its clock is wrong"


def test_releasing_a_machine_in_quarantine_starts_its_pool_again(house):
    house.toy.broken = InfraLost("it does not boot")
    house.want(2)
    for _ in range(100):
        house.settle()
        house.clock.sleep(10)
    ((name, (state, _)),) = there(house).items()
    assert state == "QUARANTINED"
    house.toy.broken = None
    give(house, "release", name)
    house.settle()
    assert [state for state, _ in there(house).values()] == ["PARKED"] * 2


def test_an_order_for_several_machines_is_written_whole_or_not_at_all(house):
    first, _ = up(house)
    with pytest.raises(NotFound, match="p-none"):
        give(house, "drain", first, "p-none")
    assert there(house)[first] == ("PARKED", "RUNNING")


def test_the_second_same_order_does_nothing(house):
    (name,) = up(house, 1)
    (machine,) = give(house, "drain", name)
    with house.store.read() as tx:
        before = events.last_id(tx)
    assert give(house, "drain", name, machine.uuid) == [machine]
    with house.store.read() as tx:
        assert events.last_id(tx) == before


@pytest.mark.parametrize("order", typing.get_args(orders.Order))
def test_a_machine_that_is_gone_is_ordered_nothing(house, order):
    (name,) = up(house, 1)
    house.want(0)
    house.settle()
    with pytest.raises(Conflict, match="is gone"):
        give(house, order, name)


def test_a_machine_that_is_to_go_is_drained_only_after_it_was_released(house):
    (name,) = up(house, 1)
    give(house, "recycle", name)
    with pytest.raises(Conflict, match="is to go"):
        give(house, "drain", name)
    give(house, "release", name)
    give(house, "drain", name)
    house.settle()
    assert there(house)[name] == ("PARKED", "DRAINED")


@pytest.mark.parametrize("state", typing.get_args(Observed))
def test_a_state_without_a_fresh_sign_of_life_is_never_shown_as_well(state):
    now = 1000 * S
    assert shown(state, now - SIGN_TTL_S * S, now) == state
    stale = shown(state, now - SIGN_TTL_S * S - 1, now)
    assert stale not in LIVE
    assert stale == ("UNKNOWN" if state in LIVE else state)
