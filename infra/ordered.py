"""JSON lines in the byte order of their `id`: read from any id on, however large the file is."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from infra.errors import Corrupt
from infra.limits import SAMPLE_LINE_BYTES


def since(path: Path, least: str) -> Iterator[dict[str, Any]]:
    """The records whose ids are not before `least`, in order. Raises OSError, Corrupt."""
    wanted = least.encode("utf-8", "replace")
    with path.open("rb") as source:
        low, high = 0, os.fstat(source.fileno()).st_size
        while low < high:
            middle = (low + high) // 2
            line = _line_from(source, middle)
            if not line or _id(_record(line, path)) >= wanted:
                high = middle
            else:
                low = middle + 1
        line = _line_from(source, low)
        while line:
            yield _record(line, path)
            line = source.readline(SAMPLE_LINE_BYTES)


def _line_from(source: BinaryIO, offset: int) -> bytes:
    """The first line that begins at or after `offset`."""
    source.seek(max(0, offset - 1))
    if offset:
        source.readline(SAMPLE_LINE_BYTES)
    return source.readline(SAMPLE_LINE_BYTES)


def _id(record: dict[str, Any]) -> bytes:
    return str(record["id"]).encode("utf-8", "replace")


def _record(line: bytes, path: Path) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads(line)
        record["id"]
    except (ValueError, KeyError, TypeError) as error:
        raise Corrupt(f"{path.name} was changed", "build it again", str(path)) from error
    return record
