"""Inputs that tests make in the agreed schema: screens, records, a small shelf."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from corpus.shards.energon import Index
from corpus.shards.file import Written
from corpus.shards.shard import Shard
from envs.recording import codec
from envs.types import Pixels
from infra.blobs import Blobs
from infra.files import sha256_bytes


def screen(width: int, height: int, seed: int) -> Pixels:
    """Pixels of that size, different for each seed."""
    rng = np.random.default_rng(seed)
    return np.repeat(rng.integers(0, 255, (height, 1, 3), dtype=np.uint8), width, axis=1)


def element(n: int, width: int, height: int) -> dict[str, Any]:
    left, top = 10 + 30 * (n % 20), 20 + 40 * (n // 20)
    return {
        "id": f"e{n}",
        "role": "button",
        "name": f"Button {n}",
        "name_source": "a11y",
        "bbox_px": [left, top, left + 25, top + 30],
        "states": ["showing"],
        "interactable": True,
        "data_type": "text",
        "expressions": [{"text": f'the button "Button {n}"', "lang": "en", "kind": "name"}],
    }


def write_samples(home: Path, screens: int = 6, width: int = 640, height: int = 400) -> None:
    """Agent samples in the schema that grounding writes."""
    root = home / "samples" / "agent"
    blobs = Blobs(root / "blobs")
    names = [blobs.put(codec.pack_pixels(screen(width, height, n))) for n in range(screens)]
    records = [
        {
            "id": f"g{n}",
            "image": name,
            "image_size": [width, height],
            "platform": "ubuntu",
            "os": {"id": "debian", "version": "12"},
            "elements": [element(k, width, height) for k in range(24 + n)],
            "capture": {"stable": True},
            "dropped": {},
            "provenance": {"episode_id": "ep-1"},
        }
        for n, name in enumerate(names)
    ]
    steps = [
        {
            "index": n,
            "image": name,
            "action": {"name": "click", "args": {"x": 100 + n, "y": 50}},
            "element": None,
            "outcome": "applied",
            "did_anything": True,
            "observation": "A window.",
            "thought": f"I press button {n}.",
            "action_text": f"Press button {n}",
        }
        for n, name in enumerate(names)
    ]
    goal = {
        "id": "ep-1.g0",
        "episode_id": "ep-1",
        "goal": "Press the buttons",
        "goal_source": "effect",
        "task_completed": True,
        "platform": "ubuntu",
        "os": {"id": "debian", "version": "12"},
        "family": "walk",
        "screen": {"w": width, "h": height, "scale": 1},
        "terminal": "last_screenshot",
        "steps": steps,
        "provenance": {},
    }
    lines(root / "grounding.jsonl", records)
    lines(root / "goals.jsonl", [goal])


def lines(path: Path, records: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records))


def write_package(shelf: Path, name: str, files: dict[str, bytes], copyright_text: bytes) -> Path:
    """A package on a shelf, as `Shelf.bring` leaves it."""
    directory = shelf / f"{name}-{sha256_bytes(name.encode())[:12]}"
    held = {**files, f"usr/share/doc/{name}/copyright": copyright_text}
    rows = []
    for path, data in sorted(held.items()):
        place = directory / "files" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        rows.append([path, sha256_bytes(data), len(data)])
    record = {
        "package": name,
        "version": "1.0",
        "deb_sha256": sha256_bytes(repr(rows).encode()),
        "files": rows,
    }
    (directory / "package.json").write_text(json.dumps(record))
    return directory


def write_shards(
    root: Path, samples: Iterable[tuple[str, list[tuple[str, bytes]]]], shard_bytes: int
) -> list[Written]:
    """Shards of about that size with their index, as jobs leave them."""
    index = Index(root)
    written: list[Written] = []
    group: list[tuple[str, list[tuple[str, bytes]]]] = []
    for sample in (*samples, None):
        if group and (sample is None or weight(group) > shard_bytes):
            with Shard(root, len(written)) as shard:
                for key, members in group:
                    shard.add(key, members)
                finished = shard.finish()
            index.add(finished.written, finished.entries, finished.end)
            written.append(finished.written)
            group = []
        if sample is not None:
            group.append(sample)
    return [*written, *index.finish()]


def weight(samples: list[tuple[str, list[tuple[str, bytes]]]]) -> int:
    return sum(len(data) + 1024 for _, members in samples for _, data in members)
