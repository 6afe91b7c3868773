"""Files in and out of one directory, by plain names; nothing outside it can be named."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from envs.guest.faults import Refused, text
from envs.guest.wire import FILE_BYTES

PLAIN_NAME: Final = re.compile(r"[^/\x00-\x1f.][^/\x00-\x1f]{0,119}")
MOST_FILES: Final = 500


def directory() -> Path:
    """The transfer directory of the desktop's user."""
    return Path.home() / "Documents"


def located(root: Path, name: str) -> Path:
    """Where the file of that name lies in `root`. Raises Refused for a name that leads out."""
    if not PLAIN_NAME.fullmatch(name):
        raise Refused("usage", "a file's name has no slash, no leading dot and 1 to 120 characters")
    return root / name


def put(root: Path, args: Mapping[str, Any]) -> dict[str, Any]:
    """Store `data` under `name`, whole or not at all."""
    path, data = located(root, text(args, "name", 120)), args.get("data")
    if not isinstance(data, bytes) or len(data) > FILE_BYTES:
        raise Refused("usage", f"data is at most {FILE_BYTES} bytes")
    root.mkdir(parents=True, exist_ok=True)
    if not path.exists() and len(list(root.iterdir())) >= MOST_FILES:
        raise Refused("rejected", f"the directory already holds {MOST_FILES} files")
    temporary = root / f".{os.getpid()}.part"
    temporary.write_bytes(data)
    temporary.rename(path)
    return {"size": len(data)}


def get(root: Path, args: Mapping[str, Any]) -> dict[str, Any]:
    """The bytes of a regular file; links are not followed."""
    path = located(root, text(args, "name", 120))
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Refused("missing", f"no file {path.name!r} to read") from error
    with os.fdopen(fd, "rb") as source:
        data = source.read(FILE_BYTES + 1)
    if len(data) > FILE_BYTES:
        raise Refused("rejected", f"the file is longer than {FILE_BYTES} bytes")
    return {"data": data}
