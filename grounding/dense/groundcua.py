"""GroundCUA's form: a list of elements per screen, boxes in pixels, text, a coarse category.

The category names are those of the published set as far as they are known. Its reader takes `bbox` as `[left, top, right, bottom]` floats of the image, and `text` as it is.
"""

from __future__ import annotations

from typing import Any, Final

from grounding import roles
from grounding.dense.asking import Record

CATEGORIES: Final = {
    "menu": "Menu", "menuitem": "Menu", "menu-item": "Menu", "menuitemcheckbox": "Menu",
    "check-menu-item": "Menu", "menuitemradio": "Menu", "radio-menu-item": "Menu",
    "tab": "Navigation", "page-tab": "Navigation", "link": "Navigation", "treeitem": "Sidebar",
    "tree-item": "Sidebar", "scrollbar": "Navigation", "scroll-bar": "Navigation",
}  # fmt: skip
KINDS: Final = {
    "control": "Button", "field": "Input Elements", "text": "Information Display",
    "image": "Visual Elements",
}  # fmt: skip


def export(record: Record) -> list[dict[str, Any]]:
    """The rows of one screen."""
    return [
        {
            "image_path": f"images/{record['image']}.png",
            "bbox": [float(v) for v in element["bbox_px"]],
            "text": element["name"] or "",
            "category": category(element["role"]),
            "id": f"{record['id']}-{number:04d}",
        }
        for number, element in enumerate(record["elements"])
    ]


def category(role: str) -> str:
    """The coarse category of a role."""
    return CATEGORIES.get(role) or KINDS.get(roles.role_of(role).kind, "Others")
