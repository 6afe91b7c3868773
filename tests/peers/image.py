"""Pillow and imagehash over JPEG files: seconds of its processor a pass, in the peers' own environment."""

from __future__ import annotations

import io
import json
import sys
import time
from pathlib import Path

import imagehash
from PIL import Image


def smaller(data: bytes, side: int, quality: int) -> bytes:
    """As Pillow's users make thumbnails: it decodes a JPEG at a fraction by itself."""
    with Image.open(io.BytesIO(data)) as picture:
        picture.thumbnail((side, side))
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=quality, subsampling=0)
    return out.getvalue()


def hashed(data: bytes) -> str:
    with Image.open(io.BytesIO(data)) as picture:
        return str(imagehash.phash(picture))


def main() -> None:
    asked = json.load(sys.stdin)
    files = [path.read_bytes() for path in sorted(Path(asked["directory"]).iterdir())]
    start = time.process_time()
    for data in files:
        smaller(data, asked["side"], asked["quality"])
    encode_s = time.process_time() - start
    start = time.process_time()
    for data in files:
        hashed(data)
    print(json.dumps({"encode_s": encode_s, "hash_s": time.process_time() - start}))


if __name__ == "__main__":
    main()
