"""The fake desktop's pixels, drawn with numpy and OpenCV: the same state, the same picture.

ASCII is drawn with OpenCV's stroke font in fixed cells. Other scripts, which that font lacks, get
a pattern of their own per character: distinct, reproducible, and not to be read.
"""

from __future__ import annotations

import functools
import zlib

import numpy as np
import numpy.typing as npt

from envs.fake.desk import PANEL, Desk
from envs.fake.widgets import CELL_H, CELL_W, ROW, TITLE, Popup, Widget, Window, columns
from envs.types import Box, Pixels

Colour = tuple[int, int, int]
INK: Colour = (32, 34, 38)
PALE: Colour = (150, 152, 158)
PAPER: Colour = (252, 252, 252)
FACE: Colour = (236, 237, 240)
EDGE: Colour = (176, 178, 184)
MARKED: Colour = (164, 200, 248)
BAR: Colour = (58, 62, 72)


def picture(desk: Desk) -> Pixels:
    """The screen of this state: height × width × 3, RGB."""
    pixels = _wallpaper(desk.width, desk.height, desk.hue).copy()
    for key, box in desk.icons():
        _icon(pixels, box, desk.window(key).title)
    shown = desk.shown()
    for window in shown:
        _window(pixels, window, desk, active=window is shown[-1])
    fill(pixels, Box(0, desk.height - PANEL, desk.width, desk.height), BAR)
    for key, box in desk.panel_boxes():
        fill(pixels, box, (88, 94, 108))
        write(pixels, box, desk.window(key).title, PAPER)
    if desk.popup is not None:
        _popup(pixels, desk.popup)
    return pixels


def fill(pixels: Pixels, box: Box, colour: Colour) -> None:
    """Paint a rectangle, as much of it as is on the picture."""
    height, width = pixels.shape[:2]
    b = box.intersection(Box(0, 0, width, height))
    pixels[b.top : b.bottom, b.left : b.right] = colour


def frame(pixels: Pixels, box: Box, colour: Colour) -> None:
    """Paint a rectangle's edge, one pixel wide."""
    left, top, right, bottom = box.as_list()
    fill(pixels, Box(left, top, right, top + 1), colour)
    fill(pixels, Box(left, bottom - 1, right, bottom), colour)
    fill(pixels, Box(left, top, left + 1, bottom), colour)
    fill(pixels, Box(right - 1, top, right, bottom), colour)


