"""Steps per minute of one machine, and of two, against an OSWorld-style loop on the same guest.

The peer follows OSWorld's `DesktopEnv.step` and `_get_obs` (desktop_env/desktop_env.py): a Python
process per action in the guest, `time.sleep(pause)` with `pause=2`, then a PNG screenshot taken in
the guest and the whole tree by pyatspi (desktop_env/server/main.py). It is started the way a person
would start it, typed into a terminal, since the agent runs no commands; its machine does nothing
else. Ours acts, settles and observes as an episode does: tree, screen, tree until the trees agree.
Both do the same actions on forks of one template, one after the other, with one and two machines.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from collector.episode.observing import Pace, observe, settle
from envs.actions import Action, Click, Hotkey, MoveTo, Press, Scroll, Write
from envs.ubuntu import UbuntuEnv, template, wake
from infra import settings
from infra.clock import Deadline, SystemClock
from infra.errors import DeadlineExceeded, NotFound
from infra.hypervisor import Host, Template, private_root
from infra.ids import RandomIds
from infra.progress import Progress
from tests.bench.report import Report

PEER: Final = "OSWorld-style loop"
PEER_STEPS: Final = 4
PEER_LIMIT_S: Final = 150.0
"""The peer stops after the step that goes past this."""
OUR_STEPS: Final = 24
PROGRAM: Final = Path(__file__).parent / "guest" / "osworld_style.py"
TERMINAL: Final = "xfce4-terminal.desktop"
TERMINAL_BOX: Final = (700, 560, 480, 180)
ACTIONS: Final[tuple[tuple[Action, str], ...]] = (
    (Click(735, 690), "pyautogui.click(735, 690)"),
    (Write("hello there"), "pyautogui.write('hello there', interval=0.01)"),
    (Press(("enter",)), "pyautogui.press('enter')"),
    (Scroll(735, 620, dy=-2), "pyautogui.moveTo(735, 620); pyautogui.scroll(-2)"),
    (Hotkey(("ctrl", "home")), "pyautogui.hotkey('ctrl', 'home')"),
    (MoveTo(1130, 360), "pyautogui.moveTo(1130, 360)"),
    (Click(1130, 250), "pyautogui.click(1130, 250)"),
    (Press(("esc",)), "pyautogui.press('esc')"),
)
"""What both do, over and over: ours, and the same as OSWorld's command."""
CLOCK: Final = SystemClock()


def run(progress: Progress) -> Report:
    """Measure one machine and two, ours and the peer's, on forks of one template."""
    chosen = settings.load()
    directory = template.find(chosen.image, chosen.cache)
    with Host(private_root()) as host:
        frozen = host.load_template(directory)
        figures: dict[str, float | int | str] = {}
        rates: dict[tuple[str, int], float] = {}
        for count in (1, 2):
            progress.say(f"ours, {count} machine{'s' * (count > 1)}")
            rates["ours", count] = _ours(host, frozen, count)
            progress.say(f"the peer, {count} machine{'s' * (count > 1)}")
            rates["peer", count], steps = _peers(host, frozen, count)
            if count == 1:
                figures |= _parts(steps)
    figures = {
        "steps_per_min": round(rates["ours", 1], 2),
        "steps_per_min_two": round(rates["ours", 2], 2),
        "peer_steps_per_min": round(rates["peer", 1], 2),
        "peer_steps_per_min_two": round(rates["peer", 2], 2),
        "ratio_two": round(rates["ours", 2] / rates["peer", 2], 2),
        **figures,
    }
    return Report("loop", figures, PEER, round(rates["ours", 1] / rates["peer", 1], 2))


@contextmanager
def _machines(host: Host, frozen: Template, count: int) -> Iterator[list[UbuntuEnv]]:
    """So many forks, awake, a terminal open on each: ours does not use it, but it is there."""
    ids = RandomIds()
    with ExitStack() as held:
        envs = []
        for _ in range(count):
            uuid = ids.uuid()
            domain = host.fork(frozen, f"bench-{uuid[:8]}", uuid, {"bench": "loop"})
            held.callback(domain.destroy)
            env = wake(domain, 1)
            held.callback(env.close)
            env.open_program(TERMINAL, "", TERMINAL_BOX)
            envs.append(env)
        yield envs


def _ours(host: Host, frozen: Template, count: int) -> float:
    """Our steps per minute, of all machines together."""
    with _machines(host, frozen, count) as envs, ThreadPoolExecutor(count) as pool:
        for env in envs:
            observe(env, CLOCK, Pace())
        start = CLOCK.monotonic_s()
        list(pool.map(_our_steps, envs))
        return 60 * OUR_STEPS * count / (CLOCK.monotonic_s() - start)


def _our_steps(env: UbuntuEnv) -> None:
    pace = Pace()
    for step in range(OUR_STEPS):
        action, _ = ACTIONS[step % len(ACTIONS)]
        before = env.screen()
        result = env.act(action, f"loop-{step}", 1)
        assert result.outcome == "applied", result
        settle(env, before, CLOCK, pace)
        observe(env, CLOCK, pace)


def _peers(host: Host, frozen: Template, count: int) -> tuple[float, list[dict[str, Any]]]:
    """The peer's steps per minute, of all machines together, and its steps."""
    with _machines(host, frozen, count) as envs, ThreadPoolExecutor(count) as pool:
        for env in envs:
            _start(env)
        reports = list(pool.map(_ended, envs))
    rate = sum(60 * len(report["steps"]) / report["total_s"] for report in reports)
    return rate, [step for report in reports for step in report["steps"]]


def _start(env: UbuntuEnv) -> None:
    """Type the peer's command into the terminal, which has the focus; then leave it alone."""
    commands = [ACTIONS[n % len(ACTIONS)][1] for n in range(PEER_STEPS)]
    wanted = {"commands": commands, "limit_s": PEER_LIMIT_S}
    env.put_file("loop.json", json.dumps(wanted).encode())
    env.put_file("loop.py", PROGRAM.read_bytes())
    settle(env, env.screen(), CLOCK, Pace())
    env.act(Write("python3 ~/Documents/loop.py", submit=True), "start", 1)
    env.mirror.close()  # a second listener on its bus would slow the peer down


def _ended(env: UbuntuEnv) -> dict[str, Any]:
    """The peer's report, once it has ended. Asked for rarely: an answer costs the guest time."""
    deadline = Deadline.after(CLOCK, 4 * PEER_LIMIT_S)
    while not deadline.is_past():
        CLOCK.sleep(10)
        try:
            report: dict[str, Any] = json.loads(env.get_file("loop-done.json"))
        except NotFound:
            continue
        if report["ended"] or report["total_s"] > PEER_LIMIT_S:
            return report
    raise DeadlineExceeded("the peer did not end")


def _parts(steps: Sequence[dict[str, Any]]) -> dict[str, float | int | str]:
    """Where the peer's time goes, by the middle of its steps."""
    names = ("act_s", "screenshot_s", "tree_s", "step_s")
    parts = {f"peer_{n}": round(statistics.median(s[n] for s in steps), 2) for n in names}
    return {**parts, "peer_nodes": max(s["nodes"] for s in steps)}
