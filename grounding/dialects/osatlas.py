"""OS-Atlas and SeeClick grounding: per screen its elements, each with an instruction and a box.

Only `text` and `icon` exist there, so a widget is what its name makes it: named ones are text.
Boxes are shares of the image; an element nothing can refer to is left out and counted.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from grounding.dialects.shared import Exported


def export(record: dict[str, Any]) -> Exported:
    """A dense grounding record in the grouped form; nothing where no element can be asked for."""
    dropped: Counter[str] = Counter()
    elements: list[dict[str, Any]] = []
    for element in record["elements"]:
        instruction = _instruction(element)
        if instruction is None:
            dropped["no_expression"] += 1
            continue
        elements.append(
            {
                "instruction": instruction,
                "bbox": shares(element["bbox_px"], record["image_size"]),
                "data_type": _data_type(element),
            }
        )
    if not elements:
        return Exported((), dict(dropped))
    name = f"{record['image']}.png"
    return Exported(({"img_filename": name, "elements": elements},), dict(dropped))


def flat(group: dict[str, Any]) -> list[dict[str, Any]]:
    """The other shape of the same: one row per element."""
    return [{"img_filename": group["img_filename"], **e} for e in group["elements"]]


def shares(box: list[int], size: list[int]) -> list[float]:
    """`[left, top, right, bottom]` as shares of the image; right and bottom may be 1."""
    width, height = size
    return [round(v / s, 4) for v, s in zip(box, (width, height, width, height), strict=True)]


def _instruction(element: dict[str, Any]) -> str | None:
    """The plainest expression: the name, else role and name, else what there is in English."""
    said = element["expressions"]
    for kind in ("name", "role_name", "relation", "place"):
        for expression in said:
            if expression["kind"] == kind and (kind == "name" or expression["lang"] == "en"):
                return str(expression["text"])
    return None


def _data_type(element: dict[str, Any]) -> str:
    if element["data_type"] in {"text", "icon"}:
        return str(element["data_type"])
    return "text" if element["name"] else "icon"
