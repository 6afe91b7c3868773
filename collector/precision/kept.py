"""The presses of one lot, on disk as they are made: a check that was ended goes on where it was.

A lot is its seed, its count, its programs, its template and the code that judges; the presses of
any other are thrown away. A line that was cut in half is pressed again.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from collector.precision.presses import Pressed
from collector.precision.witness import Testimony
from envs.types import Box
from infra.files import publish


class Kept:
    """What was pressed of a lot, by the program that was opened."""

    def __init__(self, path: Path, lot: Mapping[str, Any]) -> None:
        head = json.dumps(lot, sort_keys=True).encode()
        lines = path.read_bytes().split(b"\n") if path.exists() else []
        whole = lines[1:-1] if lines[:1] == [head] else []  # what follows the last end is cut off
        publish(path, b"\n".join([head, *whole, b""]))
        self._path = path
        self._presses = [_read(line) for line in whole]

    def presses(self) -> list[Pressed]:
        """What was pressed so far."""
        return [pressed for _, pressed in self._presses]

    def counts(self) -> Counter[tuple[str, bool]]:
        """How many so far, by the program that was opened and whether the gates kept them."""
        return Counter((app, not pressed.reason) for app, pressed in self._presses)

    def add(self, app: str, pressed: Pressed) -> None:
        """Make a press durable."""
        line = json.dumps({"app": app, "pressed": asdict(pressed)}).encode() + b"\n"
        with self._path.open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        self._presses.append((app, pressed))


def _read(line: bytes) -> tuple[str, Pressed]:
    record = json.loads(line)
    said = record["pressed"]
    said["testimony"] = Testimony(said["testimony"]["word"], tuple(said["testimony"]["named"]))
    said["box"] = Box(**said["box"])
    said["offered"], said["others"] = tuple(said["offered"]), tuple(said["others"])
    return record["app"], Pressed(**said)
