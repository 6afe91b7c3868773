"""Where something is, and what is somewhere: points and boxes, as shares and as 0 to 1000.

Every element that can be referred to is asked for once in each sense, its form by lot. A point
is only asked about where no smaller element lies on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from grounding.dense.asking import Pair, Record, centre, is_plain, rng_of, row, share, thousandths

FORMS: Final = ("point_1", "point_1000", "box_1", "box_1000")
PAIRS: Final = 8
"""Most questions in one conversation."""
WHERE: Final = {
    "en": (
        "Where is {it}? Answer with its {what}.",
        "Find {it} and give its {what}.",
        "Locate {it} on this screen. Answer as {what}.",
    ),
    "zh": ("{it}在哪里？请回答它的{what}。", "请找到{it}，给出{what}。"),
}
WHAT: Final = {
    "en": ("What is at {place}?", "Which element is at {place}?", "Name what lies at {place}."),
    "zh": ("{place}是什么？", "{place}处是哪个元素？"),
}
FIGURES: Final = {
    "en": {
        "point_1": "centre (x, y) as shares of the screen from 0 to 1",
        "point_1000": "centre (x, y) in 0-1000",
        "box_1": "box [left, top, right, bottom] as shares of the screen from 0 to 1",
        "box_1000": "box [left, top, right, bottom] in 0-1000",
    },
    "zh": {
        "point_1": "中心点 (x, y)，用 0 到 1 的比例",
        "point_1000": "中心点 (x, y)，范围 0-1000",
        "box_1": "边框 [左, 上, 右, 下]，用 0 到 1 的比例",
        "box_1000": "边框 [左, 上, 右, 下]，范围 0-1000",
    },
}
SCALE: Final = {
    "en": {"1": " (shares of the screen, 0 to 1)", "1000": " (0-1000)"},
    "zh": {"1": "（0 到 1 的比例）", "1000": "（0-1000）"},
}


def export(record: Record) -> Iterator[dict[str, Any]]:
    """The conversations of one screen, by sense, form and language."""
    for sense in ("where", "what"):
        rng = rng_of(record, sense)
        order = list(record["elements"])
        rng.shuffle(order)
        asked: dict[tuple[str, str], list[Pair]] = {}
        for number, element in enumerate(order):
            form, lang = FORMS[number % len(FORMS)], "zh" if rng.random() < 1 / 3 else "en"
            told = _told(element, lang, sense, rng.random())
            if told and (
                sense == "where" or not form.startswith("point") or _is_top(element, record)
            ):
                pair = _pair(sense, form, lang, told, figures(element, record, form), rng.random())
                asked.setdefault((form, lang), []).append(pair)
        for (form, lang), pairs in sorted(asked.items()):
            for start in range(0, len(pairs), PAIRS):
                part = str(start // PAIRS)
                yield row(
                    record,
                    pairs[start : start + PAIRS],
                    sense=sense,
                    form=form,
                    lang=lang,
                    part=part,
                )


def figures(element: Record, record: Record, form: str) -> str:
    """An element's place in a form."""
    width, height = record["image_size"]
    box = element["bbox_px"]
    if form.startswith("point"):
        x, y = centre(box)
        if form == "point_1":
            return f"({share(x, width)}, {share(y, height)})"
        return f"({min(round(1000 * x / width), 999)}, {min(round(1000 * y / height), 999)})"
    if form == "box_1000":
        return str(thousandths(box, (width, height)))
    sizes = (width, height, width, height)
    return "[" + ", ".join(f"{v / s:.4f}" for v, s in zip(box, sizes, strict=True)) + "]"


def _told(element: Record, lang: str, sense: str, chance: float) -> str:
    """Words for an element: any that picks it out, or for what it is its role and name."""
    said = [e for e in element["expressions"] if is_plain(e["text"])]
    if sense == "what":
        said = [e for e in said if e["kind"] in {"role_name", "relation", "place"}]
        said = [e for e in said if e["lang"] == lang][:1]
    else:
        said = [e for e in said if e["lang"] == lang or e["kind"] == "name"]
    if not said:
        return ""
    one = said[int(chance * len(said))]
    text = str(one["text"])
    return text if one["kind"] != "name" else f"“{text}”" if lang == "zh" else f'"{text}"'


def _pair(sense: str, form: str, lang: str, told: str, place: str, chance: float) -> Pair:
    if sense == "where":
        asks = WHERE[lang]
        ask = asks[int(chance * len(asks))].format(it=told, what=FIGURES[lang][form])
        return ask, place
    asks = WHAT[lang]
    where = place + SCALE[lang][form.rsplit("_", 1)[1]]
    stop = "。" if lang == "zh" else "."
    return asks[int(chance * len(asks))].format(place=where), told[:1].upper() + told[1:] + stop


def _is_top(element: Record, record: Record) -> bool:
    """Whether no other element that is as small has the middle of this one in it."""
    x, y = centre(element["bbox_px"])
    area = _area(element)
    return not any(
        other is not element
        and other["bbox_px"][0] <= x < other["bbox_px"][2]
        and other["bbox_px"][1] <= y < other["bbox_px"][3]
        and _area(other) <= area
        for other in record["elements"]
    )


def _area(element: Record) -> int:
    left, top, right, bottom = element["bbox_px"]
    return int((right - left) * (bottom - top))
