"""A key of a TOML text is found on the line where it stands, whatever stands around it."""

from __future__ import annotations

import pytest

from infra import toml_lines
from infra.toml_lines import line_of

TEXT = '''\
# fleet
a = 1

[pools.web]   # browsers
kind = "web"
note = """
count = 3
"""
list = [
  1,
  2,
]

count = 2
inline = { deep = { deeper = 1 } }
[[rows]]
x = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 2),
        (("pools",), 4),
        (("pools", "web", "kind"), 5),
        (("pools", "web", "note"), 6),
        (("pools", "web", "list"), 9),
        (("pools", "web", "count"), 14),
        (("pools", "web", "inline", "deep", "deeper"), 15),
        (("rows", "0", "x"), 16),
        (("pools", "web", "missing"), 4),
        (("pools", "none", "kind"), 4),
        (("none",), 0),
    ],
)
def test_a_key_is_found_on_its_line(path: tuple[str, ...], line: int) -> None:
    assert line_of(TEXT, path) == line


def test_a_text_that_takes_too_much_reading_tells_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "# a long comment\n" * 9 + "a = 1\n"
    assert line_of(text, ("a",)) == 10
    monkeypatch.setattr(toml_lines, "MOST_CHARS", len(text) * 3)
    assert line_of(text, ("a",)) == 0
