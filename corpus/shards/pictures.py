"""Pictures of a corpus: read from where they are kept, put beside the messages once each."""

from __future__ import annotations

import os
from pathlib import Path

from corpus.sample import Picture
from corpus.shards.chat import reference
from corpus.shards.file import File, Written
from infra import disk
from infra.errors import Corrupt
from infra.files import sha256_bytes


def read(picture: Picture) -> bytes:
    """The picture's bytes. Raises Corrupt where they are not what they were."""
    try:
        data = picture.path.read_bytes()
    except OSError as error:
        raise Corrupt(
            f"picture {picture.path} cannot be read", "build again", picture.sha256
        ) from error
    if sha256_bytes(data) != picture.sha256:
        raise Corrupt(f"picture {picture.path} was changed on disk", "delete it and build again")
    return data


def put(root: Path, picture: Picture, data: bytes) -> Written:
    """Have the picture in the corpus; several may put the same one at once."""
    name = reference(picture)
    if not (root / name).exists():
        aside = File(root, f"{name}.{os.getpid()}.tmp")
        try:
            aside.write((data,))
            aside.close()
        finally:
            aside.abandon()
        disk.rename(root / aside.name, root / name)
    return Written(name, len(data), picture.sha256)
