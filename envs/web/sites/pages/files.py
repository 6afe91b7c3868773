"""A file store: folders in a tree, files in a grid."""

from __future__ import annotations

from typing import Any

from envs.web.sites import words
from envs.web.sites.make import Maker
from envs.web.sites.render import Query


def make(maker: Maker, page: str, query: Query) -> dict[str, Any]:
    """The content of its one page."""
    del page, query
    folders = maker.says(words.FILES["folder"], 6)
    files = [
        {"kind": "folder", "name": name, "size": "–", "bytes": 0, "day": maker.day(-300)}
        for name in folders[:4]
    ]
    for kind in ("file", "image", "music", "video"):
        for name in maker.says(words.FILES[kind], 6):
            kilobytes = maker.rng.randint(8, 90_000)
            size = f"{kilobytes / 1024:.1f} MB" if kilobytes > 1024 else f"{kilobytes} kB"
            files.append(
                {
                    "kind": kind,
                    "name": name,
                    "size": size,
                    "bytes": kilobytes,
                    "day": maker.day(-300),
                }
            )
    numbered = [{**one, "number": maker.rng.randrange(900)} for one in files]
    return {
        "folders": [
            (name, maker.says(words.FILES["folder"], maker.rng.randint(0, 2))) for name in folders
        ],
        "files": numbered,
        "me": maker.person(),
        "share": maker.rng.randint(10, 92),
    }
