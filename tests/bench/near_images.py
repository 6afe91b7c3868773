"""Near duplicates among pictures: recall of planted kinds, and how often look-alikes are taken for one.

Drawings of the shelf are planted changed; icons of one frame with different letters are the pairs
that are none. The peer is imagehash's phash at a distance of 6 bits, on the same files and pairs.
`ratio` is our recall over the kinds that are mild, divided by the peer's; both false shares stand
beside it, of the pairs of look-alikes that our hashes proposed.
"""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np
import simplejpeg

from corpus.cache import Results
from corpus.categories.caption.render import render
from corpus.operators.images.candidates import Candidates
from corpus.operators.images.near import Near
from corpus.operators.images.views import COUNT
from corpus.shelf import Shelf
from infra import settings
from infra.progress import Progress
from tests import peers
from tests.bench.machines import CLOCK
from tests.bench.planted import KINDS, MILD, look_alikes
from tests.bench.report import Report

DRAWINGS: Final = 60
LARGEST_BYTES: Final = 40_000
"""Larger drawings take seconds to draw."""
PEER_BITS: Final = 6
MANY: Final = 200_000


def run(progress: Progress) -> Report:
    """Recall by kind and false share of both, and what a million pictures take."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        (root / "files").mkdir()
        progress.say("drawing")
        drawings = _drawings(root / "files")
        near = _near(root, "drawings")
        progress.say("planting")
        found, start = _planted(near, drawings, root / "files"), CLOCK.monotonic_s()
        progress.say("icons that look alike")
        pairs, false = _false(_near(root, "icons"), root / "files")
        judged_s = CLOCK.monotonic_s() - start
        progress.say("imagehash")
        theirs = peers.ask("near_images", directory=str(root / "files"))
    figures: dict[str, Any] = {"drawings": len(drawings), "pairs_of_look_alikes": len(pairs)}
    recall = {kind: float(np.mean(hits)) for kind, hits in found.items()}
    peer = {kind: _peer_recall(kind, drawings, theirs) for kind in KINDS}
    for kind in KINDS:
        figures[f"recall {kind}"], figures[f"peer {kind}"] = (
            round(recall[kind], 3),
            round(peer[kind], 3),
        )
    figures |= {
        "false_pairs": false,
        "peer_false_pairs": sum(_bits(theirs[a], theirs[b]) <= PEER_BITS for a, b in pairs),
        "judged_pairs_per_s": round(len(pairs) / judged_s, 1),
        **_state(),
    }
    ours, others = (float(np.mean([by[kind] for kind in MILD])) for by in (recall, peer))
    figures["mild_recall"], figures["peer_mild_recall"] = round(ours, 3), round(others, 3)
    return Report("near_images", figures, f"imagehash at {PEER_BITS} bits", round(ours / others, 3))


def _near(root: Path, results: str) -> Near:
    return Near(
        lambda name: (root / "files" / name).read_bytes(), lambda f: Results(root / results, f)
    )


def _drawings(root: Path) -> dict[str, Any]:
    """Some drawings of the shelf by the name of their file, each unlike those before it."""
    package = Shelf(settings.load().cache / "shelf").find("openclipart-svg")
    files = [
        f
        for f in package.under("usr/share/openclipart/svg/", (".svg",))
        if "/duplicates/" not in f.path and f.size_bytes <= LARGEST_BYTES
    ]
    random.Random(1).shuffle(files)
    near, made = _near(root.parent, "first"), {}
    for file in files:
        drawn = render({"data": package.read(file), "side_px": 448})
        if "data" not in drawn:
            continue
        name = f"{len(made):04}.jpg"
        (root / name).write_bytes(drawn["data"])
        if near.like(name):
            continue
        near.keep(name)
        made[name] = simplejpeg.decode_jpeg(drawn["data"])
        if len(made) == DRAWINGS:
            return made
    return made


def _planted(near: Near, drawings: dict[str, Any], root: Path) -> dict[str, list[bool]]:
    """By kind, whether each changed drawing was found to be like its own."""
    for name in drawings:
        near.keep(name)
    found: dict[str, list[bool]] = {}
    for kind, change in KINDS.items():
        draw = random.Random(kind)
        for name, pixels in drawings.items():
            planted = f"{kind} {name}"
            _write(root / planted, change(pixels, draw))
            found.setdefault(kind, []).append(near.like(planted) == name)
    return found


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


def _peer_recall(kind: str, drawings: dict[str, Any], theirs: dict[str, str]) -> float:
    return float(
        np.mean([_bits(theirs[f"{kind} {name}"], theirs[name]) <= PEER_BITS for name in drawings])
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
