"""Stamps become one sample for each language that names them, asked for in that language."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from corpus import build as building
from corpus import recipe
from corpus.build import Places
from corpus.categories.caption import stamps
from corpus.sample import Sample
from infra.progress import Silent
from tests.corpus import made, pictures

RECIPE = """\
name: stamps
budget_tokens: 100000
categories: {caption: {weight: 1}}
sources: {stamps: {category: caption, reader: stamps, package: tuxpaint-stamps-default}}
"""
GPL = b"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: GPL-2\n"
ROOT = "usr/share/tuxpaint/stamps/"
FROG = "A frog.\nde.utf8=Ein Frosch.\nzh_CN.utf8=一只青蛙。\nzh_TW.utf8=青蛙\nja.utf8=カエル\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 60"><circle cx="40" cy="30" r="{}"/></svg>'


def stamp(seed: int, width: int = 120, height: int = 80) -> bytes:
    """A picture that is seen through at its left edge."""
    rng = np.random.default_rng(seed)
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[:, 20:, :3] = rng.integers(0, 200, 3)
    pixels[:, 20:, 3] = 255
    return pictures.encoded(".png", pixels)


def samples(
    tmp_path: Path, files: Mapping[str, bytes | str]
) -> tuple[list[Sample], dict[str, int]]:
    """The samples of a package with these files, and what was dropped."""
    held = {
        f"{ROOT}{path}": data if isinstance(data, bytes) else data.encode()
        for path, data in files.items()
    }
    made.write_package(tmp_path / "shelf", "tuxpaint-stamps-default", held, GPL)
    stock = building.gather(
        recipe.parse(RECIPE.encode(), "r"), Places(tmp_path, tmp_path, 2, 0), Silent()
    )
    dropped = {row["reason"]: row["count"] for row in stock.funnels[0].rows()}
    return [stock.sample(row) for row in range(len(stock.tokens))], dropped


def test_the_same_picture_is_a_sample_in_each_language(tmp_path: Path) -> None:
    found, _ = samples(tmp_path, {"animals/frog.png": stamp(1), "animals/frog.txt": FROG})
    said = {(s.language, s.messages[1].content) for s in found}
    assert said == {("en", "A frog."), ("zh", "一只青蛙。"), ("zh", "青蛙"), ("ja", "カエル")}
    assert len({s.pictures[0].sha256 for s in found}) == 1
    assert {s.origin.licence.name for s in found} == {"GPL-2"}
    assert {s.traits for s in found} == {(("topic", "animals"),)}


def test_the_question_is_in_the_caption_s_language(tmp_path: Path) -> None:
    found, _ = samples(tmp_path, {"a/frog.png": stamp(1), "a/frog.txt": FROG})
    for sample in found:
        question = sample.messages[0].content.replace("<image>", "")
        assert stamps.fault(question.strip(), sample.language) == ""


def test_a_stamp_keeps_its_size_on_white_and_a_drawing_gets_ours(tmp_path: Path) -> None:
    import cv2

    found, _ = samples(
        tmp_path,
        {"a/p.png": stamp(1), "a/p.txt": "A wall.", "a/v.svg": SVG.format(25), "a/v.txt": "A dot.",
         "a/big.png": stamp(2, 1200, 600), "a/big.txt": "A barn."},
    )  # fmt: skip
    sizes = {s.messages[1].content: (s.pictures[0].width, s.pictures[0].height) for s in found}
    assert sizes == {"A wall.": (120, 80), "A dot.": (448, 299), "A barn.": (448, 224)}
    wall = next(s for s in found if s.messages[1].content == "A wall.")
    pixels = cv2.imread(str(wall.pictures[0].path))
    assert int(pixels[:, :10].min()) > 245


def test_where_a_drawing_cannot_be_drawn_its_picture_is_taken(tmp_path: Path) -> None:
    found, dropped = samples(
        tmp_path,
        {"a/x.svg": "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>", "a/x.png": stamp(1),
         "a/x.txt": "A loaf."},
    )  # fmt: skip
    assert [s.origin.file for s in found] == [f"{ROOT}a/x.png"]
    assert "declares entities" not in dropped


def test_a_translation_with_the_same_words_is_given_once(tmp_path: Path) -> None:
    told = "A horse.\nzh_CN.utf8=马。\nzh_TW.utf8=马\n"
    found, dropped = samples(tmp_path, {"a/x.png": stamp(1), "a/x.txt": told})
    assert [s.messages[1].content for s in found if s.language == "zh"] == ["马。"]
    assert dropped["the same words in another locale (zh_TW)"] == 1


def test_what_lacks_its_half_or_was_seen_before_is_counted(tmp_path: Path) -> None:
    found, dropped = samples(
        tmp_path,
        {"a/x.png": stamp(1), "a/x.txt": "A hut.", "a/x_mirror.png": stamp(2), "a/y.txt": "A gift.",
         "b/x.png": stamp(1), "b/x.txt": "A house.", "a/x_desc_es.ogg": b"OggS"},
    )  # fmt: skip
    assert [s.messages[1].content for s in found] == ["A hut."]
    assert dropped["a picture without a line"] == dropped["a line without a picture"] == 1
    assert dropped["the same picture"] == 1


@pytest.mark.parametrize(
    ("text", "language", "reason"),
    [
        ("A frog.", "en", ""),
        ("一只青蛙。", "zh", ""),
        ("", "en", "no line"),
        ("frog.png", "en", "line names a file"),
        ("A frog.", "zh", "line is not in its language"),
        ("カエル", "zh", "line is not in its language"),
        ("a" * 999, "en", "line too long"),
        ("<image> <image>", "en", "line is not text"),
        ("\ufffd\ufffd", "ja", "line is not text"),
    ],
)
def test_a_line_that_is_no_caption_says_why(text: str, language: str, reason: str) -> None:
    assert stamps.fault(text, language) == reason


@pytest.mark.parametrize(
    "told",
    [
        b"\xff\xfe\x00\x01",
        b"",
        b"\n" * 60_000,
        b"zh_CN.utf8=" * 5000,
        b"A\x00B\x1b[31m.\nzh_CN.utf8=\x00",
    ],
)
def test_hostile_lines_are_read_in_bounds(told: bytes) -> None:
    assert all(len(line) <= len(told) for line in stamps.lines(told).values())


def test_a_bomb_a_blank_and_a_torn_picture_are_dropped_by_name(tmp_path: Path) -> None:
    bomb = bytearray(stamp(1))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    found, dropped = samples(
        tmp_path,
        {"a/bomb.png": bytes(bomb), "a/bomb.txt": "A bomb.", "a/torn.png": stamp(2)[:60],
         "a/torn.txt": "A rag.", "a/white.png": made_white(), "a/white.txt": "A ghost."},
    )  # fmt: skip
    assert found == []
    assert dropped["all of one colour"] == 1
    assert sum(dropped.values()) >= 3


def made_white() -> bytes:
    """A white thing, seen through around it: nothing is left of it on white."""
    pixels = np.full((60, 60, 4), 255, np.uint8)
    pixels[:10, :, 3] = 0
    return pictures.encoded(".png", pixels)
