"""JSON lines that somebody else wrote: bounded, counted, and told apart from what is none.

A line that is not what the format says is one dropped item; the lines around it are used.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from infra.files import sha256_bytes
from infra.limits import SAMPLE_LINE_BYTES


@dataclass(frozen=True, slots=True)
class Line:
    """One record, or why the line is none; `sha256` is that of the line without its end."""

    number: int
    record: dict[str, Any]
    sha256: str
    fault: str = ""


def line_of(record: dict[str, Any]) -> bytes:
    """A record as a line of ours, its end included."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def lines(path: Path) -> Iterator[Line]:
    """Every line of a file that may be compressed (`.gz`, `.zst`), empty ones left out.

    A fault of the compressed stream is the last line. Raises OSError.
    """
    number = 0
    with path.open("rb") as raw, _plain(raw, path.suffix) as source:
        try:
            while line := source.readline(SAMPLE_LINE_BYTES + 1):
                number += 1
                if len(line) > SAMPLE_LINE_BYTES:
                    yield Line(number, {}, "", "line too long")
                    while line and not line.endswith(b"\n"):
                        line = source.readline(SAMPLE_LINE_BYTES)
                elif line.strip():
                    yield _line(number, line)
        except Exception as error:
            if not _is_of_compression(error):
                raise
            yield Line(number + 1, {}, "", "the compressed stream is broken")


def _plain(raw: IO[bytes], suffix: str) -> io.BufferedIOBase:
    if suffix == ".gz":
        return gzip.open(raw)
    if suffix == ".zst":
        import zstandard

        return io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(raw))
    return io.BufferedReader(io.FileIO(raw.fileno(), closefd=False), 1 << 20)


def _is_of_compression(error: Exception) -> bool:
    import zlib

    import zstandard

    return isinstance(error, (gzip.BadGzipFile, EOFError, zlib.error, zstandard.ZstdError))


def _line(number: int, line: bytes) -> Line:
    sha256 = sha256_bytes(line.rstrip(b"\r\n"))
    try:
        record = json.loads(line.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        return Line(number, {}, sha256, "not UTF-8")
    except (ValueError, RecursionError):
        fault = "not JSON" if line.endswith(b"\n") else "truncated line"
        return Line(number, {}, sha256, fault)
    if not isinstance(record, dict):
        return Line(number, {}, sha256, "not an object")
    return Line(number, record, sha256)


def _no_constant(name: str) -> None:
    raise ValueError(name)
