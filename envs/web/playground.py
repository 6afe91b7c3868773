"""The web machine's playground: a page of ours with a field, a button and a list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from envs.playground import Spot
from envs.types import Box
from envs.web.sites import catalogue

if TYPE_CHECKING:
    from playwright.async_api import Page

ADDRESS: Final = f"http://{catalogue.find('widgets').host}/playground"
INNER_BOX: Final = """id => {
  const el = document.getElementById(id), r = el.getBoundingClientRect(), s = getComputedStyle(el);
  return [r.left + el.clientLeft + parseFloat(s.paddingLeft),
          r.top + el.clientTop + parseFloat(s.paddingTop), r.right, r.bottom];
}"""
Run = Callable[[Callable[["Page"], Awaitable[Any]]], Any]


class WebPlayground:
    """Known things on a page, read from its document."""

    def __init__(self, run: Run, scale: float) -> None:
        self._run = run
        self._scale = scale

    def prepare(self) -> None:
        """The page as it begins, with the caret in the field."""
        self._run(lambda page: page.goto(ADDRESS, wait_until="load"))
        self._run(lambda page: page.focus("#field"))

    def box(self, spot: Spot) -> Box:
        """Where that thing is, without border and padding on the left and top."""
        sides = self._run(lambda page: page.evaluate(INNER_BOX, spot))
        return Box(*(round(side * self._scale) for side in sides))

    def text(self) -> str:
        """What the field holds."""
        return str(self._run(lambda page: page.input_value("#field")))

    def is_pressed(self) -> bool:
        """Whether the page counted a press."""
        return bool(self._run(lambda page: page.text_content("#said")))
