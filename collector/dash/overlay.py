"""A step's screen as a drawing: the picture, every box over it by its source, where the action went.

Picture and boxes share one plane in the screen's pixels, so that they fit however it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from markupsafe import Markup

from collector.dash.charts.svg import element
from collector.dash.pictures import screen_address
from collector.gallery import marks
from collector.views.layers import Mark
from infra.visible import one_line

MOST: Final = 4000
"""Boxes of one layer that are drawn, the largest first."""
HEAD: Final = Markup(
    '<defs><marker id="head" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="4" markerHeight="4"'
    ' orient="auto-start-reverse"><path d="M0 0L10 5L0 10z"/></marker>'
    '<clipPath id="later"><rect id="cut" x="{cut}" width="{width}" height="{height}"/></clipPath></defs>'
)


def stage(step: Mapping[str, Any]) -> Markup:
    """The whole drawing of a step as `collector.views.layers.step` tells it."""
    width, height = step["size"]
    parts = [
        HEAD.format(cut=width // 2, width=width, height=height),
        _picture(step["before"], width, height, "before"),
        _layer("changed", map(_changed, step["changed_boxes"])),
        _layer("tree", map(_box, step["layers"]["tree"][:MOST])),
        _layer("kept", map(_box, step["layers"]["kept"][:MOST])),
        _layer("action", [marks.action(_acted(step))]),
        _picture(step["after"], width, height, "after"),
        element("line", id="edge", class_="edge", x1=width // 2, x2=width // 2, y1=0, y2=height),
    ]
    return element("svg", *parts, class_="stage", viewBox=f"0 0 {width} {height}", role="img",
                   aria_label=f"screen of step {step['index'] + 1}")  # fmt: skip


def _picture(screen: Mapping[str, Any], width: int, height: int, name: str) -> Markup:
    return element("image", class_=f"shot {name}", href=screen_address(screen), width=width,
                   height=height, preserveAspectRatio="none")  # fmt: skip


def _layer(name: str, drawn: Iterable[Markup]) -> Markup:
    return element("g", *drawn, class_=f"layer {name}")


def _box(mark: Mark) -> Markup:
    left, top, right, bottom = mark.box
    told = f"{mark.role}: {one_line(mark.name)[:300]}" if mark.name else mark.role
    if mark.why:
        told += f" (left out: {mark.why.replace('_', ' ')})"
    return element("rect", element("title", told), class_=f"box of-{mark.kind}{' out' if mark.why else ''}",
                   x=left, y=top, width=right - left, height=bottom - top)  # fmt: skip


def _changed(box: list[int]) -> Markup:
    left, top, right, bottom = box
    return element("rect", element("title", "pixels changed here"), class_="box of-pixels", x=left, y=top,
                   width=right - left, height=bottom - top)  # fmt: skip


def _acted(step: Mapping[str, Any]) -> dict[str, Any]:
    """The step as `marks` draws it."""
    on = step["element"]
    target = on and on["box"] and {"bbox_px": on["box"], "name": on["name"]}
    return {"action": step["action"], "element": target}
