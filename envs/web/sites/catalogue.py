"""The sites by name: what each is, its pages, and the addresses they answer at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urlsplit

from envs.web.origins import SITES_SUFFIX
from infra.errors import NotFound

MOST: Final = 10**9
"""Seeds and page numbers are below this."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site and the names of its pages; the first is where one arrives."""

    name: str
    what: str
    pages: tuple[str, ...] = ("index",)

    @property
    def host(self) -> str:
        """The name it answers under."""
        return self.name + SITES_SUFFIX

    def address(self, seed: int = 0, theme: str = "light", language: str = "en") -> str:
        """The address of its first page."""
        query = urlencode({"seed": seed, "theme": theme, "lang": language})
        return f"http://{self.host}/?{query}"


SITES: Final = {
    site.name: site
    for site in (
        Site("shop", "goods as cards, filters, a cart, a form to pay", ("index", "product", "cart", "checkout", "thanks")),
        Site("admin", "a table of accounts: sorting, pages, row menus, dialogs", ("index", "reports")),
        Site("wiki", "an encyclopaedia: long pages, contents, tables, notes", ("index",)),
        Site("news", "a newspaper: front page, articles, comments", ("index", "article")),
        Site("mail", "folders, a list, a reading pane, a compose dialog"),
        Site("settings", "tabs, switches, sliders, list boxes, dates, colours, files"),
        Site("board", "cards that are dragged between columns"),
        Site("studio", "a drawing surface, charts, and a frame of another origin"),
        Site("player", "music in web components with open shadow roots"),
        Site("editor", "a text with menus inside menus, all by keyboard too"),
        Site("calendar", "a month of events, and a dialog to make one"),
        Site("apply", "a form in four steps that says what is wrong"),
        Site("files", "a tree of folders, a grid of files, context menus"),
        Site("widgets", "small pages that others show in a frame", ("index", "playground")),
    )
}  # fmt: skip


def names() -> list[str]:
    """Every site's name."""
    return sorted(SITES)


def addresses(seed: int = 0, theme: str = "light", language: str = "en") -> list[str]:
    """The first page of every site that people visit, in the order of their names."""
    visited = (SITES[name] for name in names() if name != "widgets")
    return [site.address(seed, theme, language) for site in visited]


def find(name: str) -> Site:
    """The site of that name. Raises NotFound with the nearest."""
    if name not in SITES:
        raise NotFound.among("site", name, SITES)
    return SITES[name]


def site_of(url: str) -> str:
    """The site an address belongs to, else its host; empty where it has none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removesuffix(SITES_SUFFIX) if host.removesuffix(SITES_SUFFIX) in SITES else host
