"""Presses are kept as they are made, for the lot that they belong to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collector.precision import witness
from collector.precision.kept import Kept
from collector.precision.presses import Pressed
from envs.types import Box

LOT = {"seed": 7, "count": 500}
ONE = Pressed("geany", "gtk", "button", "保存", Box(1, 2, 3, 4), "", witness.Testimony("other", ("1.2/3",)),
              (4, 1), ("label x",))  # fmt: skip
TWO = replace(ONE, name="Undo", reason="covered", testimony=witness.Testimony("silent"))


@pytest.fixture
def path(tmp_path):
    kept = Kept(tmp_path / "precision" / "presses-7.jsonl", LOT)
    kept.add("geany.desktop", ONE)
    kept.add("thunar.desktop", TWO)
    kept.add("geany.desktop", TWO)
    return tmp_path / "precision" / "presses-7.jsonl"


def test_the_same_lot_has_what_was_pressed_in_order_and_counts_it_by_program(path):
    kept = Kept(path, LOT)
    assert kept.presses() == [ONE, TWO, TWO]
    assert kept.counts() == {
        ("geany.desktop", True): 1, ("geany.desktop", False): 1, ("thunar.desktop", False): 1
    }  # fmt: skip


def test_another_lot_begins_anew(path):
    assert Kept(path, {**LOT, "count": 4}).presses() == []
    assert Kept(path, LOT).presses() == []


def test_a_press_that_was_cut_off_is_the_only_one_that_is_lost(path):
    whole = path.read_bytes()
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        lines = whole[:end].count(b"\n")
        kept = Kept(path, LOT)
        assert len(kept.presses()) == max(0, lines - 1)
        kept.add("geany.desktop", ONE)
        assert Kept(path, LOT).presses()[-1] == ONE
