"""Charts are well-formed, to scale, free of styles, and show strangers' text as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from collector.dash.charts import (
    Bar,
    Line,
    Span,
    bars,
    histogram,
    lines,
    parts,
    sparkline,
    timeline,
)
from collector.dash.charts.scale import heights, top_of

HOSTILE = '"><script>alert(1)</script>\u202e& <img onerror=x>'
FIGURES = st.lists(st.floats(0, 1e9), min_size=1, max_size=40)


def tree(drawing: str) -> etree._Element:
    return etree.fromstring(f"<root>{drawing}</root>", etree.XMLParser(resolve_entities=False))


def shares(root: etree._Element, attribute: str) -> list[float]:
    return [
        float(rect.get(attribute, "0").rstrip("%"))
        for rect in root.iter("rect")
        if "fill" in rect.get("class", "")
    ]


def drawings(text: str) -> list[str]:
    return [
        bars(text, [Bar(text, 3, state=text, note=text, mark=4)]),
        bars(text, [Bar(text, 3, href="/machines?q=a&b")]),
        parts(text, [Bar(text, 1), Bar(text, 2, text)]),
        histogram(text, [0, 1, 2], [3, 4], write=lambda _: text),
        lines(text, [Line(text, [(0, 1), (1, None), (2, 3)]), Line(text, [(0, 2)])], fill=True),
        sparkline(text, [1, 2]),
        timeline(text, [Span(text, 0, 10, text), Span(text, 10, 20)]),
    ]


@pytest.mark.parametrize("number", range(7))
def test_text_in_a_chart_is_text(number: int) -> None:
    root = tree(drawings(HOSTILE)[number])
    assert not {"script", "img"} & {node.tag for node in root.iter()}
    assert "\u202e" not in "".join(root.itertext())


@pytest.mark.parametrize("number", range(7))
def test_a_chart_has_a_name_and_neither_styles_nor_handlers(number: int) -> None:
    drawing = drawings("steps")[number]
    root = tree(drawing)
    assert "steps" in "".join(root.itertext())
    names = {name for node in root.iter() for name in node.attrib}
    assert not {name for name in names if name == "style" or name.startswith("on")}


@given(FIGURES)
def test_the_longest_bar_fills_its_row_and_the_others_are_to_scale(values: list[float]) -> None:
    drawn = shares(tree(bars("x", [Bar("a", value) for value in values])), "width")
    most = max(values)
    assert drawn == pytest.approx(
        [100 * value / most if most else 0 for value in values], abs=0.001
    )


@given(FIGURES)
def test_parts_lie_beside_each_other_and_are_the_whole(values: list[float]) -> None:
    root = tree(parts("x", [Bar("a", value) for value in values], key=False))
    widths, places = shares(root, "width"), shares(root, "x")
    if sum(values):
        assert sum(widths) == pytest.approx(100, abs=0.01 * len(values))
    assert places == sorted(places)


@given(st.floats(1e-6, 1e12))
def test_an_axis_ends_above_what_it_shows_and_not_far(most: float) -> None:
    top = top_of(most)
    assert most <= top * (1 + 1e-9)
    assert top <= 2.5 * most * (1 + 1e-9)
    assert [height for height, _ in heights(top)] == [0, 0.25, 0.5, 0.75, 1]


def test_a_histogram_has_a_column_for_each_count_that_names_its_bounds() -> None:
    root = tree(histogram("latency", [0, 100, 200], [5, 20]))
    assert [title.text for title in root.iter("title")][1:] == ["0 – 100: 5", "100 – 200: 20"]
    assert shares(root, "height") == [25, 100]


def test_a_histogram_whose_edges_do_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="3 edges"):
        histogram("latency", [0, 1], [1, 2])


def test_a_line_has_a_gap_where_nothing_was_measured() -> None:
    root = tree(lines("x", [Line("a", [(0, 1), (1, 2), (2, None), (3, 4), (4, 5)])]))
    assert len([path for path in root.iter("path") if "line" in path.get("class", "")]) == 2


def test_a_long_line_keeps_its_peaks() -> None:
    points = [(float(n), 1000.0 if n == 7_777 else 1.0) for n in range(100_000)]
    path = next(p for p in tree(lines("x", [Line("a", points)])).iter("path"))
    assert " 0.00L" in path.get("d", "")
    assert len(path.get("d", "")) < 20_000


def test_states_on_a_timeline_last_as_long_as_they_did() -> None:
    root = tree(timeline("x", [Span("PARKED", 0, 30, "woke"), Span("BUSY", 30, 40)]))
    assert shares(root, "width") == [75, 25]
    assert [rect.get("data-state") for rect in root.iter("rect")] == ["PARKED", "BUSY"]


@pytest.mark.parametrize(
    "drawing",
    [
        bars("x", []),
        parts("x", []),
        lines("x", []),
        sparkline("x", []),
        timeline("x", []),
        histogram("x", [0], []),
    ],
)
def test_nothing_is_drawn_of_nothing(drawing: str) -> None:
    assert shares(tree(drawing), "width") == []
