"""Icon themes made by hand: a few drawings in a tree, and a recording whose screens show them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from envs import actions as a
from envs.base import ActResult
from envs.recording.types import Effect
from envs.recording.writer import Recorder
from envs.types import Observation, Screen
from grounding.icons.files import File, Licence
from grounding.icons.files import Tree as Files
from grounding.icons.paint import paint
from infra.clock import FakeClock
from tests.grounding.desk import element, observation, window
from tests.grounding.episodes import header

TEXT = b"Made for tests."
LICENCE = Licence("dep5", "CC0-1.0", "ab" * 32)
INDEX = b"""[Icon Theme]
Name=Plain
Directories=24/actions,scalable/actions,24@2/actions
[24/actions]
Size=24
Context=Actions
[scalable/actions]
Size=48
Context=Actions
Type=Scalable
[24@2/actions]
Size=24
Scale=2
Context=Actions
"""
ENTRY = """[Desktop Entry]
Type=Application
Name=Paint
Name[zh_CN]=画图
Name[de]=Malen
Comment=Draw pictures
Icon=paint
[Desktop Action new]
Name=New drawing
"""
PLUS = '<path d="M10 4h4v6h6v4h-6v6h-4v-6H4v-4h6z" fill="{}"/>'
DISC = '<circle cx="12" cy="12" r="9" fill="{}"/>'
WEDGE = '<path d="M4 4L20 12L4 20z" fill="{}"/>'
FRAME = '<path d="M3 3h18v18H3z M7 7v10h10V7z" fill-rule="evenodd" fill="{}"/>'
WAVES = '<path d="M3 5h18v3H3z M3 16h18v3H3z" fill="{}"/>'


def svg(shape: str, colour: str = "#202020") -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{shape.format(colour)}</svg>'.encode()


def tree(files: dict[str, bytes], links: dict[str, str] | None = None) -> Files:
    made = {
        path: File(path, "plain-icons", "1", LICENCE, len(data), lambda data=data: data)
        for path, data in files.items()
    }
    return Files("plain", made, links or {}, {LICENCE.text_sha256: TEXT})


def theme(icons: dict[str, bytes], links: dict[str, str] | None = None) -> Files:
    root = "usr/share/icons/plain"
    return tree(
        {
            f"{root}/index.theme": INDEX,
            **{f"{root}/scalable/actions/{name}": data for name, data in icons.items()},
        },
        {
            f"{root}/scalable/actions/{n}": f"{root}/scalable/actions/{t}"
            for n, t in (links or {}).items()
        },
    )


def pixels(data: bytes, size_px: int) -> np.ndarray:
    """One drawing at one size, RGBA."""
    made = paint({"files": [{"data": data, "size_px": size_px, "sizes": [size_px]}]})
    png = made["pictures"][0]["png"]
    bgra = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    return cv2.cvtColor(bgra, cv2.COLOR_BGRA2RGBA)


def on(rgba: np.ndarray, ground: np.ndarray | int, pad: int = 6) -> np.ndarray:
    """A drawing as a screen shows it: on a ground, with room around."""
    height, width = rgba.shape[0] + 2 * pad, rgba.shape[1] + 2 * pad
    shown = np.empty((height, width, 3), np.float32)
    shown[...] = ground
    part = shown[pad:-pad, pad:-pad]
    alpha = rgba[..., 3:].astype(np.float32) / 255
    part[...] = rgba[..., :3] * alpha + part * (1 - alpha)
    return shown.astype(np.uint8)


def screen(
    icons: dict[str, tuple[bytes, tuple[int, int], str]], title: str = "Form"
) -> Observation:
    """A window with icons: by id the drawing, where it stands, and its accessible name."""
    elements = [
        element(key, "button", (x, y, x + 36, y + 36), name)
        for key, (_, (x, y), name) in icons.items()
    ]
    seen = observation(window(title=title), *elements)
    for data, (x, y), _ in icons.values():
        seen.screen.pixels[y : y + 36, x : x + 36] = on(pixels(data, 24), 230)
    return Observation(Screen(seen.screen.pixels, 3_000), seen.tree, stable=True)


def record(
    home: Path, before: Observation, after: Observation, pressed: str, at: tuple[int, int]
) -> None:
    """One episode of one click."""
    with Recorder(home, header("ep-icons"), FakeClock()) as recorder:
        recorder.first(before)
        recorder.intent("ep-icons-1", a.Click(*at), pressed, "new")
        recorder.result(ActResult("applied", "", 1, 2, "host"))
        effect = Effect(changed_pixels=90, appeared=1, did_anything=True)
        recorder.commit(after, effect, settle_s=0.1, settled=True)
        recorder.close("completed")
