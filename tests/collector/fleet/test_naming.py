"""A host's name belongs to one home."""

from __future__ import annotations

import pytest

from collector.fleet.deadlines import HOST_LOST_S
from collector.fleet.naming import NameTaken, Naming, home_id
from infra.clock import FakeClock
from infra.ids import RandomIds
from infra.store import Store


def test_a_name_is_one_homes_alone_until_that_home_is_lost(tmp_path):
    clock, store = FakeClock(), Store(tmp_path / "trawl.db")
    Naming(store, clock, "alpha", "one").keep()
    Naming(store, clock, "alpha", "one").keep()  # its successor, at once
    Naming(store, clock, "beta", "two").keep()
    with pytest.raises(NameTaken) as refused:
        Naming(store, clock, "alpha", "two").keep()
    assert "TRAWL_HOST" in refused.value.hint
    clock.sleep(HOST_LOST_S + 1)
    Naming(store, clock, "alpha", "two").keep()


def test_a_home_keeps_what_tells_it_from_others(tmp_path):
    ids = RandomIds(FakeClock())
    assert home_id(tmp_path / "a", ids) == home_id(tmp_path / "a", ids)
    assert home_id(tmp_path / "a", ids) != home_id(tmp_path / "b", ids)
