"""What was so from when to when, on one bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collector.dash.charts.svg import element, percent
from collector.dash.pages.words import clock, span

S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Span:
    """A state, since when, until when, and why it began."""

    state: str
    from_ns: int
    to_ns: int
    reason: str = ""

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return (self.to_ns - self.from_ns) / S


def timeline(name: str, spans: Sequence[Span]) -> Markup:
    """A bar of states by time, oldest left; pointing at one says what, how long and why."""
    if not spans:
        return element("svg", element("title", name), class_="times", role="img")
    first, last = spans[0].from_ns, spans[-1].to_ns
    drawn = [
        element(
            "rect",
            element(
                "title", f"{s.state} for {span(s.seconds)}{': ' if s.reason else ''}{s.reason}"
            ),
            class_="fill",
            x=percent(s.from_ns - first, last - first),
            width=percent(s.to_ns - s.from_ns, last - first),
            height="100%",
            data_state=s.state,
        )
        for s in spans
    ]
    bar = element("svg", element("title", name), *drawn, class_="times", role="img")
    ends = element(
        "div", element("span", clock(first)), element("span", clock(last)), class_="ends"
    )
    return bar + ends
