"""What holds a page in: each renderer's filter and namespaces, and whom its browser speaks to.

All is as the kernel reports it: a browser's sockets are compared with the addresses that it was
started with, its own sites' and its proxy's among them.
"""

from __future__ import annotations

from typing import Final

from infra.doctor.security.census import BROWSER, Census
from infra.doctor.security.process import Process
from infra.errors import NotFound

OPENS: Final = ("--no-sandbox", "--disable-web-security", "--disable-seccomp", "--single-process")
"""Flags that take a browser's walls away."""
WALL: Final = "--host-resolver-rules="
CLOSED: Final = ("--disable-quic", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp")
"""Flags that leave pages no way but TCP to what the wall and the proxy let through."""
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


def walled(census: Census) -> str:
    """Whether browsers speak only to the addresses of their wall, and never by UDP."""
    everybody = {process.pid: process for process in census.browsers}
    started, by_proxy = set(), set()

    def look(process: Process) -> str | None:
        first = _first(process, everybody)
        pins = _pins(first)
        if _has(first, "--user-data-dir="):  # what minds its crashes is nobody's child, and mute
            started.add(first.pid)
            if lacking := _missing(first) if pins else WALL:
                return f"was started without {lacking}"
        if _has(first, "--proxy-server="):
            by_proxy.add(first.pid)
        strange = [peer for peer in process.connections() if peer not in pins]
        if strange:
            return f"speaks to {strange[0]}, which is not on its wall"
        udp = process.datagrams()
        return f"has a UDP socket at {udp[0]}" if udp else None

    count = census.each(everybody.values(), look)
    return (
        f"{len(started)} browsers of {count} processes: no UDP, TCP to their walls' addresses alone; "
        f"{len(by_proxy)} by an egress proxy"
    )


def _first(process: Process, everybody: dict[int, Process]) -> Process:
    """The process that the browser was started as."""
    while process.parent in everybody:
        process = everybody[process.parent]
    return process


def _has(process: Process, flag: str) -> bool:
    return any(word.startswith(flag) for word in _words(process))


def _pins(first: Process) -> set[str]:
    """The addresses of a browser's wall; none where the wall has a hole."""
    rules = " ".join(_words(first)).partition(WALL)[2].split(" --")[0]
    parts = [rule.split() for rule in rules.split(",")]
    if ["MAP", "*", "~NOTFOUND"] not in parts:
        return set()
    return {rule[2] for rule in parts if len(rule) == 3 and rule[0] == "MAP"}


def _missing(first: Process) -> str:
    """The flag that a browser lacks; empty where it has all."""
    words = _words(first)
    lacking = [flag for flag in CLOSED if flag not in words]
    if not _has(first, "--proxy-server="):
        lacking += [] if "--no-proxy-server" in words else ["--no-proxy-server"]
    elif not _has(first, "--proxy-bypass-list=<-loopback>"):
        lacking.append("--proxy-bypass-list=<-loopback>")
    return lacking[0] if lacking else ""


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
