"""What `energon prepare` makes of shards, and how long it takes once it is loaded."""

import json
import sqlite3
import sys
import time
from pathlib import Path

from megatron.energon.epathlib import EPath
from megatron.energon.flavors import BaseWebdatasetFactory


def tables(path: Path) -> dict:
    database = sqlite3.connect(path)
    return {
        name: sorted(database.execute(f"SELECT * FROM {name}").fetchall())
        for name in ("samples", "sample_parts")
    }


def main(root: str, workers: int, told: bool) -> None:
    shards = sorted(str(path.relative_to(root)) for path in Path(root).glob("shards/*.tar"))
    stdout, sys.stdout = sys.stdout, sys.stderr
    start = time.monotonic()
    BaseWebdatasetFactory.prepare_dataset(
        EPath(root), shards, split_parts_ratio=[("train", 1.0), ("val", 0.0), ("test", 0.0)],
        shuffle_seed=None, workers=workers,
    )  # fmt: skip
    took = time.monotonic() - start
    sys.stdout = stdout
    meta = Path(root) / ".nv-meta"
    answer = {"s": took, "info": json.loads((meta / ".info.json").read_bytes())}
    if told:
        answer["split"] = (meta / "split.yaml").read_text()
        answer["tables"] = tables(meta / "index.sqlite")
    print(json.dumps(answer))


if __name__ == "__main__":
    main(**json.load(sys.stdin))
