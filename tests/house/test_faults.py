"""The table of faults cannot rot: every number once, every named test there, every gap explained."""

from __future__ import annotations

import re

import pytest

from tests.house.source import ROOT
from tests.house.test_docs import TESTS

PLACE = ROOT / "tests" / "faults"
TABLE = (PLACE / "README.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \| (.+?) \|$", TABLE, flags=re.MULTILINE)
WHY = re.compile(r"\bin work\b|\bwaits for \w+|\bcannot be run: \w+")
NUMBERED = re.compile(r"test_0?(\d+)_\w+\.py")


def named(held_by: str) -> list[str]:
    return re.findall(r"`(test_\w+)`", held_by)


def test_every_fault_has_one_row() -> None:
    assert [row[0] for row in ROWS] == [str(number) for number in range(1, 46)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"fault {row[0]}")
def test_a_fault_names_its_tests_or_says_why_it_has_none(row: tuple[str, ...]) -> None:
    tests = named(row[3])
    assert tests or WHY.search(row[3])
    assert set(tests) <= TESTS
    assert len(set(tests)) == len(tests)


def test_a_module_of_this_directory_is_named_after_a_fault_that_names_it() -> None:
    held_by = {row[0]: set(named(row[3])) for row in ROWS}
    for path in PLACE.glob("test_*.py"):
        number = NUMBERED.fullmatch(path.name)
        assert number, path.name
        there = set(re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8")))
        assert there & held_by[number[1]], path.name
