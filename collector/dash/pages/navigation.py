"""Where the pages stand in the navigation: groups of names, addresses and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Entry:
    """One page: its module, what it is called, where it is, its picture."""

    page: str
    name: str
    href: str
    icon: str

    def is_here(self, path: str) -> bool:
        """Whether `path` is this page or one below it."""
        return path == self.href or (self.href != "/" and path.startswith(f"{self.href}/"))


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that one sort of reader wants."""

    name: str
    entries: tuple[Entry, ...]


GROUPS: Final = (
    Group("Operate", (
        Entry("fleet", "Fleet", "/", "fleet"),
        Entry("machines", "Machines", "/machines", "machine"),
        Entry("hosts", "Hosts", "/hosts", "host"),
        Entry("runs", "Runs", "/runs", "run"),
    )),
    Group("Data", (
        Entry("trajectories", "Trajectories", "/trajectories", "trajectory"),
        Entry("grounding", "Grounding", "/grounding", "target"),
        Entry("corpora", "Corpora", "/corpora", "corpus"),
        Entry("mixture", "Mixture plan", "/mixture", "mixture"),
    )),
    Group("Judge", (Entry("annotate", "Annotate", "/annotate", "verdict"),)),
    Group("System", (
        Entry("events", "Events", "/events", "event"),
        Entry("health", "Health", "/health", "health"),
    )),
)  # fmt: skip


def groups(pages: tuple[str, ...]) -> list[Group]:
    """The navigation over those modules that there are."""
    kept = (Group(g.name, tuple(e for e in g.entries if e.page in pages)) for g in GROUPS)
    return [group for group in kept if group.entries]
