"""What holds a page in: each renderer's filter and namespaces, as the kernel reports them."""

from __future__ import annotations

from typing import Final

from infra.doctor.security.census import BROWSER, Census
from infra.doctor.security.process import Process
from infra.errors import NotFound

OPENS: Final = ("--no-sandbox", "--disable-web-security", "--disable-seccomp", "--single-process")
"""Flags that take a browser's walls away."""
APART: Final = ("pid", "net")
"""Namespaces that a renderer shares with nobody outside the sandbox."""


def sandboxed(census: Census) -> str:
    """Whether every renderer is filtered, powerless, and in namespaces of its own."""
    everybody = census.browsers
    count = census.each((p for p in everybody if "--type=renderer" in _words(p)), _is_held)
    census.each(everybody, _no_wall_down)
    if not count:
        raise NotFound("no renderer runs", BROWSER)
    return f"{count} renderers: Seccomp: 2, NoNewPrivs: 1, no process and no network of the host's"


def _is_held(process: Process) -> str | None:
    if process.status["Seccomp"] != "2":
        return "renders without a system-call filter"
    if process.status["NoNewPrivs"] != "1":
        return "can gain privileges"
    shared = [name for name in APART if process.shares_with_us(name)]
    return f"shares the {shared[0]} namespace of the host" if shared else None


def _words(process: Process) -> list[str]:
    """Its arguments; a renderer writes them over with spaces between."""
    return " ".join(process.command).split()


def _no_wall_down(process: Process) -> str | None:
    down = [word for word in _words(process) if word.startswith(OPENS)]
    return f"was started with {down[0]}" if down else None
