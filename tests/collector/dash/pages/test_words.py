"""Figures, times and strangers' text as a page writes them."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from collector.dash.pages import words

NOW = 1_700_000_000_000_000_000


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, "–"), (0, "0 s"), (0.25, "250 ms"), (1, "1 s"), (59, "59 s"), (60, "1 min"), (61, "1 min 1 s"),
     (3_599, "59 min"), (3_660, "1 h 1 min"), (86_400 * 2 + 3_600, "2 d 1 h"), (86_400 * 40, "40 d")],
)  # fmt: skip
def test_a_span_is_told_by_its_largest_units(seconds: float | None, said: str) -> None:
    assert words.span(seconds) == said


def test_a_moment_is_a_time_that_a_script_can_keep() -> None:
    said = words.ago(NOW - 61_000_000_000, NOW)
    assert said == (
        '<time class="num" datetime="2023-11-14T22:12:19.000Z" title="2023-11-14 22:12:19 UTC" '
        "data-ago>1 min ago</time>"
    )
    assert "in 5 s" in words.ago(NOW + 5_000_000_000, NOW)
    assert ">now<" in words.ago(NOW, NOW)
    assert "–" in words.ago(None, NOW)


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "–"), (0, "0"), (1234, "1,234"), (1_200_000, "1.20 M"), (0.25, "0.25"), (2.5e12, "2.50 T")],
)  # fmt: skip
def test_a_count_parts_its_thousands(value: float | None, said: str) -> None:
    assert words.count(value) == said


@pytest.mark.parametrize(
    ("size", "said"), [(0, "0 B"), (1023, "1023 B"), (37 << 20, "37.0 MiB"), (5 << 40, "5.0 TiB")]
)
def test_bytes_come_by_the_unit_that_fits(size: int, said: str) -> None:
    assert words.size(size) == said


def test_text_of_others_loses_what_reorders_or_hides_it_and_markup_of_ours_stays() -> None:
    assert words.clean("a\u202eb\x1bc") == "a�b�c"
    assert words.clean(Markup("<b>")) == Markup("<b>")
    assert words.clean(None) == ""


def test_long_text_is_cut_with_the_whole_in_its_title() -> None:
    said = words.cut("<b>" + "x" * 100, 10)
    assert said.startswith('<span title="&lt;b&gt;xxx')
    assert said.endswith(">&lt;b&gt;xxxxxx…</span>")
    assert words.cut("short & sweet") == "short &amp; sweet"
