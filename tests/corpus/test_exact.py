"""The same text is told whatever its white space, within a memory that does not grow."""

import resource
from pathlib import Path

from corpus.operators.exact import Seen


def test_a_text_is_new_once_whatever_its_white_space(tmp_path: Path) -> None:
    with Seen(tmp_path) as seen:
        assert [seen.is_new(text) for text in ("a b", "a  b\n", "ab", "", " ", "\ud800", "a b")] == [
            True, False, True, True, False, True, False,
        ]  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_what_is_remembered_lies_on_disk(tmp_path: Path) -> None:
    with Seen(tmp_path, memory_bytes=1 << 20) as seen:
        assert all(seen.is_new(f"text {n}") for n in range(1000))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert all(seen.is_new(f"text {n}") for n in range(1000, 200_000))
        assert not any(seen.is_new(f"text {n}") for n in range(0, 200_000, 777))
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8 << 10
    assert list(tmp_path.iterdir()) == []
