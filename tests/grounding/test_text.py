"""Names are cleaned of what steers a reader, and their language told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grounding import text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Save \n as ", "Save as"),
        ("a\u202eb", "ab"),
        ("\ue8b7", ""),
        ("\ufffcText", "Text"),
        ("e\u0301", "é"),
        ("保存\u3000文件", "保存 文件"),
    ],
)
def test_a_name_is_cleaned(raw, clean):
    assert text.clean(raw) == clean


@given(st.text())
def test_cleaning_twice_changes_nothing_more(raw):
    once = text.clean(raw)
    assert text.clean(once) == once
    assert once == once.strip()


@pytest.mark.parametrize(
    ("name", "language"),
    [("Save", "en"), ("保存", "zh"), ("ファイル", "ja"), ("12", "und"), ("Größe", "und")],
)
def test_the_language_of_a_name(name, language):
    assert text.language(name) == language


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "none_given"),
        (" \n", "only_spaces"),
        ("\ue8b7", "icon_font_glyph"),
        ("\u202e", "no_readable_character"),
    ],
)
def test_no_name_has_a_reason(raw, reason):
    assert text.why_no_name(raw) == reason
