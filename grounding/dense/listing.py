"""Every element of a screen in reading order, with its role, its name and its box in 0 to 1000."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from grounding import roles
from grounding.dense.asking import Record, is_plain, reading_order, rng_of, row, thousandths

ASK: Final = {
    "en": (
        "List every element of this screen in reading order, with its role, name and box in 0-1000.",
        "What elements are here? Give role, name and box in 0-1000 of each, in reading order.",
    ),
    "zh": (
        "请按阅读顺序列出屏幕上的所有元素：角色、名称和 0-1000 的边框。",
        "这个屏幕上有哪些元素？请依次给出角色、名称和 [左, 上, 右, 下] 边框（0-1000）。",
    ),
}


def export(record: Record) -> Iterator[dict[str, Any]]:
    """One listing in English and one in Chinese."""
    ordered = reading_order(record["elements"])
    for lang in ("en", "zh"):
        rng = rng_of(record, f"listing/{lang}")
        lines = [_line(n, e, record, lang) for n, e in enumerate(ordered, 1)]
        yield row(record, [(rng.choice(ASK[lang]), "\n".join(lines))], form="listing", lang=lang)


def _line(number: int, element: Record, record: Record, lang: str) -> str:
    name = element["name"] or ""
    quoted = (f"“{name}”" if lang == "zh" else f'"{name}"') if is_plain(name) else "-"
    role = roles.word(element["role"], lang)
    return f"{number}. {role} {quoted} {thousandths(element['bbox_px'], record['image_size'])}"
