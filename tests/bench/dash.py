"""The dashboard under a large fleet: how soon it starts, shows a page, and shows what changed.

Of a wall: what 60 live screens at a frame a second cost both processes together.

A process of its own, as `trawl serve` starts it, over a database of 1,000 machines and 10^6 events.
Pages are asked for one after another by one client; a change is timed from the moment when its
transaction has ended to the moment when headless Chromium has it in the document.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from collector.dash.desk import Desk
from envs.web import chromium
from infra.progress import Progress
from infra.store import machines
from infra.store.rows import Machine
from tests.bench import wall
from tests.bench.machines import CLOCK
from tests.bench.report import Report
from tests.collector.dash.seeding import seed
from tests.collector.dash.serving import OURS, desk_at

MACHINES: Final = 1_000
EVENTS: Final = 1_000_000
STARTS: Final = 5
LOADS: Final = 30
CHANGES: Final = 40
MANY_LOADS: Final = 1_000
STALLED: Final = 100
PAGES: Final = {"first": "/", "machines": "/machines", "events": "/events"}
WATCH: Final = """
window.seen = {};
new MutationObserver(() => {
  const now = performance.timeOrigin + performance.now();
  for (const field of document.querySelectorAll('[data-field=reason]')) window.seen[field.textContent] ??= now;
}).observe(document.body, {subtree: true, childList: true, characterData: true});
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A dashboard process and a client that is signed in."""

    process: subprocess.Popen[str]
    url: str
    client: httpx.Client
    started_s: float
    spent_s: float

    def resident_mb(self) -> float:
        """Memory that the process has in RAM."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        (line,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
        return int(line.split()[1]) / 1024


def run(progress: Progress) -> Report:
    """Starts, page loads, changes on a page, and what a thousand loads and stalled peers cost."""
    with tempfile.TemporaryDirectory(prefix="trawl-b-") as home, desk_at(Path(home)) as desk:
        progress.say(f"{MACHINES} machines, {EVENTS} events")
        made = seed(desk, MACHINES, EVENTS)
        progress.say("starts")
        figures: dict[str, float | int | str] = dict(_starts(Path(home)))
        with _running(Path(home)) as dash:
            progress.say("pages")
            for name, path in PAGES.items():
                before_s = wall.spent_s(dash.process.pid)
                times_ms = _loads(dash, path)
                spent_ms = (wall.spent_s(dash.process.pid) - before_s) * 1000
                figures[f"{name}_page_ms"] = round(statistics.median(times_ms), 1)
                figures[f"{name}_page_p95_ms"] = round(_p95(times_ms), 1)
                figures[f"{name}_page_cpu_ms"] = round(spent_ms / (LOADS + 1), 1)
            progress.say("changes")
            changes_ms = _changes(dash, desk, made)
            figures["change_p50_ms"] = round(statistics.median(changes_ms), 1)
            figures["change_p95_ms"] = round(_p95(changes_ms), 1)
            progress.say("memory")
            figures |= _memory(dash, desk, made)
    progress.say("a wall")
    figures["wall_cpu_percent"] = round(wall.cost(_running, 4), 1)
    figures["wall_all_changing_cpu_percent"] = round(wall.cost(_running, wall.TILES), 1)
    notes = (
        "pages are timed at the client: server, loopback and reading",
        "a wall's 60 screens are read from memory, as a desktop's are; four of them change",
    )
    return Report("dash", figures, notes=notes)


def _starts(home: Path) -> dict[str, float]:
    """From the process's beginning to its first page, the median; the code is compiled by then."""
    times_s, spent_s = [], []
    for _ in range(STARTS + 1):
        with _running(home) as dash:
            times_s.append(dash.started_s)
            spent_s.append(dash.spent_s)
    return {
        "start_s": round(statistics.median(times_s[1:]), 2),
        "start_cpu_s": round(statistics.median(spent_s[1:]), 2),
    }


