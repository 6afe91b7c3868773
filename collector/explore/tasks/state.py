"""What a check may see of a machine: its tree, its page's address, its files; it changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import parse_qs, urlsplit

from collector.explore.tasks.target import Elements, Target
from envs.base import Env, Installs
from envs.types import Element
from infra.errors import InfraLost, TrawlError

CHECKED: Final = frozenset({"checked", "pressed", "selected"})
"""What a toggle that is on says, by kind."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a goal was reached, and what says so."""

    ok: bool
    reason: str


class State:
    """One reading of a machine; make another one to read again."""

    def __init__(self, machine: Env) -> None:
        self._machine = machine

    @cached_property
    def elements(self) -> Elements:
        """The tree now."""
        tree = self._machine.tree()
        return Elements(tree.elements, showing=tree.source.startswith("atspi"))

    @property
    def address(self) -> str:
        """The address of the page in front; empty for a desktop."""
        return str(self._machine.info.extra.get("url", ""))

    @property
    def page(self) -> str:
        """The page's name on its site."""
        return urlsplit(self.address).path.strip("/") or "index"

    def asked(self, name: str) -> str:
        """A field of the page's query, as the site's server saw it; empty where there is none."""
        return parse_qs(urlsplit(self.address).query).get(name, [""])[0]

    def one(self, target: Target) -> Element | None:
        """The element that is meant; None where there is none."""
        return self.elements.one(target)

    def every(self, target: Target) -> list[Element]:
        """All that fit, in the tree's order."""
        return self.elements.every(target)

    def names(self, target: Target) -> list[str]:
        """What all that fit are called."""
        return [" ".join(e.name.split()) for e in self.every(target)]

    def value(self, target: Target) -> str | None:
        """What a field holds; None where there is no such field."""
        found = self.one(target)
        return None if found is None else found.value

    def is_on(self, target: Target) -> bool:
        """Whether a box, switch, toggle, tab or option is on."""
        found = self.one(target)
        return found is not None and not found.states.isdisjoint(CHECKED)

    def file(self, name: str) -> bytes | None:
        """A file of the machine's documents; None where there is none to read."""
        assert isinstance(self._machine, Installs)
        try:
            return self._machine.get_file(name)
        except InfraLost:
            raise
        except TrawlError:
            return None

    def text(self, name: str) -> str | None:
        """The same as text, without the line end that editors add."""
        data = self.file(name)
        return None if data is None else data.decode("utf-8", "replace").rstrip("\n")


def verdict(**wanted: tuple[object, object]) -> Verdict:
    """Good where every pair of what is and what should be is equal; else the first that is not."""
    for name, (found, right) in wanted.items():
        if found != right:
            what = name.replace("_", " ")
            return Verdict(ok=False, reason=f"{what} is {found!r:.120}, not {right!r:.120}")
    return Verdict(
        ok=True, reason=", ".join(name.replace("_", " ") for name in wanted) + " as asked"
    )
