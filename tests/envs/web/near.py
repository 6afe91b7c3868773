"""The near end of a wire: one web machine with a network, and what it came to, as JSON.

near.py
"""

from __future__ import annotations

import json
import socket
import sys
import time

from envs import actions as act
from envs.web import WebEnv, WebSettings

SENTINEL = ("93.184.216.34", 9)
NETWORK = ("allowed.example", "*.allowed.example")


def settled(env: WebEnv) -> dict[str, object]:
    """What the page has, once it has tried all it wanted."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        page = env._live().front().page
        found = env._run(page.evaluate("({done, candidates})"), 10, "looking")
        if set(found["done"]) == {"own", "gathered", "socket"}:
            return dict(found)
        time.sleep(0.1)
    raise AssertionError(f"the page does not settle: {found}")


def heading(env: WebEnv) -> list[str]:
    return [e.name for e in env.tree().elements if e.role == "heading"]


def main() -> int:
    env = WebEnv(WebSettings(start="http://allowed.example/", network=NETWORK))
    try:
        told = {"first": heading(env), **settled(env)}
        far = env.act(act.Goto("http://forbidden.example/goto"), "s1", 1)
        near = env.act(act.Goto("http://www.allowed.example/more"), "s2", 1)
        told |= {"forbidden": far.outcome, "more": near.outcome, "second": heading(env)}
        told |= {"health": env.health()}
    finally:
        env.close()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
        last.sendto(b"end", SENTINEL)
    sys.stdout.write(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
