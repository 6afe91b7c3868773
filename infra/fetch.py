"""Bringing a file here from any address that fsspec can open; one that is here already stays there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from infra import disk
from infra.errors import NotFound, TrawlError, Unavailable, UsageError
from infra.files import sha256_bytes
from infra.storage import name_of

STAMPS = ("ETag", "etag", "mtime", "LastModified", "last_modified", "modified", "created")
"""What file systems say by which another content is told."""


def fetch(address: str, cache: Path) -> Path:
    """Where the file of that path or URL lies on this host.

    What is elsewhere is copied below `cache` and stays there until it changes. Raises NotFound,
    UsageError for an address that is none, Unavailable where its driver is missing or fails.
    """
    if "://" not in address:
        return _there(Path(address).expanduser())
    name = name_of(address)
    try:
        filesystem, place = fsspec.url_to_fs(address)
        if isinstance(filesystem, LocalFileSystem):
            return _there(Path(place))
        return _copied(filesystem, place, cache)
    except TrawlError:
        raise
    except FileNotFoundError as error:
        raise NotFound(f"there is no {name}", "", name) from error
    except ImportError as error:
        raise Unavailable(f"{name}: its driver is missing", "install it beside trawl") from error
    except ValueError as error:
        raise UsageError(f"{name} is no address", "such as s3://bucket/file.jsonl") from error
    except Exception as error:  # drivers raise what their libraries do
        raise Unavailable(f"{name} cannot be read: {type(error).__name__}", "", name) from error


def _there(path: Path) -> Path:
    if not path.is_file():
        raise NotFound(f"there is no file {path}", "", str(path))
    return path


def _copied(filesystem: Any, place: str, cache: Path) -> Path:
    info = filesystem.info(place)
    told = [str(info.get(stamp)) for stamp in STAMPS]
    size = int(info["size"])
    key = sha256_bytes("\0".join((str(filesystem.protocol), place, str(size), *told)).encode())
    final = cache / f"{key[:32]}-{Path(place).name[-80:]}"
    if final.exists():
        return final
    disk.make_dir(cache)
    aside = cache / f".{key[:32]}.{os.getpid()}.tmp"
    try:
        filesystem.get_file(place, str(aside))
        if aside.stat().st_size != size:
            raise Unavailable(f"{place} came in part", "start again", place)
        disk.rename(aside, final)
    finally:
        aside.unlink(missing_ok=True)
    return final
