"""Trajectories a minute of the whole fleet on this host, by machines at work, and where time goes.

Episodes of 30 steps through the controller, as an operator starts them: leases, recordings, the
walking explorer and all. The phases are medians over the steps that were recorded.
"""

from __future__ import annotations

import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from envs.recording.reader import read
from envs.recording.types import Step
from infra.progress import Progress
from tests.bench.machines import CLOCK
from tests.bench.report import Report

AT_ONCE: Final = (1, 2, 4)
EPISODES: Final = 1
STEPS: Final = 30
FILE: Final = '[pools.ubuntu]\nkind = "ubuntu"\ncount = {count}\n'
LIMIT_S: Final = 900.0


def run(progress: Progress) -> Report:
    """A fleet for each number of machines at work; each of them records one episode."""
    figures: dict[str, float | int | str] = {"cores": os.cpu_count() or 1}
    for count in AT_ONCE:
        progress.say(f"{count} at once")
        with tempfile.TemporaryDirectory(prefix="trawl-b-") as home:
            took_s, steps = _collected(Path(home), count)
        figures[f"trajectories_per_min_{count}"] = round(EPISODES * count / took_s * 60, 3)
        figures[f"steps_per_min_{count}"] = round(len(steps) / took_s * 60, 1)
        figures |= {f"{name}_p50_s_{count}": value for name, value in _phases(steps).items()}
    return Report("fleet", figures)


def _collected(home: Path, count: int) -> tuple[float, list[Step]]:
    """Seconds from submission to the end of an episode on each of `count` machines, and their steps."""
    fleet = home / "fleet.toml"
    fleet.write_text(FILE.format(count=count + 1), encoding="utf-8")
    environment = {**os.environ, "TRAWL_HOME": str(home / "h"), "TRAWL_RUNNING": str(count)}

    def trawl(*words: str) -> Any:
        command = [sys.executable, "-m", "collector", *words, "--json"]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=LIMIT_S, check=True
        )
        return json.loads(done.stdout)

    trawl("fleet", "up", "--file", str(fleet))
    try:
        start = CLOCK.monotonic_s()
        ended = trawl("run", "submit", "--pool", "ubuntu", "--episodes", str(EPISODES * count),
                      "--steps", str(STEPS), "--follow")  # fmt: skip
        took_s = CLOCK.monotonic_s() - start
        assert ended["status"] == "completed", ended
        recordings = [read(path) for path in (home / "h" / "recordings").iterdir()]
        return took_s, [step for recording in recordings for step in recording.steps]
    finally:
        trawl("fleet", "down")


def _phases(steps: list[Step]) -> dict[str, float]:
    """Medians: deciding (after the step before), settling, and acting and looking and storing."""
    pairs = [(a, b) for a, b in itertools.pairwise(steps) if b.index == a.index + 1]
    deciding = [(b.t_intent_ns - a.t_commit_ns) / 1e9 for a, b in pairs]
    settling = [step.settle_s for step in steps]
    rest = [(s.t_commit_ns - s.t_intent_ns) / 1e9 - s.settle_s for s in steps]
    return {
        "decide": round(statistics.median(deciding), 3),
        "settle": round(statistics.median(settling), 3),
        "act_look_store": round(statistics.median(rest), 3),
    }
