from __future__ import annotations

import random
import uuid

from infra.clock import FakeClock
from infra.ids import ALPHABET, RandomIds


def test_ids_carry_their_prefix_and_only_letters_that_are_read_well() -> None:
    name = RandomIds().new("ep")
    prefix, _, rest = name.partition("-")
    assert prefix == "ep"
    assert set(rest) <= set(ALPHABET)


def test_later_ids_sort_later() -> None:
    clock = FakeClock()
    ids = RandomIds(clock, random.Random(1))
    names = []
    for _ in range(200):
        names.append(ids.new("ep"))
        clock.sleep(0.001)
    assert names == sorted(names)


def test_ids_of_one_moment_differ() -> None:
    ids = RandomIds(FakeClock(), random.Random(1))
    assert len({ids.new("ep") for _ in range(1000)}) == 1000


def test_a_seed_and_a_clock_fix_every_id() -> None:
    first, second = (RandomIds(FakeClock(), random.Random(7)) for _ in range(2))
    assert [first.new("m"), first.uuid()] == [second.new("m"), second.uuid()]


def test_a_uuid_is_one() -> None:
    assert uuid.UUID(RandomIds().uuid()).version == 4
