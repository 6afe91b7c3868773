"""Elements of a drawing, escaped, and the plane with its grid that charts with axes share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from markupsafe import Markup, escape

from infra.visible import one_line

TONES: Final = 6


def element(name: str, *inside: Markup | str, **attributes: object) -> Markup:
    """One element; `class_` and `data_state` are written `class` and `data-state`."""
    said = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _written(value))
        for key, value in attributes.items()
        if value is not None
    )
    body = Markup("").join(
        escape(one_line(part) if not isinstance(part, Markup) else part) for part in inside
    )
    return Markup("<{0}{1}>{2}</{0}>").format(name, said, body)


def _written(value: object) -> str:
    """Numbers without the digits that nobody sees."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else one_line(value)


def percent(part: float, whole: float) -> str:
    """A place across, as SVG writes it."""
    return f"{100 * part / whole if whole else 0:.3f}".rstrip("0").rstrip(".") + "%"


def tone(number: int) -> str:
    """The class of the series of that number, from zero; the last one serves all that are left."""
    return f"tone-{min(number, TONES - 1) + 1}"


def plot(
    name: str,
    body: Iterable[Markup],
    across: Sequence[str],
    up: Sequence[tuple[float, str]],
    *,
    low: bool = False,
) -> Markup:
    """A plane with labels at even distances `across`, and lines at heights `up` (0 to 1)."""
    rules = [
        element("line", class_="axis" if not height else "grid", x1="0", x2="100%",
                y1=percent(1 - height, 1), y2=percent(1 - height, 1))
        for height, _ in up
    ]  # fmt: skip
    scale = [
        element("text", text, class_="y", x="-8", y=percent(1 - height, 1)) for height, text in up
    ]
    last = max(1, len(across) - 1)
    words = [
        element("text", text, class_=_place(n, last), x=percent(n, last), y="100%", dy="17")
        for n, text in enumerate(across)
    ]
    drawn = (element("title", name), *rules, *scale, *words, *body)
    return element("svg", *drawn, class_="plot low" if low else "plot", role="img")


def _place(number: int, last: int) -> str:
    return "x first" if not number else "x last" if number == last else "x"
