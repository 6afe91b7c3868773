"""Engines that read text off a picture: rapidocr for Latin and Chinese, tesseract from right to left.

A picture is read as it is handed over, enlarged, on a margin of its own ground; both the crops of
screens and the perfect crops that they are compared with go this way.
"""

from __future__ import annotations

import subprocess
from collections import Counter
from typing import Any, Final, NamedTuple, Protocol

import numpy as np

from envs.types import Pixels
from grounding.precision.rule import ARABIC, HAN, HEBREW, LATIN
from infra.errors import Unavailable

ENLARGED: Final = 3
MARGIN_PX: Final = 10
LONGEST_PX: Final = 2400
"""A longer picture is enlarged less."""
READ_S: Final = 60.0
LANGUAGES: Final = {ARABIC: "ara", HEBREW: "heb"}
"""What tesseract calls the scripts from right to left."""


class Segment(NamedTuple):
    """One line or part of a line as an engine found it; the width is in the picture's pixels."""

    text: str
    width_px: float


class Engine(Protocol):
    """Reads the text of a picture."""

    name: str

    def read(self, pixels: Pixels) -> list[Segment]:
        """The text of a picture in reading order."""
        ...


class Rapid:
    """rapidocr's small models on the processor."""

    def __init__(self) -> None:
        try:
            import rapidocr
        except ImportError as error:
            raise Unavailable("rapidocr is not installed", "pip install 'trawl[ocr]'") from error
        from importlib.metadata import version

        self.name = f"rapidocr {version('rapidocr')}"
        self._read: Any = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Global.text_score": 0.3,
                "Global.width_height_ratio": -1,
                "Global.min_height": 0,
                "Det.limit_type": "max",
                "Det.limit_side_len": LONGEST_PX,
                "EngineConfig.onnxruntime.intra_op_num_threads": 2,
            }
        )

    def read(self, pixels: Pixels) -> list[Segment]:
        """The lines that it detects; where it detects none, the picture as one line."""
        large, factor = enlarged(pixels)
        found = self._read(large, use_det=True)  # it remembers what it was told last
        if not found.txts:
            found = self._read(large, use_det=False)
            return [Segment(text, 0.0) for text in found.txts or ()]
        corners = [np.asarray(box, dtype=float) for box in found.boxes]
        order = _in_reading_order(corners)
        return [Segment(found.txts[i], float(np.ptp(corners[i][:, 0])) / factor) for i in order]


class Tesseract:
    """The program tesseract with one language and English."""

    def __init__(self, language: str) -> None:
        self._language = language
        told = _run(["tesseract", "--version"], b"").splitlines()[0].decode()
        self.name = f"{told} {language}"

    def read(self, pixels: Pixels) -> list[Segment]:
        """Its lines; it tells no widths this way."""
        import cv2

        large, _ = enlarged(pixels)
        _, png = cv2.imencode(".png", cv2.cvtColor(large, cv2.COLOR_RGB2BGR))
        words = ["tesseract", "stdin", "stdout", "-l", f"{self._language}+eng", "--psm", "6"]
        lines = _run(words, png.tobytes()).decode("utf-8", "replace").splitlines()
        return [Segment(line, 0.0) for line in lines if line.strip()]


class Engines:
    """The engine for each script, made when it is first wanted."""

    def __init__(self) -> None:
        self._made: dict[str, Engine] = {}

    def of(self, script: str) -> Engine:
        """The engine that reads a script. Raises Unavailable where it is not installed."""
        key = LATIN if script in {LATIN, HAN} else script
        if key not in self._made:
            self._made[key] = Rapid() if key == LATIN else Tesseract(LANGUAGES[key])
        return self._made[key]

    def names(self) -> list[str]:
        """What was read with."""
        return sorted(engine.name for engine in self._made.values())


def enlarged(pixels: Pixels) -> tuple[Pixels, float]:
    """The picture on a margin of its commonest colour, enlarged; and by how much."""
    import cv2

    ground = [int(level) for level in ground_of(pixels)]
    m = MARGIN_PX
    wide = cv2.copyMakeBorder(pixels, m, m, m, m, cv2.BORDER_CONSTANT, value=ground)
    factor = min(float(ENLARGED), LONGEST_PX / max(wide.shape[:2]))
    large = cv2.resize(wide, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    return np.asarray(large, dtype=np.uint8), factor


def ground_of(pixels: Pixels) -> tuple[int, int, int]:
    """The commonest colour of a picture."""
    colours = Counter(map(tuple, pixels.reshape(-1, 3).tolist()))
    red, green, blue = colours.most_common(1)[0][0]
    return red, green, blue


def _in_reading_order(corners: list[Any]) -> list[int]:
    """Line by line from the top, each from the left; a segment is of the line it overlaps."""
    spans = [(float(c[:, 1].min()), float(c[:, 1].max()), float(c[:, 0].min())) for c in corners]
    lines: list[list[int]] = []
    for i in sorted(range(len(spans)), key=lambda i: spans[i][0] + spans[i][1]):
        middle = (spans[i][0] + spans[i][1]) / 2
        if lines and middle < spans[lines[-1][0]][1]:
            lines[-1].append(i)
        else:
            lines.append([i])
    return [i for line in lines for i in sorted(line, key=lambda i: spans[i][2])]


def _run(words: list[str], given: bytes) -> bytes:
    try:
        done = subprocess.run(words, input=given, capture_output=True, timeout=READ_S, check=False)
    except FileNotFoundError as error:
        raise Unavailable("tesseract is not installed", "apt install tesseract-ocr") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()[:200]
        raise Unavailable(f"tesseract failed: {said}", "apt install tesseract-ocr-ara -heb")
    return done.stdout
