"""Every text colour has a contrast of 4.5 on each ground that it stands on, in both themes."""

from __future__ import annotations

import re

import pytest

from collector.dash.pages.show import STATIC

TOKENS = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
COLOURS = dict(re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)", TOKENS))
TEXT = ("ink", "soft", "faint", "accent")
TONES = ("good", "work", "wait", "warn", "bad", "rest")
GROUNDS = ("paper", "card", "sunken", "hover", "chosen")
TINT = 0.11
"""How much of its tone a badge's ground has."""

Colour = tuple[float, ...]


def colour(name: str, theme: int) -> Colour:
    code = COLOURS[name].split(", ")[theme]
    return tuple(int(code[n : n + 2], 16) / 255 for n in (1, 3, 5))


def luminance(rgb: Colour) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: Colour, b: Colour) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def mixed(tone: Colour, ground: Colour, part: float) -> Colour:
    return tuple(part * t + (1 - part) * g for t, g in zip(tone, ground, strict=True))


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXT)
def test_text_can_be_read_on_every_ground(text: str, ground: str, theme: int) -> None:
    assert contrast(colour(text, theme), colour(ground, theme)) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("tone", TONES)
def test_a_state_can_be_read_on_its_tint(tone: str, ground: str, theme: int) -> None:
    card, said = colour("card", theme), colour(tone, theme)
    assert contrast(said, mixed(said, card, TINT)) >= 4.5
    assert contrast(said, colour(ground, theme)) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_a_pressed_button_a_ring_a_field_and_a_series_stand_out(theme: int) -> None:
    assert contrast((1.0, 1.0, 1.0), colour("press", theme)) >= 4.5
    for name in ("ring", "edge", *(f"c{n}" for n in range(1, 7))):
        assert contrast(colour(name, theme), colour("card", theme)) >= 3
