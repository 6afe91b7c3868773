"""JSON as everybody can read it: ASCII, and null where a number is none that JSON has."""

from __future__ import annotations

import json
from typing import Any


def text(value: Any, indent: int | None = None) -> str:
    """One document; what JSON does not know is told by its own `str`."""
    try:
        return json.dumps(value, indent=indent, default=str, allow_nan=False)
    except ValueError:  # NaN or an infinity somewhere, which Python reads and nobody else
        finite = json.loads(json.dumps(value, default=str), parse_constant=lambda _: None)
        return json.dumps(finite, indent=indent)
