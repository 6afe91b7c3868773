"""Near duplicates among pictures: recall of planted kinds, and how often pictures that differ are taken for one.

Pictures that are drawn here, and drawings and photographs of the shelf where it has them, are planted
changed. Pairs that are none are the pictures drawn here, each with each, and icons of one frame with
different letters that our hashes proposed. The peer is imagehash's phash at a distance of 6 bits, on
the same files and pairs. `ratio` is our recall over the kinds that are mild, divided by the peer's.
"""

from __future__ import annotations

import contextlib
import os
import random
import tempfile
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import numpy as np
import simplejpeg

from corpus.cache import Results
from corpus.categories.caption.render import render
from corpus.operators.images.admit import Rules, admit
from corpus.operators.images.candidates import Candidates
from corpus.operators.images.near import Near
from corpus.operators.images.views import COUNT
from corpus.shelf import Package, Shelf
from infra import settings
from infra.errors import HostileInput, NotFound
from infra.progress import Progress
from tests import peers
from tests.bench.machines import CLOCK
from tests.bench.planted import KINDS, MILD, look_alikes
from tests.bench.report import Report
from tests.bench.scenes import scene

SCENES: Final = 200
SHELF: Final = (
    ("openclipart-svg", "usr/share/openclipart/svg/", ".svg", 60),
    ("tuxpaint-stamps-default", "usr/share/tuxpaint/stamps/", ".png", 40),
)
LARGEST_BYTES: Final = 40_000
"""Larger drawings take seconds to draw."""
RULES: Final = Rules(side_px=448)
PEER_BITS: Final = 6
MANY: Final = 200_000


