"""Files stay in their directory, whole or not there, and links lead nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs.guest.faults import Refused
from envs.guest.transfer import MOST_FILES, get, located, put
from envs.guest.wire import FILE_BYTES


def test_bytes_come_back(tmp_path: Path) -> None:
    put(tmp_path, {"name": "汉字 b.txt", "data": b"\0\xff"})
    put(tmp_path, {"name": "汉字 b.txt", "data": b"newer"})
    assert get(tmp_path, {"name": "汉字 b.txt"}) == {"data": b"newer"}
    assert [p.name for p in tmp_path.iterdir()] == ["汉字 b.txt"]


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "/etc/passwd", ".x", "a/b", "a\n", "x" * 121]
)
def test_no_name_leads_out(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused):
        put(tmp_path, {"name": name, "data": b""})
    with pytest.raises(Refused):
        get(tmp_path, {"name": name})


@given(st.text(max_size=130))
def test_any_name_is_refused_or_lies_directly_in_the_directory(name: str) -> None:
    root = Path("/home/user/Documents")
    try:
        path = located(root, name)
    except Refused:
        return
    assert path.parent == root
    assert path.name == name


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/hostname")
    with pytest.raises(Refused, match="no file"):
        get(tmp_path, {"name": "link"})


def test_what_is_too_long_or_too_many_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        put(tmp_path, {"name": "a", "data": b"x" * (FILE_BYTES + 1)})
    with pytest.raises(Refused):
        put(tmp_path, {"name": "a", "data": "text"})
    for n in range(MOST_FILES):
        (tmp_path / f"f{n}").touch()
    with pytest.raises(Refused, match="already holds"):
        put(tmp_path, {"name": "one more", "data": b""})
    put(tmp_path, {"name": "f7", "data": b"replaced"})
