"""The samples in other people's forms: OS-Atlas grounding and LLaMA-Factory conversations."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from grounding.dialects import sharegpt
from grounding.dialects.osatlas import shares
from grounding.icons.samples import Written
from grounding.icons.store import Store
from grounding.samples import publish_document, publish_list

IMAGES: Final = "images"
INFO_NAME: Final = "trawl_icons"
ASKED: Final = {"en": "<image>What does this icon mean?", "zh": "<image>这个图标是什么意思？"}


def write_dialects(store: Store, made: Written) -> None:
    """Write `dialects/` with its images."""
    out = store.root / "dialects"
    publish_list(out / "osatlas.json", list(_grouped(store, made.targets, out)))
    rows = [_conversation(store, row, out) for row in made.captions]
    publish_list(out / "llamafactory.json", rows)
    publish_document(
        out / "dataset_info.json", sharegpt.dataset_info("llamafactory.json", INFO_NAME)
    )


def _grouped(store: Store, targets: list[dict[str, Any]], out: Path) -> list[dict[str, Any]]:
    """Per screen its icons, asked for by what they mean."""
    groups: dict[str, dict[str, Any]] = {}
    for row in targets:
        name = f"{row['image']}.png"
        group = groups.setdefault(name, {"img_filename": name, "elements": []})
        place(store, row["image"], out / IMAGES / name)
        group["elements"].append(
            {
                "instruction": row["meanings"][0]["text"],
                "bbox": shares(row["bbox_px"], row["image_size"]),
                "data_type": "icon",
            }
        )
    return list(groups.values())


def _conversation(store: Store, row: dict[str, Any], out: Path) -> dict[str, Any]:
    sha256 = row["picture"]["sha256"]
    name = f"{sha256}.png"
    place(store, sha256, out / IMAGES / name)
    return {
        "messages": [
            {"role": "user", "content": ASKED[row["lang"]]},
            {"role": "assistant", "content": row["meaning"]},
        ],
        "images": [f"{IMAGES}/{name}"],
    }


def place(store: Store, sha256: str, target: Path) -> None:
    """Give a picture a name with an ending."""
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(store.get(sha256))