def write(pixels: Pixels, box: Box, text: str, colour: Colour, line: int = 0) -> None:
    """Write one line of text into a box, cut where the box ends."""
    height, width = pixels.shape[:2]
    top = box.top + (4 + line * CELL_H if box.height >= 2 * CELL_H else (box.height - CELL_H) // 2)
    left = box.left + 4
    for character in text:
        cells = columns(character)
        right, bottom = left + cells * CELL_W, top + CELL_H
        if right > min(box.right, width) or bottom > min(box.bottom + 4, height):
            return
        if top >= 0 and left >= 0:
            pixels[top:bottom, left:right][glyph(character)] = colour
        left = right


@functools.lru_cache(maxsize=4096)
def glyph(character: str) -> npt.NDArray[np.bool_]:
    """Which pixels of its cell a character covers."""
    import cv2

    width = CELL_W * columns(character)
    if not character.isascii():
        bits = np.random.default_rng(zlib.crc32(character.encode())).random((6, width // 2 - 1))
        cell = np.zeros((CELL_H, width), bool)
        cell[2:14, 1 : width - 1] = np.kron(bits > 0.5, np.ones((2, 2))) > 0
        return cell
    canvas = np.zeros((CELL_H, width), np.uint8)
    cv2.putText(canvas, character, (0, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.38, 255, 1)
    return canvas > 0


@functools.lru_cache(maxsize=8)
def _wallpaper(width: int, height: int, hue: int) -> Pixels:
    import cv2

    hsv = np.empty((height, width, 3), np.uint8)
    hsv[..., 0] = hue
    hsv[..., 1] = np.linspace(70, 130, height, dtype=np.uint8)[:, None]
    hsv[..., 2] = np.linspace(150, 90, width, dtype=np.uint8)[None, :]
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), np.uint8)


def _icon(pixels: Pixels, box: Box, title: str) -> None:
    fill(pixels, Box(box.left + 12, box.top + 4, box.right - 12, box.top + 44), (226, 190, 96))
    fill(pixels, Box(box.left + 18, box.top + 12, box.right - 18, box.top + 18), PAPER)
    write(pixels, Box(box.left - 4, box.top + 46, box.right + 8, box.bottom), title, PAPER)


def _window(pixels: Pixels, window: Window, desk: Desk, *, active: bool) -> None:
    fill(pixels, window.box, FACE)
    title = Box(window.box.left, window.box.top, window.box.right, window.box.top + TITLE)
    fill(pixels, title, (70, 108, 170) if active else (128, 136, 150))
    write(pixels, title, window.title, PAPER)
    fill(pixels, window.close_box, (206, 84, 76))
    write(pixels, window.close_box, "x", PAPER)
    for name, box in window.menu_boxes().items():
        write(pixels, box, name, INK)
    for widget in window.widgets:
        focused = desk.focus == (window.key, widget.key)
        _widget(pixels, window.on_screen(widget), widget, focused=focused)
    frame(pixels, window.box, EDGE)


def _widget(pixels: Pixels, box: Box, widget: Widget, *, focused: bool) -> None:
    ink = INK if widget.enabled else PALE
    if widget.role in {"label", "status"}:
        write(pixels, box, widget.name or widget.text, ink)
    elif widget.role == "textbox":
        _text(pixels, box, widget, focused=focused)
    elif widget.role in {"checkbox", "radio"}:
        mark = Box(box.left, box.top + 3, box.left + 14, box.top + 17)
        fill(pixels, mark, PAPER)
        frame(pixels, mark, ink)
        if widget.checked:
            fill(pixels, Box(mark.left + 4, mark.top + 4, mark.right - 4, mark.bottom - 4), INK)
        write(pixels, Box(box.left + 18, box.top, box.right, box.bottom), widget.name, ink)
    elif widget.role == "listbox":
        _list(pixels, box, widget)
    elif widget.role == "canvas":
        fill(pixels, box, PAPER)
        for x, y in widget.ink:
            dot = Box(box.left + x - 1, box.top + y - 1, box.left + x + 2, box.top + y + 2)
            fill(pixels, dot.intersection(box), (40, 70, 200))
    else:
        fill(pixels, box, (222, 224, 230))
        write(pixels, box, widget.text if widget.role == "combobox" else widget.name, ink)
    if widget.role not in {"label", "status", "checkbox", "radio"} or focused:
        frame(pixels, box, (60, 110, 220) if focused else EDGE)


def _text(pixels: Pixels, box: Box, widget: Widget, *, focused: bool) -> None:
    fill(pixels, box, PAPER)
    start, end = widget.selection
    place = 0
    for row, line in enumerate(widget.text.split("\n") if widget.multiline else [widget.text]):
        top = box.top + (4 + row * CELL_H if widget.multiline else (box.height - CELL_H) // 2)
        if top + CELL_H > box.bottom:
            return
        if focused and start < place + len(line) and end > place:
            before = columns(line[: max(0, start - place)])
            upto = columns(line[: end - place])
            left = box.left + 4
            marked = Box(left + before * CELL_W, top, left + upto * CELL_W, top + CELL_H)
            fill(pixels, marked.intersection(box), MARKED)
        write(pixels, box, line, INK, row)
        if focused and place <= widget.caret <= place + len(line):
            x = box.left + 4 + CELL_W * columns(line[: widget.caret - place])
            fill(pixels, Box(x, top, x + 1, top + CELL_H).intersection(box), INK)
        place += len(line) + 1


def _list(pixels: Pixels, box: Box, widget: Widget) -> None:
    fill(pixels, box, PAPER)
    for row, item in enumerate(widget.items[widget.offset : widget.offset + widget.rows]):
        line = Box(box.left, box.top + row * ROW, box.right - 12, box.top + (row + 1) * ROW)
        if widget.offset + row == widget.selected:
            fill(pixels, line, MARKED)
        write(pixels, line, item, INK)
    top = box.top + box.height * widget.offset // max(1, len(widget.items))
    height = box.height * widget.rows // max(1, len(widget.items))
    fill(pixels, Box(box.right - 10, top, box.right - 2, top + height), EDGE)


def _popup(pixels: Pixels, popup: Popup) -> None:
    fill(pixels, popup.box, FACE)
    for index, item in enumerate(popup.items):
        if index == popup.hover:
            fill(pixels, popup.row_box(index), MARKED)
        write(pixels, popup.row_box(index), item, INK)
    frame(pixels, popup.box, INK)
