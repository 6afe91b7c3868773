"""imagehash's phash of every file, in the peers' own environment."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import imagehash
from PIL import Image


def main() -> None:
    asked = json.load(sys.stdin)
    made = {}
    for path in sorted(Path(asked["directory"]).iterdir()):
        with Image.open(path) as picture:
            made[path.name] = str(imagehash.phash(picture))
    print(json.dumps(made))


if __name__ == "__main__":
    main()
