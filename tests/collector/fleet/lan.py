"""Nodes as tests use them: each a network and a process namespace, joined by one wire.

No right is needed: the first node's user namespace owns both. Killing a node kills all that ran in
it, as a power cut does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

FOREVER = ("sleep", "infinity")
SPACES = ("--net", "--pid", "--mount", "--fork", "--kill-child", "--mount-proc")


class Node:
    """One namespace with an address of its own; its first process waits for ever."""

    def __init__(self, address, first=None):
        self.address = address
        enter = ("unshare", "-Ur") if first is None else (*first.inside("--user"), "unshare")
        self.process = subprocess.Popen([*enter, *SPACES, *FOREVER])
        self.pid = self._first_process()

    def _first_process(self):
        outer = self.process.pid
        children = Path(f"/proc/{outer}/task/{outer}/children")
        end = time.monotonic() + 30
        while time.monotonic() < end:
            for pid in children.read_text().split():
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                if words[0] == b"sleep":  # before, it is `unshare` still, and its users unmapped
                    return int(pid)
            time.sleep(0.02)
        self.process.kill()
        self.process.wait(10)
        raise AssertionError("no namespaces: is user.max_user_namespaces 0?")

    def inside(self, *spaces):
        spaces = spaces or ("--user", "--net", "--pid", "--mount")
        return ("nsenter", "-t", str(self.pid), "--preserve-credentials", *spaces)

    def run(self, *command, environ=None, timeout_s=120):
        return subprocess.run(
            [*self.inside(), *command], env=environ, capture_output=True, text=True,
            timeout=timeout_s, check=False,
        )  # fmt: skip

    def kill(self):
        """Everything in it ends at once."""
        os.kill(self.pid, signal.SIGKILL)
        self.process.wait(10)

    def kill_those(self, *words):
        """Kill whatever in it has one of those words in its command; returns how many."""
        done = self.run("pkill", "-KILL", "--ns", "1", "-c", "-f", "|".join(words))
        return int(done.stdout or 0)


def wire(one, other):
    """A link between two nodes, up at both ends."""
    _do(one, "ip", "link", "add", "name", "wire", "type", "veth",
        "peer", "name", "wire", "netns", str(other.pid), host_pids=True)  # fmt: skip
    for node in (one, other):
        _do(node, "ip", "address", "add", f"{node.address}/24", "dev", "wire")
        for name in ("lo", "wire"):
            _do(node, "ip", "link", "set", name, "up")


def cut(node):
    """Take its end of the wire down: nothing that it sends arrives, and nobody is told."""
    _do(node, "ip", "link", "set", "wire", "down")


def mend(node):
    """Take its end of the wire up again."""
    _do(node, "ip", "link", "set", "wire", "up")


def _do(node, *command, host_pids=False):
    spaces = ("--user", "--net") if host_pids else ()
    done = subprocess.run(
        [*node.inside(*spaces), *command], capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 0, done.stderr