@contextmanager
def _running(home: Path) -> Iterator[Running]:
    """`trawl serve` over a home, and a client."""
    environment = {**os.environ, "TRAWL_HOME": str(home), "PYTHONPYCACHEPREFIX": str(home / "pyc")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "collector", "serve", "--port", "0", "--json"]
    start_s = CLOCK.monotonic_s()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        try:
            with httpx.Client(base_url=told["address"], headers=OURS, timeout=60) as client:
                client.get("/login").raise_for_status()
                started_s = CLOCK.monotonic_s() - start_s
                spent_s = wall.spent_s(process.pid)
                client.post("/login", data={"token": Path(told["token_file"]).read_text()})
                client.headers["Accept"] = "text/html"
                url = told["address"].rstrip("/")
                yield Running(process, url, client, started_s, spent_s)
        finally:
            process.terminate()
            process.wait(30)


def _loads(dash: Running, path: str, count: int = LOADS) -> list[float]:
    """Milliseconds of each of so many loads of a page, after one that is not counted."""
    times_ms = []
    for _ in range(count + 1):
        start_s = CLOCK.monotonic_s()
        dash.client.get(path).raise_for_status()
        times_ms.append((CLOCK.monotonic_s() - start_s) * 1000)
    return times_ms[1:]


def _changes(dash: Running, desk: Desk, made: list[Machine]) -> list[float]:
    """Milliseconds until a change of a machine's state is in the document, for each change."""
    from playwright.sync_api import sync_playwright

    machine = machines_on(dash, made)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=str(chromium.find()), chromium_sandbox=True
        )
        page = _page(browser, dash)
        changed_ms = []
        for number in range(CHANGES):
            with desk.store.write() as tx:
                state = ("READY", "BUSY")[number % 2]
                machine = machines.move(tx, machine, state, f"change {number}", CLOCK.now_ns())
            changed_ms.append(CLOCK.now_ns() / 1e6)
            page.wait_for_timeout(300 + 37 * number % 200)  # at no fixed distance from a look
        page.wait_for_timeout(2_000)
        seen = page.evaluate("window.seen")
        browser.close()
    return [_shown(seen, number) - at_ms for number, at_ms in enumerate(changed_ms)]


def _shown(seen: dict[str, float], number: int) -> float:
    """When a change was in the document: itself, or the next, where one look saw both."""
    return min(
        seen[f"change {later}"] for later in range(number, CHANGES) if f"change {later}" in seen
    )


def machines_on(dash: Running, made: list[Machine]) -> Machine:
    """A machine that the page of machines shows."""
    shown = dash.client.get("/machines").text
    return next(machine for machine in made if f'data-key="{machine.uuid}"' in shown)


def _page(browser: Any, dash: Running) -> Any:
    """The page of machines, watched."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    context.add_cookies([{"name": cookie.name, "value": cookie.value, "url": dash.url}
                         for cookie in dash.client.cookies.jar])  # fmt: skip
    page = context.new_page()
    page.goto(f"{dash.url}/machines")
    page.wait_for_timeout(1_000)
    page.evaluate(WATCH)
    return page


def _memory(dash: Running, desk: Desk, made: list[Machine]) -> dict[str, float]:
    """How much larger the process is after a thousand loads, and with peers that read nothing."""
    _loads(dash, "/", 20)
    before_mb = dash.resident_mb()
    for path in PAGES.values():
        _loads(dash, path, MANY_LOADS // len(PAGES))
    loaded_mb = dash.resident_mb()
    peers = [_stalled(dash) for _ in range(STALLED)]
    most_mb = loaded_mb
    machine = machines_on(dash, made)
    for number in range(200):
        with desk.store.write() as tx:
            for _ in range(5):
                machine = machines.get(tx, machine.uuid)
                machine = machines.move(tx, machine, machine.observed, "w" * 300, CLOCK.now_ns())
        CLOCK.sleep(0.05)
        if number % 20 == 0:
            most_mb = max(most_mb, dash.resident_mb())
    for peer in peers:
        peer.close()
    return {
        "resident_mb": round(before_mb, 1),
        f"growth_mb_{MANY_LOADS}_loads": round(loaded_mb - before_mb, 1),
        f"growth_mb_{STALLED}_stalled": round(most_mb - loaded_mb, 1),
    }


def _stalled(dash: Running) -> socket.socket:
    """A stream of events that nobody reads."""
    peer = socket.socket()
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    peer.connect(("127.0.0.1", int(dash.url.rsplit(":", 1)[1])))
    cookies = "; ".join(f"{c.name}={c.value}" for c in dash.client.cookies.jar)
    asks = f"GET /stream?topics=machines,events HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n\r\n"
    peer.sendall(asks.encode())
    return peer


def _p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]
