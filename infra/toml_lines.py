"""On which line of a TOML text a key stands.

The standard parser tells no positions, so it is asked for longer and longer beginnings of the text:
the statement that brought the key begins after the last beginning that was whole without it. What
stands in strings and arrays over many lines is never taken for a key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any, Final

MOST_CHARS: Final = 4_000_000
"""Beyond so much reading no line is told: each line costs a reading of all before it."""


def line_of(text: str, path: Sequence[str]) -> int:
    """The line, counted from 1, of the nearest key at or above `path`; 0 where it is not told."""
    for length in range(len(path), 0, -1):
        line = _line(text.splitlines(), path[:length])
        if line:
            return line
    return 0


def _line(lines: list[str], path: Sequence[str]) -> int:
    whole = size = read = 0
    for count, line in enumerate(lines, 1):
        size += len(line) + 1
        read += size
        if read > MOST_CHARS:
            return 0
        try:
            values = tomllib.loads("\n".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            continue
        if _has(values, path):
            return _first_said(lines, whole) + 1
        whole = count
    return 0


def _first_said(lines: list[str], start: int) -> int:
    """The first line from `start` that is neither empty nor a comment."""
    said = (n for n, line in enumerate(lines) if n >= start and not _is_blank(line))
    return next(said, start)


def _is_blank(line: str) -> bool:
    return line.strip().startswith("#") or not line.strip()


def _has(values: Any, path: Sequence[str]) -> bool:
    for key in path:
        if not isinstance(values, dict) or key not in values:
            return False
        values = values[key]
    return True
