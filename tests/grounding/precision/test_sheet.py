"""A sheet shows kept elements, and takes back what a person said about exactly these."""

from __future__ import annotations

import json

import pytest

from grounding.precision import sheet, verdicts
from infra.errors import NotFound, UsageError
from infra.progress import Silent
from tests.grounding import episodes


@pytest.fixture
def drawn(tmp_path):
    episodes.record(tmp_path)
    return sheet.write(tmp_path, tmp_path / "out", 4, 7, Silent())


def said(drawn, verdict="right", **more):
    file = drawn.page.parent / "said.json"
    words = {"sheet": "7-4", "verdicts": dict.fromkeys(drawn.ids, verdict), **more}
    file.write_text(json.dumps(words), encoding="utf-8")
    return file


def test_a_sheet_shows_each_kept_look_once_with_its_box(drawn):
    page = drawn.page.read_text(encoding="utf-8")
    assert len(drawn.ids) == len(set(drawn.ids)) == page.count("<article") == 4
    assert page.count("data:image/png;base64,") == 4
    assert "http" not in page


def test_the_latest_word_on_an_element_counts(drawn):
    out = drawn.page.parent
    verdicts.take(said(drawn, "right"), out)
    figures = verdicts.take(said(drawn, verdicts={drawn.ids[0]: "wrong_box"}), out)
    assert figures["judged"] == 4
    assert (figures["right"], figures["wrong_box"], figures["share"]) == (3, 1, 0.75)
    assert verdicts.take(said(drawn, "unclear"), out)["share"] is None


@pytest.mark.parametrize(
    "more", [{"sheet": "8-4"}, {"verdicts": {"ep-9#1/x": "right"}}, {"verdicts": {"a": "fine"}}]
)
def test_verdicts_on_what_is_not_shown_and_words_that_are_none_are_refused(drawn, more):
    with pytest.raises(UsageError):
        verdicts.take(said(drawn, **more), drawn.page.parent)


def test_without_a_sheet_or_a_file_it_says_what_to_do(drawn, tmp_path):
    with pytest.raises(NotFound, match="no sheet"):
        verdicts.take(said(drawn), tmp_path)
    with pytest.raises(NotFound, match="there is no"):
        verdicts.take(tmp_path / "none.json", drawn.page.parent)
