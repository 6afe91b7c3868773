"""Pictures on one core: JPEG to 448 px to JPEG against Pillow, and perceptual hashes against imagehash.

Both read the same files, photograph-like and of several sizes, in turn; the medians of the passes
count, in seconds of the processor, since others use the machine too. Pillow makes thumbnails as its users do: it too decodes a JPEG at a fraction.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import numpy as np

from corpus.operators.images import perceptual
from corpus.operators.images.admit import Rules, admit
from infra.progress import Progress
from tests import peers
from tests.bench.report import Report
from tests.bench.turns import one_core

SIZES: Final = ((1024, 768), (768, 1024), (1600, 1200), (640, 480), (800, 800), (1920, 1080))
FILES: Final = 60
PASSES: Final = 5
RULES: Final = Rules()


def run(progress: Progress) -> Report:
    """Pictures a second of both, and the smaller of the two ratios."""
    ours, theirs = [], []
    with one_core(), tempfile.TemporaryDirectory() as directory:
        files = _files(Path(directory))
        for number in range(PASSES):
            progress.say(f"pass {number + 1} of {PASSES}")
            ours.append(_ours(files))
            theirs.append(peers.ask("image", directory=directory, side=RULES.side_px,
                                    quality=RULES.quality))  # fmt: skip
        off = [perceptual.distance(perceptual.of_jpeg(d), perceptual.of_pixels(admit(d, RULES).pixels))
               for d in files]  # fmt: skip
    return _report(ours, theirs, off)


def _report(ours: list[dict[str, float]], theirs: list[dict[str, Any]], off: list[int]) -> Report:
    figures: dict[str, Any] = {"files": FILES, "passes": PASSES}
    ratios = {}
    for what in ("encode", "hash"):
        mine = statistics.median(done[f"{what}_s"] for done in ours)
        peer = statistics.median(done[f"{what}_s"] for done in theirs)
        figures[f"{what}_files_per_s"] = round(FILES / mine, 1)
        figures[f"peer_{what}_files_per_s"] = round(FILES / peer, 1)
        ratios[what] = figures[f"{what}_ratio"] = round(peer / mine, 2)
    figures["bits_off_of_full_decode_mean"] = round(statistics.mean(off), 2)
    return Report("image", figures, "Pillow's thumbnail; imagehash's phash", min(ratios.values()))


def _ours(files: list[bytes]) -> dict[str, float]:
    start = time.process_time()
    for data in files:
        admit(data, RULES)
    encode_s = time.process_time() - start
    start = time.process_time()
    for data in files:
        perceptual.of_jpeg(data)
    return {"encode_s": encode_s, "hash_s": time.process_time() - start}


def _files(directory: Path) -> list[bytes]:
    """Photograph-like JPEGs: detail at every scale, 4:2:0 as cameras write it."""
    import cv2
    import simplejpeg

    draw, sizes, files = np.random.default_rng(1), random.Random(1), []
    for number in range(FILES):
        width, height = sizes.choice(SIZES)
        pixels = np.full((height, width, 3), 128.0, np.float32)
        for cell, levels in ((2, 8), (8, 18), (64, 40)):
            grid = draw.normal(0, levels, (height // cell + 2, width // cell + 2, 3)).astype(
                np.float32
            )
            pixels += cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
        shown = np.clip(pixels, 0, 255).astype(np.uint8)
        data = bytes(simplejpeg.encode_jpeg(shown, quality=88, colorsubsampling="420"))
        (directory / f"{number:03}.jpg").write_bytes(data)
        files.append(data)
    return files
