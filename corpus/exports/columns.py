"""Columns of MDS: a value as the bytes that MosaicML's writer makes of it."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from json import encoder
from typing import Any, Final

LARGE: Final = ("bytes", "json", "list[jpeg]")
"""Kinds whose values may be of any size."""
FIXED: Final = {"int": 8}


def _unknown(value: Any) -> Any:
    raise TypeError(f"a {type(value).__name__} is no JSON")


_maker: Any = vars(encoder)["c_make_encoder"]
_spelled = _maker(
    None, _unknown, encoder.encode_basestring_ascii, None, ": ", ", ",
    False, False, True,  # noqa: FBT003 - keys are not sorted, none is skipped, NaN is written
)  # fmt: skip
"""What `json.dumps` makes anew for every value; it gives a value's text in parts."""


def _json(value: Any) -> bytes:
    return "".join(_spelled(value, 0)).encode()


def _list(value: Sequence[bytes]) -> bytes:
    """A word that is not used yet, how many there are, their sizes, they themselves."""
    sizes = map(len, value)
    return b"".join((struct.pack(f"<{2 + len(value)}I", 0, len(value), *sizes), *value))


ENCODE: Final[dict[str, Callable[[Any], bytes]]] = {
    "bytes": bytes,
    "int": struct.Struct("<q").pack,
    "json": _json,
    "list[jpeg]": _list,
    "str": str.encode,
}
