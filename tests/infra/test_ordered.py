"""Lines in order are read from any id on, without those before it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra import ordered
from infra.errors import Corrupt

IDS = st.lists(st.text("ab-é中", min_size=1, max_size=6), unique=True, max_size=30)


def written(path: Path, ids: list[str]) -> list[str]:
    kept = sorted(ids, key=lambda name: name.encode())
    lines = [json.dumps({"id": name, "more": "x" * (7 * len(name))}) + "\n" for name in kept]
    path.write_text("".join(lines))
    return kept


@given(ids=IDS, least=st.text("ab-é中", max_size=6))
def test_exactly_the_records_from_that_id_on_are_read(
    tmp_path_factory: pytest.TempPathFactory, ids: list[str], least: str
) -> None:
    path = tmp_path_factory.mktemp("ordered") / "lines.jsonl"
    kept = written(path, ids)
    wanted = [name for name in kept if name.encode() >= least.encode()]
    assert [record["id"] for record in ordered.since(path, least)] == wanted


def test_a_line_that_is_no_record_is_corrupt(tmp_path: Path) -> None:
    (tmp_path / "lines.jsonl").write_text("[]\n")
    with pytest.raises(Corrupt):
        next(ordered.since(tmp_path / "lines.jsonl", "a"))