def run(progress: Progress) -> Report:
    """Recall by kind and false pairs of both, and what a million pictures take."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        (root / "files").mkdir()
        progress.say("drawing")
        drawn, note = _pictures(root / "files")
        near = _near(root, "pictures")
        progress.say("planting")
        found, taken = _planted(near, drawn, root / "files", progress)
        start = CLOCK.monotonic_s()
        progress.say("icons that look alike")
        pairs, false = _false(_near(root, "icons"), root / "files")
        judged_s = CLOCK.monotonic_s() - start
        progress.say("imagehash")
        theirs = peers.ask("near_images", directory=str(root / "files"))
    figures: dict[str, Any] = {"pictures": len(drawn), "pairs_of_look_alikes": len(pairs)}
    recall = {
        kind: float(np.mean([name == hit for name, hit in hits])) for kind, hits in found.items()
    }
    peer = {kind: _peer_recall(kind, list(drawn), theirs) for kind in KINDS}
    for kind in KINDS:
        figures[f"recall {kind}"], figures[f"peer {kind}"] = (
            round(recall[kind], 3),
            round(peer[kind], 3),
        )
    scenes = [name for name in drawn if name.startswith("scene")]
    figures |= {
        "false_pairs": false,
        "peer_false_pairs": _near_pairs(pairs, theirs),
        "false_scenes": taken,
        "peer_false_scenes": _near_pairs(list(combinations(scenes, 2)), theirs),
        "taken_for_another": sum(
            hit not in {name, None} for hits in found.values() for name, hit in hits
        ),
        "judged_pairs_per_s": round(len(pairs) / judged_s, 1),
        **_state(),
    }
    ours, others = (float(np.mean([by[kind] for kind in MILD])) for by in (recall, peer))
    figures["mild_recall"], figures["peer_mild_recall"] = round(ours, 3), round(others, 3)
    ratio = round(ours / others, 3)
    return Report("near_images", figures, f"imagehash at {PEER_BITS} bits", ratio, (note,))


def _near_pairs(pairs: Sequence[tuple[str, str]], theirs: dict[str, str]) -> int:
    return sum(_bits(theirs[one], theirs[other]) <= PEER_BITS for one, other in pairs)


def _near(root: Path, results: str) -> Near:
    return Near(
        lambda name: (root / "files" / name).read_bytes(), lambda f: Results(root / results, f)
    )


def _pictures(root: Path) -> tuple[dict[str, Any], str]:
    """Pictures by the names of their files, and which of the shelf's are among them.

    Those of the shelf are unlike each other: what is found alike there may well be so.
    """
    made = {f"scene {number:04}.jpg": scene(number) for number in range(SCENES)}
    for name, pixels in made.items():
        _write(root / name, pixels)
    shelf, counts = Shelf(settings.load().cache / "shelf"), []
    for source, below, suffix, most in SHELF:
        found: dict[str, Any] = {}
        with contextlib.suppress(NotFound):
            found = _of_shelf(shelf.find(source), below, suffix, most, root)
        counts.append(f"{len(found)} of {source}")
        made |= found
    return made, f"{SCENES} drawn here, {', '.join(counts)}"


def _of_shelf(package: Package, below: str, suffix: str, most: int, root: Path) -> dict[str, Any]:
    """Some pictures of a package, each unlike those before it."""
    files = [
        f
        for f in package.under(below, (suffix,))
        if "/duplicates/" not in f.path and f.size_bytes <= LARGEST_BYTES
    ]
    random.Random(1).shuffle(files)
    near, made = _near(root.parent, package.name), {}
    for number, file in enumerate(files[: 4 * most]):
        pixels = _pixels(package.read(file), suffix)
        if pixels is None:
            continue
        name = f"{package.name} {number:04}.jpg"
        _write(root / name, pixels)
        if near.like(name):
            (root / name).unlink()
            continue
        near.keep(name)
        made[name] = simplejpeg.decode_jpeg((root / name).read_bytes())
        if len(made) == most:
            break
    return made


def _pixels(data: bytes, suffix: str) -> Any:
    """What a file of the shelf shows, or None where that is nothing."""
    if suffix != ".svg":
        try:
            return admit(data, RULES).pixels
        except HostileInput:
            return None
    drawn = render({"data": data, "side_px": RULES.side_px})
    return simplejpeg.decode_jpeg(drawn["data"]) if "data" in drawn else None


def _planted(
    near: Near, drawn: dict[str, Any], root: Path, progress: Progress
) -> tuple[dict[str, list[tuple[str, str | None]]], int]:
    """By kind, each picture and which its changed copy was found to be like; and how many
    of those drawn here were taken for another before any was changed.
    """
    taken = 0
    for name in drawn:
        taken += name.startswith("scene") and near.like(name) is not None
        near.keep(name)
    found: dict[str, list[tuple[str, str | None]]] = {}
    for kind, change in KINDS.items():
        progress.say(f"planting: {kind}")
        draw = random.Random(kind)
        for name, pixels in drawn.items():
            planted = f"{kind} {name}"
            _write(root / planted, change(pixels, draw))
            found.setdefault(kind, []).append((name, near.like(planted)))
    return found, taken


def _false(near: Near, root: Path) -> tuple[list[tuple[str, str]], int]:
    """The pairs of look-alikes that were judged, and how many were taken for one picture."""
    names = []
    for number, icon in enumerate(look_alikes(random.Random(2))):
        names.append(f"icon {number:04}.jpg")
        _write(root / names[-1], icon)
        near.like(names[-1])
        near.keep(names[-1])
    verdicts = {
        (name, other): alike
        for name in names
        for other, alike in near._known(name)["verdicts"].items()
    }
    return sorted(verdicts), sum(verdicts.values())


def _write(path: Path, pixels: Any) -> None:
    path.write_bytes(simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), quality=92))


def _peer_recall(kind: str, names: Sequence[str], theirs: dict[str, str]) -> float:
    return float(
        np.mean([_bits(theirs[f"{kind} {name}"], theirs[name]) <= PEER_BITS for name in names])
    )


def _bits(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _state() -> dict[str, float]:
    """What so many pictures take in memory, and how long one is looked up among them."""
    draw = np.random.default_rng(1)
    codes = draw.integers(0, 256, (MANY, COUNT, 8), np.uint8)
    before, held, names = _resident_bytes(), Candidates(), []
    for number, hashes in enumerate(codes):
        held.add(hashes)
        names.append(f"{number:064x}")
    taken = _resident_bytes() - before
    start = CLOCK.monotonic_s()
    for hashes in codes[:20]:
        held.nearest(hashes)
    looked_s = (CLOCK.monotonic_s() - start) / 20
    return {
        "state_mb_per_million": round(taken / MANY),
        f"lookup_ms_among_{MANY}": round(1000 * looked_s, 2),
    }


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
