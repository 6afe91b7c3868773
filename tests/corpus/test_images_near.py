"""Near duplicates: planted changes are found, look-alikes are not, and nothing chains."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from corpus.cache import Results
from corpus.operators.images.near import Near
from infra.files import sha256_bytes
from tests.corpus import pictures


class Pile:
    """Pictures by hash, and the near duplicates among them."""

    def __init__(self, root: Path) -> None:
        self.held: dict[str, bytes] = {}
        self.names: list[str] = []
        self.read = 0
        self.near = Near(self._load, lambda function: Results(root, function))

    def _load(self, sha256: str) -> bytes:
        self.read += 1
        return self.held[sha256]

    def put(self, pixels: Any) -> str:
        data = pictures.encoded(".png", pixels)
        self.held[sha256_bytes(data)] = data
        return sha256_bytes(data)

    def kept(self, shown: Iterable[Any], tongue: str = "") -> list[int | None]:
        """Of each picture in order: None where it is kept, else which of all so far it is like."""
        said: list[int | None] = []
        for pixels in shown:
            self.names.append(self.put(pixels))
            like = self.near.like(self.names[-1], tongue)
            said.append(None if like is None else self.names.index(like))
            if like is None:
                self.near.keep(self.names[-1], tongue)
        return said


@pytest.fixture
def pile(tmp_path: Path) -> Pile:
    return Pile(tmp_path)


def drawing(seed: int, width: int = 400, height: int = 320) -> Any:
    """Shapes in colours on white, as clip art has them."""
    draw = random.Random(seed)
    page = np.full((height, width, 3), 255, np.uint8)
    for _ in range(9):
        colour = tuple(draw.randrange(40, 230) for _ in range(3))
        at = draw.randrange(60, width - 60), draw.randrange(60, height - 60)
        size = draw.randrange(20, 55)
        if draw.random() < 0.5:
            cv2.circle(page, at, size, colour, -1, cv2.LINE_AA)
        else:
            cv2.rectangle(page, at, (at[0] + size, at[1] + size // 2), colour, -1)
        cv2.circle(page, at, size, (20, 20, 20), 2, cv2.LINE_AA)
    return page


def smaller(pixels: Any, factor: float = 0.6) -> Any:
    return cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)


CHANGES = {
    "smaller": smaller,
    "written anew": lambda p: cv2.imdecode(np.frombuffer(pictures.jpeg(p, 40), np.uint8), 1)[..., ::-1],
    "cut": lambda p: p[14:-10, 8:-25],
    "framed": lambda p: cv2.copyMakeBorder(p, 25, 25, 25, 25, cv2.BORDER_CONSTANT, value=(30, 30, 30)),
    "brighter": lambda p: cv2.convertScaleAbs(p, alpha=1.15, beta=5),
    "darker": lambda p: cv2.convertScaleAbs(p, alpha=0.8),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_picture_is_like_the_one_before_it(change: str, pile: Pile) -> None:
    first = [drawing(seed) for seed in range(3)]
    shown = [*first, *(np.ascontiguousarray(CHANGES[change](p)) for p in first)]
    assert pile.kept(shown) == [None] * 3 + [0, 1, 2]


@pytest.mark.parametrize("change", CHANGES)
def test_the_changed_picture_may_come_first(change: str, pile: Pile) -> None:
    changed = np.ascontiguousarray(CHANGES[change](drawing(1)))
    assert pile.kept([changed, drawing(1)]) == [None, 0]


def other_colour(page: Any) -> Any:
    return np.ascontiguousarray(page[..., ::-1])


def other_emblem(page: Any) -> Any:
    page = page.copy()
    cv2.rectangle(page, (180, 140), (220, 180), (200, 0, 120), -1)
    return page


def other_digit(page: Any) -> Any:
    page = page.copy()
    cv2.putText(page, "7", (300, 60), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (0, 0, 0), 3, cv2.LINE_AA)
    return page


LOOK_ALIKES = {
    "mirrored": lambda page: np.ascontiguousarray(page[:, ::-1]),
    "upside down": lambda page: np.ascontiguousarray(page[::-1]),
    "on its side": lambda page: np.ascontiguousarray(np.rot90(page)),
    "in another colour": other_colour,
    "with another emblem": other_emblem,
    "with a digit": other_digit,
    "a half of it": lambda page: np.ascontiguousarray(page[:, :200]),
}


@pytest.mark.parametrize("kind", LOOK_ALIKES)
def test_a_picture_that_says_something_else_is_kept(kind: str, pile: Pile) -> None:
    for seed in range(2):
        assert pile.kept([drawing(seed), LOOK_ALIKES[kind](drawing(seed))]) == [None, None]


def test_signs_that_differ_in_a_number_are_all_kept(pile: Pile) -> None:
    signs = []
    for number in range(30, 90, 10):
        sign = np.full((300, 300, 3), 255, np.uint8)
        cv2.circle(sign, (150, 150), 130, (200, 20, 20), 24, cv2.LINE_AA)
        left = 150 - 36 * len(str(number))
        cv2.putText(sign, str(number), (left, 185), cv2.FONT_HERSHEY_SIMPLEX, 3.2, (0, 0, 0), 12)
        signs.append(sign)
    assert pile.kept(signs) == [None] * len(signs)


def test_the_same_picture_with_words_in_two_languages_is_a_pair_to_keep(pile: Pile) -> None:
    page = drawing(3)
    assert pile.kept([page], "en") == [None]
    assert pile.kept([smaller(page, 0.9)], "zh") == [None]
    assert pile.kept([smaller(page, 0.8)], "en") == [0]
    assert pile.kept([smaller(page, 0.7)], "zh") == [1]


def test_small_changes_do_not_chain(pile: Pile) -> None:
    """Each is a crop of the one before it, and the last is not the first any more."""
    page = drawing(5, 480, 480)
    crops = [np.ascontiguousarray(page[n : 480 - n, n : 480 - n]) for n in (0, 20, 40, 60, 80, 110)]
    said = pile.kept(crops)
    assert said[0] is None
    assert any(like is None for like in said[1:])
    assert all(like is None or said[like] is None for like in said)


def test_what_was_found_out_is_kept_and_asked_no_second_time(tmp_path: Path) -> None:
    shown = [drawing(seed) for seed in range(5)] + [smaller(drawing(2))]
    first = Pile(tmp_path)
    said = first.kept(shown)
    second = Pile(tmp_path)
    assert second.kept(shown) == said == [None] * 5 + [2]
    assert first.read > 0 == second.read


def test_a_kept_result_that_was_torn_is_found_out_anew(tmp_path: Path) -> None:
    shown = [drawing(seed) for seed in range(3)] + [smaller(drawing(2))]
    said = Pile(tmp_path).kept(shown)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-3])
    assert Pile(tmp_path).kept(shown) == said
