"""Drawings over a screen, in its own pixels: boxes of elements, and where an action went."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape


def boxes(record: dict[str, Any]) -> Markup:
    """Every element's box with its name as the hover title, the largest below."""
    drawn = sorted(record["elements"], key=lambda e: -_area(e["bbox_px"]))
    return Markup("").join(_box(element) for element in drawn)


def _area(box: list[int]) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def _box(element: dict[str, Any]) -> Markup:
    left, top, right, bottom = element["bbox_px"]
    said = [e["text"] for e in element["expressions"]]
    title = f"{element['role']}: {element['name'] or '(' + element['no_name_reason'] + ')'}"
    return Markup(
        '<rect class="box {kind}" x="{x}" y="{y}" width="{w}" height="{h}" rx="2">'
        "<title>{title}\n{said}</title></rect>"
    ).format(
        kind=element["data_type"],
        x=left,
        y=top,
        w=right - left,
        h=bottom - top,
        title=title,
        said="\n".join(said),
    )


def action(step: dict[str, Any]) -> Markup:
    """The element acted upon, and the action: a cross, an arrow, or what was typed."""
    args = step["action"]["args"]
    parts = [_target(step)]
    if args.get("path"):
        parts.append(_arrow(args["path"]))
    elif step["action"]["name"] == "scroll":
        parts.append(_wheel(args))
    elif "x" in args and "y" in args:
        parts.append(_cross(args["x"], args["y"]))
    return Markup("").join(parts)


def _target(step: dict[str, Any]) -> Markup:
    if not step["element"]:
        return Markup("")
    left, top, right, bottom = step["element"]["bbox_px"]
    return Markup(
        '<rect class="target" x="{}" y="{}" width="{}" height="{}" rx="3"><title>{}</title></rect>'
    ).format(left, top, right - left, bottom - top, step["element"]["name"] or "")


def _cross(x: int, y: int) -> Markup:
    return Markup(
        '<g class="cross" transform="translate({} {})"><circle r="16"/>'
        '<path d="M-26 0H-8M8 0H26M0 -26V-8M0 8V26"/></g>'
    ).format(x, y)


def _arrow(path: list[dict[str, int]]) -> Markup:
    points = " ".join(f"{p['x']},{p['y']}" for p in path)
    start, end = path[0], path[-1]
    return Markup(
        '<g class="cross"><circle cx="{}" cy="{}" r="8"/>'
        '<polyline points="{}" marker-end="url(#head)"/><circle cx="{}" cy="{}" r="3"/></g>'
    ).format(start["x"], start["y"], points, end["x"], end["y"])


def _wheel(args: dict[str, Any]) -> Markup:
    dx, dy = int(args.get("dx", 0)), int(args.get("dy", 0))
    turn = 0 if dy > 0 else 180 if dy < 0 else 90 if dx > 0 else 270
    return Markup(
        '<g class="cross" transform="translate({} {}) rotate({})"><circle r="20"/>'
        '<path d="M0 12V-10M-8 -2L0 -11L8 -2"/></g>'
    ).format(args["x"], args["y"], turn)


def words(step: dict[str, Any]) -> str:
    """The action in code-like words for the caption."""
    args = {k: v for k, v in step["action"]["args"].items() if v not in (None, "", [], False)}
    args.pop("path", None)
    listed = ", ".join(f"{key}={value!r}" for key, value in args.items())
    return f"{step['action']['name']}({listed})"


def safe(text: object) -> Markup:
    """Text made safe to stand in the page."""
    return escape(str(text))
