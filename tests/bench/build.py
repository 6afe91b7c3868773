"""Building a corpus from first read to manifest: samples a second, memory, and how both grow.

Texts of drawn words lie in one file of JSON lines. The largest says what a million samples cost; the
line through all sizes says whether it grows in proportion. The texts of the home's corpus `archive`
are built beside them, where there is one: real ones, of all lengths and many languages.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import resource
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np

from corpus import build as building
from corpus import recipe
from corpus.build import Places
from infra.progress import Progress, Silent
from infra.settings import load
from tests.bench.machines import CLOCK
from tests.bench.report import Report

SIZES: Final = (10_000, 100_000, 1_000_000)
RECIPE: Final = """\
name: drawn
budget_tokens: 1000000000000
categories: {{text: {{weight: 1}}}}
sources: {{lines: {{category: text, reader: jsonl, url: "{url}", licence: CC0-1.0}}}}
"""
WORDS: Final = 20_000
REAL: Final = "archive"
MOST_REAL: Final = 100_000
PIECE_CHARS: Final = 1_200


def run(progress: Progress) -> Report:
    """Each size with one worker and with two, each in a process of its own."""
    sizes = [int(n) for n in os.environ.get("TRAWL_BENCH_SIZES", "").split()] or SIZES
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="build-") as place:
            progress.say(f"{size} samples")
            file = Path(place) / "drawn.jsonl"
            _draw(file, size)
            one = _timed(Path(place) / "one", file, 1)
            two = _timed(Path(place) / "two", file, 2)
            assert one.pop("sha256") == two.pop("sha256")
            rows.append({"samples": size, "one": one, "two": two})
    return Report("build", {**_figures(rows), **_real(rows[-1], progress)})


def _real(drawn: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """The same for real texts; by their bytes beside drawn ones, since they are longer."""
    messages = load().home / "corpora" / REAL / "messages.jsonl"
    if not messages.exists():
        progress.say(f"no corpus {REAL}: real texts are left out")
        return {}
    progress.say("real samples")
    with tempfile.TemporaryDirectory(prefix="build-") as place:
        file = Path(place) / "real.jsonl"
        samples = _copy(messages, file)
        real = _timed(Path(place) / "one", file, 1)
    return {
        "real_samples": samples,
        "real_samples_per_s": round(samples / real["s"]),
        "real_mb": round(real["text_mb"], 1),
        "real_s": real["s"],
        "real_mb_per_s": round(real["text_mb"] / real["s"], 2),
        "drawn_mb_per_s": round(drawn["one"]["text_mb"] / drawn["one"]["s"], 2),
        "real_peak_mib": real["peak_mib"],
    }


def _copy(messages: Path, file: Path) -> int:
    """At most `MOST_REAL` pieces of a corpus's documents, as JSON lines."""
    count = 0
    with messages.open() as lines, file.open("w") as out:
        for line in lines:
            said = json.loads(line)
            (first, *more) = said["messages"]
            if more or said["images"]:
                continue
            for number, text in enumerate(_pieces(first["content"])):
                out.write(json.dumps({"text": text, "id": f"{said['id']}-{number}"}) + "\n")
                count += 1
                if count == MOST_REAL:
                    return count
    return count


def _pieces(text: str) -> Iterator[str]:
    """A document cut between paragraphs, where a piece would be longer than `PIECE_CHARS`."""
    piece = ""
    for block in text.split("\n\n"):
        if piece and len(piece) + len(block) > PIECE_CHARS:
            yield piece
            piece = ""
        piece = f"{piece}\n\n{block}" if piece else block
    yield piece


def _figures(rows: list[dict[str, Any]]) -> dict[str, Any]:
    many = np.array([row["samples"] for row in rows], dtype=float)
    took = np.array([row["one"]["s"] for row in rows])
    slope, start = np.polyfit(many, took, 1)
    off = float(np.abs(took - (slope * many + start)).max() / took.max())
    last = rows[-1]
    return {
        "samples": last["samples"],
        "samples_per_s": round(last["samples"] / last["one"]["s"]),
        "samples_per_s_two_workers": round(last["samples"] / last["two"]["s"]),
        "again_samples_per_s": round(last["samples"] / last["one"]["again_s"]),
        "s_per_million": round(slope * 1e6, 1),
        "worst_off_the_line": round(off, 3),
        "peak_mib": last["one"]["peak_mib"],
        "disk_mib": last["one"]["disk_mib"],
        **{f"s_at_{row['samples']}": row["one"]["s"] for row in rows},
    }


def _timed(home: Path, file: Path, workers: int) -> dict[str, Any]:
    """Build twice in a new process: all of it, and again from what is kept."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        answer = pool.submit(_build, str(home), str(file), workers).result()
    shutil.rmtree(home)
    return answer


def _build(home: str, file: str, workers: int) -> dict[str, Any]:
    places = Places(Path(home), Path(home) / "cache", workers, 0)
    chosen = recipe.parse(RECIPE.format(url=file).encode(), "drawn")
    start = CLOCK.monotonic_s()
    built = building.build(chosen, places, Silent())
    whole = CLOCK.monotonic_s()
    building.build(chosen, places, Silent())
    again = CLOCK.monotonic_s()
    size = sum(path.stat().st_size for path in built.root.rglob("*") if path.is_file())
    return {
        "s": round(whole - start, 2),
        "again_s": round(again - whole, 2),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
        "disk_mib": size >> 20,
        "text_mb": Path(file).stat().st_size / 1e6,
        "sha256": built.sha256,
    }


def _draw(file: Path, size: int) -> None:
    """So many texts of about 60 drawn words."""
    draw = random.Random(7)
    words = ["".join(draw.choices("etaoinshrdlucm", k=draw.randint(2, 9))) for _ in range(WORDS)]
    with file.open("w") as out:
        for _ in range(size):
            text = " ".join(draw.choices(words, k=draw.randint(20, 100)))
            out.write(json.dumps({"text": text, "language": "en"}) + "\n")
