"""Cells of GTK 3's trees are where they are drawn."""

from __future__ import annotations

import pytest

from envs.tree import Mirror
from envs.types import Box
from infra.clock import SystemClock
from tests.envs.tree.stand_in_bus import SHOWN, Bus, StandIn, Thing


def symbols(states: tuple[str, ...], toolkit: str = "gtk") -> StandIn:
    rows = [
        Thing("/w", "frame", "Symbols", box=(0, 0, 400, 300)),
        Thing("/tree", "tree-table", parent="/w", box=(0, 0, 400, 300)),
        Thing("/group", "table-cell", parent="/tree", states=states, box=(40, 0, 110, 20)),
        Thing("/name", "table-cell", "Functions", parent="/group", box=(56, 0, 94, 20)),
        Thing("/line", "table-cell", "12", parent="/tree", box=(150, 0, 40, 20)),
        Thing("/below", "table-cell", "months", parent="/tree", box=(58, 20, 92, 20)),
    ]
    return StandIn(":1.5", "editor", rows, toolkit)


@pytest.mark.parametrize(
    ("states", "toolkit", "shift"),
    [((*SHOWN, "expandable"), "gtk", 18), (SHOWN, "gtk", 0), ((*SHOWN, "expandable"), "Qt", 0)],
)
def test_cells_of_the_first_column_stand_left_of_where_a_tree_tells_them(states, toolkit, shift):
    guest = Bus(symbols(states, toolkit))
    mirror = Mirror(guest.connect, SystemClock(), 400, 300)
    mirror.open(5.0)
    found = {one.id.removeprefix("1.5/"): one.box for one in mirror.tree().elements}
    mirror.close()
    assert found["group"] == Box(40 - shift, 0, 150 - shift, 20)
    assert found["name"] == Box(56 - shift, 0, 150 - shift, 20)
    assert found["below"] == Box(58 - shift, 20, 150 - shift, 40)
    assert found["line"] == Box(150, 0, 190, 20)
