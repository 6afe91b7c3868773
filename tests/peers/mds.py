"""MosaicML's own writer and readers of MDS.

`streaming` imports torchvision for its image data sets, and there is no build of that for the torch
of this environment. Only the writer and the readers of MDS are used here, so an empty module stands
in for it.
"""

import importlib.machinery
import json
import sys
import time
import types
from pathlib import Path

for name in ("torchvision", "torchvision.transforms", "torchvision.datasets"):
    stand_in = types.ModuleType(name)
    stand_in.__spec__ = importlib.machinery.ModuleSpec(name, None)
    stand_in.__path__ = []
    sys.modules[name] = stand_in
sys.modules["torchvision.transforms.functional"] = types.ModuleType("functional")
sys.modules["torchvision.transforms.functional"].to_tensor = None
sys.modules["torchvision.datasets"].VisionDataset = object

from PIL.JpegImagePlugin import JpegImageFile  # noqa: E402
from streaming import MDSWriter, StreamingDataset  # noqa: E402


class Kept(JpegImageFile):
    """A picture on disk whose bytes the writer takes as they are."""

    def __init__(self, path: str) -> None:
        self.filename = path


def loaded(source: str, columns: dict) -> list:
    """The samples in a file of JSON lines; in it a picture, or bytes, is a path."""
    take = {
        "list[jpeg]": lambda paths: [Kept(p) for p in paths],
        "bytes": lambda p: Path(p).read_bytes(),
    }
    rows = map(json.loads, Path(source).read_bytes().splitlines())
    return [
        {name: take.get(kind, lambda v: v)(row[name]) for name, kind in columns.items()}
        for row in rows
    ]


def write(root: str, source: str, columns: dict, shard_bytes: int, compression: str | None) -> dict:
    samples = loaded(source, columns)
    start = time.monotonic()
    with MDSWriter(
        out=root,
        columns=columns,
        size_limit=shard_bytes,
        hashes=["sha256"],
        compression=compression,
    ) as writer:
        for sample in samples:
            writer.write(sample)
    return {"s": time.monotonic() - start}


def read(root: str) -> list:
    """Every sample as StreamingDataset gives it, a picture as its format, size and middle pixel."""
    rows = []
    for sample in StreamingDataset(local=root, batch_size=1, shuffle=False, validate_hash="sha256"):
        images = [
            [one.format, list(one.size), list(one.convert("RGB").getpixel((1, 1)))]
            for one in sample["images"]
        ]
        rows.append({**sample, "images": images})
    return rows


arguments = json.load(sys.stdin)
answer = {"write": write, "read": read}[arguments.pop("verb")](**arguments)
print(json.dumps(answer, default=int))
