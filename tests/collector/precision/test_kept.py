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


def test_the_same_lot_has_what_was_pressed_by_program_and_in_order(path):
    kept = Kept(path, LOT)
    assert list(kept.of("geany.desktop")) == [ONE, TWO]
    assert list(kept.of("thunar.desktop")) == [TWO]
    assert list(kept.of("mousepad.desktop")) == []


def test_another_lot_begins_anew(path):
    assert list(Kept(path, {**LOT, "count": 4}).of("geany.desktop")) == []
    assert list(Kept(path, LOT).of("geany.desktop")) == []


def test_a_press_that_was_cut_off_is_the_only_one_that_is_lost(path):
    whole = path.read_bytes()
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        lines = whole[:end].count(b"\n")
        kept = Kept(path, LOT)
        assert sum(1 for app in ("geany", "thunar") for _ in kept.of(f"{app}.desktop")) == max(
            0, lines - 1
        )
        kept.add("geany.desktop", ONE)
        assert list(Kept(path, LOT).of("geany.desktop"))[-1] == ONE
