"""The closed table of verbs: what each is given, what it answers."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from envs.guest import gui, identity, look, network, oracle, programs, script, transfer, windows
from envs.guest.faults import Refused, integer, text

if TYPE_CHECKING:
    from envs.guest.agent import Verb

OBSERVE_S: Final = 120


def table() -> dict[str, Verb]:
    """Every verb but `hello`, which the agent answers itself."""
    root = transfer.directory()
    return {
        "observe": observe,
        "act": act,
        "put": lambda args: transfer.put(root, args),
        "get": lambda args: transfer.get(root, args),
        "health": health,
        "identity": set_identity,
        "open": lambda args: programs.open_program(root, args),
        "look": look.change,
        "arrange": windows.arrange,
        "network": network.Network().open,
    }


def observe(args: Mapping[str, Any]) -> dict[str, Any]:
    """`kind`: the whole `tree`, or what has the `focus`, by libatspi in a process of its own."""
    timeout_s = integer(args, "timeout_s", 1, OBSERVE_S, OBSERVE_S)
    return oracle.ask(text(args, "kind", 10), timeout_s)


def act(args: Mapping[str, Any]) -> dict[str, Any]:
    """Perform `action` and say which way it went in."""
    action = args.get("action")
    if not isinstance(action, dict):
        raise Refused("usage", "action is a map of name and args")
    given = action.get("args")
    if action.get("name") == "write" and isinstance(given, dict) and args.get("script"):
        return _write_script(given)
    steps = gui.plan(action)
    steps()
    return {"way": "pyautogui"}


def _write_script(given: Mapping[str, Any]) -> dict[str, Any]:
    """Type text that no key has; whether it arrived, the host sees in the element tree."""
    message = text(given, "text", gui.LONGEST_TEXT)
    for character in message:
        script.keysym(character)
    if given.get("clear"):
        gui.plan({"name": "hotkey", "args": {"keys": ["ctrl", "a"]}})()
        gui.plan({"name": "press", "args": {"keys": ["backspace"]}})()
    script.write(message)
    if given.get("submit"):
        gui.plan({"name": "press", "args": {"keys": ["enter"]}})()
    return {"way": "keycode"}


def health(args: Mapping[str, Any]) -> dict[str, Any]:
    """Figures of this guest, read from the system; `display` only when asked for.

    The host name is the machine's: the session keeps the one it started with.
    """
    facts: dict[str, Any] = {
        "uptime_s": time.clock_gettime(time.CLOCK_BOOTTIME),
        "now_ns": time.time_ns(),
        "load": os.getloadavg()[0],
        "available_mb": _available_mb(),
        "hostname": _read("/etc/hostname"),
        "machine_id": _read("/etc/machine-id"),
        "boot_id": _read("/proc/sys/kernel/random/boot_id"),
        **_os_release(),
    }
    if args.get("display"):
        facts["width"], facts["height"] = gui.size()
    return facts


def _read(path: str) -> str:
    return Path(path).read_text(encoding="ascii", errors="replace").strip()


def _available_mb() -> int:
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) // 1024
    return 0


def _os_release() -> dict[str, str]:
    release = platform.freedesktop_os_release()
    return {"os_id": release.get("ID", ""), "os_version": release.get("VERSION_ID", "")}


def set_identity(args: Mapping[str, Any]) -> dict[str, Any]:
    """Have the privileged part set clock, machine id and host name; answers what it asked for."""
    now_ns = integer(args, "now_ns", identity.YEAR_2020_NS, identity.YEAR_2100_NS)
    machine_id, hostname = text(args, "machine_id", 32), text(args, "hostname", 63)
    try:
        identity.ask(identity.SOCKET, now_ns, machine_id, hostname)
    except ValueError as error:
        raise Refused("rejected", str(error)) from error
    return {"now_ns": time.time_ns(), "machine_id": machine_id, "hostname": hostname}
