"""A recipe that leaves nothing to mix says what went and what to widen, before a corpus is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import build as building
from corpus import recipe
from corpus.build import Places
from infra.errors import Conflict
from infra.progress import Silent
from tests.corpus import made

RECIPE = """\
name: none
budget_tokens: 60000
categories: {text: {weight: 1}}
sources: {fortunes: {category: text, reader: fortunes, package: fortunes-zh}}
"""
GPL = b"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: GPL-3.0+\n"


@pytest.mark.parametrize(
    ("saying", "more", "message", "hint"),
    [
        ("春天的花和秋天的月亮，还有一个很长的故事。", "licences: [CC0-1.0]\n", "none of the 1 samples", "GPL-3.0+"),
        ("春天的花和秋天的月亮，还有一个很长的故事。", "only: {language: [fr]}\n", "none of the 1 samples", "widen only"),
        ("月亮", "", "hold no sample", "too short (1, as "),
        ("", "", "hold no sample", "nothing was read"),
    ],
)  # fmt: skip
def test_what_went_is_told_and_no_corpus_stands_there(
    tmp_path: Path, saying: str, more: str, message: str, hint: str
) -> None:
    files = {"usr/share/games/fortunes/a": saying.encode()}
    made.write_package(tmp_path / "shelf", "fortunes-zh", files, GPL)
    places = Places(tmp_path, tmp_path, 1, 0)
    with pytest.raises(Conflict) as caught:
        building.build(recipe.parse((RECIPE + more).encode(), "r"), places, Silent())
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert not places.corpus("none").exists()
