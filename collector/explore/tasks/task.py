"""What a task is: where it is set, its goal in two languages, its intents, and its check.

The values it speaks of are drawn by the seed from what its page shows or its files hold, so that
one task is many. A check is given a reading of the machine and says whether the goal was reached;
it is handed nothing that could change the machine.
"""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import urlencode

from collector.explore.tasks.intents import Intent
from collector.explore.tasks.state import State, Verdict
from envs.web.sites import catalogue
from envs.web.sites.make import Maker
from envs.web.sites.render import Query

ONE_WINDOW: Final = frozenset({"org.xfce.mousepad.desktop", "geany.desktop"})
"""Programs that stand open and show another file in a tab."""
OPENS_NOTHING: Final = frozenset({"xfce4-terminal.desktop", "thunar.desktop"})
"""Programs that work on files without being given one."""
Values = Mapping[str, Any]
Check = Callable[[State, Values], Verdict]
Plan = Callable[[Values], Sequence[Intent]]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a task is drawn for: the seed's chance, the machine's language, what its sites vary by."""

    rng: random.Random
    language: str = "en"
    site_seed: int = 0
    theme: str = "light"

    def say(self, en: str, zh: str) -> str:
        """What the machine calls it."""
        return zh if self.language == "zh" else en

    def page(self, site: str, **query: object) -> dict[str, Any]:
        """What a page of a site says."""
        words = {key: str(value) for key, value in query.items()}
        module: Any = importlib.import_module(f"envs.web.sites.pages.{site}")
        asked = Query(self.site_seed, self.theme, self.language, words)
        content: dict[str, Any] = module.make(
            Maker(site, self.site_seed, self.language), "index", asked
        )
        return content

    def address(self, site: str, page: str = "index", **query: object) -> str:
        """Where a page of a site is found."""
        asked = {"seed": self.site_seed, "theme": self.theme, "lang": self.language, **query}
        path = "" if page == "index" else page
        return f"http://{catalogue.find(site).host}/{path}?{urlencode(asked)}"


@dataclass(frozen=True, slots=True)
class Opening:
    """How a machine is set up: files put, then a page or a program opened."""

    address: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    app: str = ""
    file: str = ""
    is_placed: bool = True
    """Whether its window is put somewhere; a program that shows all in the one it has is not."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task; `draw` gives the values that all else is made from."""

    id: str
    where: str
    """A site's name, or a program's."""
    goal: tuple[str, str]
    """In English and in Chinese, with the values' names in braces."""
    draw: Callable[[Setting], Values]
    steps: Plan
    check: Check
    opening: Callable[[Setting, Values], Opening]
    family: Literal["desktop", "web"]

    def goal_in(self, language: str, values: Values) -> str:
        """The goal with its values."""
        return self.goal[language == "zh"].format(**values)


def on_site(
    task: str,
    goal: tuple[str, str],
    draw: Callable[[Setting], Values],
    steps: Plan,
    check: Check,
    page: str = "index",
) -> Task:
    """A task on one of our sites, `SITE-…` by its id; the value `query` is what its page is asked for."""
    site = task.partition("-")[0]

    def opening(setting: Setting, values: Values) -> Opening:
        return Opening(setting.address(site, page, **dict(values.get("query", {}))))

    return Task(task, site, goal, draw, steps, check, opening, "web")


def on_desktop(
    task: str,
    app: str,
    goal: tuple[str, str],
    draw: Callable[[Setting], Values],
    steps: Plan,
    check: Check,
) -> Task:
    """A task in a program, `PROGRAM-…` by its id.

    The value `files` is what is put into the documents, `file` the one that the program opens.
    """

    def opening(setting: Setting, values: Values) -> Opening:
        del setting
        file = values.get("file", "") if app not in OPENS_NOTHING else ""
        return Opening("", values.get("files", {}), app, file, app not in ONE_WINDOW)

    return Task(task, task.partition("-")[0], goal, draw, steps, check, opening, "desktop")
