"""The privileged part takes exactly a clock, a machine id and a host name, and nothing else."""

from __future__ import annotations

import json
import threading
from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs.guest import identity

GOOD = {"now_ns": 1_800_000_000 * 10**9, "machine_id": "0a" * 16, "hostname": "trawl-7"}


def test_a_good_request_is_taken() -> None:
    assert identity.checked(json.dumps(GOOD).encode()) == tuple(GOOD.values())


@pytest.mark.parametrize(
    "change",
    [
        {"now_ns": "now"},
        {"now_ns": True},
        {"now_ns": 5},
        {"now_ns": 10**30},
        {"now_ns": 1.8e18},
        {"machine_id": "0A" * 16},
        {"machine_id": "0a" * 15},
        {"machine_id": None},
        {"hostname": "-x"},
        {"hostname": "a\n127.0.0.1 b"},
        {"hostname": "x" * 64},
        {"hostname": ""},
        {"hostname": "Ä"},
        {"command": "reboot"},
    ],
)
def test_anything_else_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        identity.checked(json.dumps({**GOOD, **change}).encode())


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_random_lines_never_raise_anything_but_value_errors(line: bytes) -> None:
    with pytest.raises(ValueError):
        identity.checked(line)


def test_the_service_answers_over_its_socket(tmp_path: Path) -> None:
    applied: list[tuple[int, str, str]] = []
    path = tmp_path / "run" / "identity"
    with identity.listen(path) as listener:
        assert path.stat().st_mode & 0o777 == 0o600
        for name, refusal in (("trawl-7", ""), ("no_such", "hostname")):
            served = threading.Thread(
                target=identity.serve, args=(listener, lambda *a: applied.append(a))
            )
            served.start()
            asked = path, GOOD["now_ns"], GOOD["machine_id"], name
            with pytest.raises(ValueError, match=refusal) if refusal else nullcontext():
                identity.ask(*asked)
            served.join(5)
    assert applied == [tuple(GOOD.values())]
