"""The fake desktop's element tree, told the way a backend tells one: plain maps, not yet trusted."""

from __future__ import annotations

from typing import Any

from envs.fake.desk import PANEL, Desk, Target
from envs.fake.widgets import ROW, TITLE, Widget, Window
from envs.types import Box

ROOT = "desktop"


def elements(desk: Desk) -> list[dict[str, Any]]:
    """Every element of this state, parents before children."""
    said = [_said(ROOT, None, "desktop-frame", "Desktop", Box(0, 0, desk.width, desk.height))]
    for key, box in desk.icons():
        said.append(_said(f"icon/{key}", ROOT, "icon", desk.window(key).title, box, "open"))
    for window in desk.shown():
        said += _window(window, desk)
    bar = Box(0, desk.height - PANEL, desk.width, desk.height)
    said.append(_said("panel", ROOT, "toolbar", "Panel", bar))
    for key, box in desk.panel_boxes():
        title = desk.window(key).title
        said.append(_said(f"panel/{key}", "panel", "button", title, box, "press"))
    said += _popup(desk)
    parents = {one["id"]: one["parent"] for one in said}
    for one in said:
        one["hit"] = _is_hit(desk, one, parents)
    return said


def name_of(desk: Desk, target: Target) -> str:
    """The id of the element that a pixel belongs to."""
    window, widget = target.window, target.widget
    if window is not None and widget is not None:
        return _row_of(desk, window, widget)
    if window is not None:
        parts = {"menu": f"/menu/{target.name}", "close": "/close"}
        return window.key + parts.get(target.part, "")
    named = f"{target.part}/{target.name}" if target.name else target.part
    return {"popup": f"popup/{target.row}", "desk": ROOT}.get(target.part, named)


def _row_of(desk: Desk, window: Window, widget: Widget) -> str:
    """A widget's id, or that of the list's row under the pointer."""
    key = f"{window.key}/{widget.key}"
    if widget.role != "listbox":
        return key
    row = (desk.pointer[1] - window.on_screen(widget).top) // ROW
    index = widget.offset + row
    return f"{key}/{index}" if index < len(widget.items) else key


def hit(desk: Desk, x: int, y: int) -> str:
    """The id of the element on top at a pixel."""
    probe = Desk(desk.width, desk.height, desk.hue, desk.windows, desk.popup, pointer=(x, y))
    return name_of(probe, probe.under(x, y))


def _said(
    key: str, parent: str | None, role: str, name: str, box: Box, *actions: str
) -> dict[str, Any]:
    return {
        "id": key,
        "parent": parent,
        "role": role,
        "name": name,
        "name_source": "a11y" if name else "",
        "box": box.as_list(),
        "states": ["showing", "visible", "enabled"],
        "actions": list(actions),
        "app": "desk",
        "toolkit": "fake",
    }


def _window(window: Window, desk: Desk) -> list[dict[str, Any]]:
    said = [_said(window.key, ROOT, "window", window.title, window.box)]
    if window is desk.shown()[-1]:
        said[0]["states"].append("active")
    said.append(
        _said(f"{window.key}/close", window.key, "button", "Close", window.close_box, "press")
    )
    if window.menus:
        top = window.box.top + TITLE
        bar = Box(window.box.left, top, window.box.right, top + ROW)
        said.append(_said(f"{window.key}/menubar", window.key, "menubar", "", bar))
    for name, box in window.menu_boxes().items():
        key = f"{window.key}/menu/{name}"
        said.append(_said(key, f"{window.key}/menubar", "menu", name, box, "press"))
    for widget in window.widgets:
        said += _widget(window, widget, desk)
    for one in said:
        one["app"], one["window"] = window.app, window.title
    return said


def _widget(window: Window, widget: Widget, desk: Desk) -> list[dict[str, Any]]:
    key, box = f"{window.key}/{widget.key}", window.on_screen(widget)
    one = _said(key, window.key, widget.role, widget.name, box, *_actions(widget))
    states = one["states"]
    if not widget.enabled:
        states.remove("enabled")
    if widget.checked:
        states.append("checked")
    if widget.role == "textbox":
        states.append("editable")
    if desk.focus == (window.key, widget.key):
        states.append("focused")
    one["value"] = widget.text
    said = [one]
    for row in range(widget.rows if widget.role == "listbox" else 0):
        index = widget.offset + row
        if index < len(widget.items):
            line = Box(box.left, box.top + row * ROW, box.right, box.top + (row + 1) * ROW)
            item = _said(f"{key}/{index}", key, "listitem", widget.items[index], line, "select")
            item["states"] += ["selected"] if index == widget.selected else []
            said.append(item)
    return said


def _actions(widget: Widget) -> tuple[str, ...]:
    actions = {"button": "press", "checkbox": "toggle", "radio": "select", "combobox": "open"}
    return (actions[widget.role],) if widget.role in actions else ()


def _popup(desk: Desk) -> list[dict[str, Any]]:
    popup = desk.popup
    if popup is None:
        return []
    window = desk.window(popup.window)
    said = [_said("popup", window.key, "popup-menu", popup.source, popup.box)]
    for index, item in enumerate(popup.items):
        box = popup.row_box(index)
        said.append(_said(f"popup/{index}", "popup", "menuitem", item, box, "press"))
    for one in said:
        one["app"], one["window"] = window.app, window.title
    return said


def _is_hit(desk: Desk, one: dict[str, Any], parents: dict[str, str | None]) -> bool:
    """Whether the element, or something in it, is on top at its centre."""
    x, y = Box(*one["box"]).centre
    if not (0 <= x < desk.width and 0 <= y < desk.height):
        return False
    key: str = one["id"]
    found: str | None = hit(desk, x, y)
    while found is not None and found != key:
        found = parents.get(found)
    return found == key
