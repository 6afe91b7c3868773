"""A corpus through Megatron-Energon's own readers: every sample in order, and some by key."""

import hashlib
import json
import sys
from pathlib import Path

from megatron.energon import (
    Cooker,
    DefaultTaskEncoder,
    WorkerConfig,
    basic_sample_keys,
    get_savable_loader,
    get_val_dataset,
    stateless,
)
from megatron.energon.epathlib import EPath
from megatron.energon.flavors.webdataset.indexing import SqliteIndexReader


@stateless
def cooked(sample: dict) -> dict:
    parts = {k: v for k, v in sample.items() if not k.startswith("__")}
    return {**basic_sample_keys(sample), "parts": parts}


class Raw(DefaultTaskEncoder):
    cookers = (Cooker(cooked),)
    decoder = None

    def batch(self, samples: list) -> list:
        return samples

    def encode_batch(self, batch: list) -> list:
        return batch


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def main(root: str, keys: list[str]) -> None:
    data = get_val_dataset(
        EPath(root), split_part="train", batch_size=1, task_encoder=Raw(),
        worker_config=WorkerConfig(rank=0, world_size=1, num_workers=0),
    )  # fmt: skip
    read = [
        [sample["__key__"], {name: sha256(part) for name, part in sample["parts"].items()}]
        for (sample,) in get_savable_loader(data)
    ]
    index = SqliteIndexReader(EPath(root) / ".nv-meta" / "index.sqlite")
    shards = list(json.loads((Path(root) / ".nv-meta" / ".info.json").read_bytes())["shard_counts"])
    found = {}
    for key in keys:
        place = index.get_sample_part(key, "json")
        with (Path(root) / shards[place.tar_file_id]).open("rb") as shard:
            shard.seek(place.raw_byte_offset)
            found[key] = sha256(shard.read(place.raw_byte_size))
    print(json.dumps({"read": read, "found": found}))


main(**json.load(sys.stdin))
