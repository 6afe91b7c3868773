"""A scripted episode for the recording's tests: the same five steps each time.

`told` gets a line after every answer of the recorder, as a caller who was told would keep it.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from envs.actions import Click, Write
from envs.base import ActResult
from envs.recording.types import Effect, Header
from envs.recording.writer import Recorder
from envs.types import Box, Element, EnvInfo, Observation, Screen, Tree
from infra.clock import FakeClock

STEPS = 5
SECRET = frozenset({"showing", "focused", "protected"})
APPLIED = ActResult("applied", "", 1, 2, "host")


def header(episode_id: str = "ep-1") -> Header:
    env = EnvInfo("ubuntu", 32, 16, image="debian-12", extra={"a": 1})
    return Header(episode_id, "script", 7, env, "desktop", 1, versions={"trawl": "1"})


def observation(n: int, *, protected: bool = False, elements: int = 3) -> Observation:
    pixels = np.full((16, 32, 3), n * 20 % 256, dtype=np.uint8)
    made = [Element("root", None, "window", "Main", "a11y", box=Box(0, 0, 32, 16))]
    made += [
        Element(
            f"e{i}",
            "root",
            "textbox" if i == 0 else "button",
            f"name {n} {i}",
            "a11y",
            box=Box(4 * i, 2, 4 * i + 4, 8),
            states=SECRET if protected and i == 0 else frozenset({"showing"}),
            actions=("click",),
            value=f"value {n}" if i == 0 else "",
        )
        for i in range(elements)
    ]
    return Observation(Screen(pixels, n), Tree(tuple(made), "fake", n, n), stable=True)


def write_episode(home: Path, told: Path | None = None, episode_id: str = "ep-1") -> None:
    def acknowledge(line: str) -> None:
        if told is not None:
            with told.open("a") as out:
                out.write(line + "\n")
                out.flush()
                os.fsync(out.fileno())

    with Recorder(home, header(episode_id), FakeClock()) as recorder:
        acknowledge("header")
        recorder.first(observation(0))
        acknowledge("first")
        for n in range(STEPS):
            action = Click(5, 4) if n % 2 == 0 else Write(f"text {n}")
            recorder.intent(f"st-{n}", action, "e1", "why")
            acknowledge(f"intent {n}")
            recorder.result(APPLIED)
            effect = Effect((Box(1, 1, 3, 3),), 4, changed=1, did_anything=True)
            recorder.commit(observation(n + 1), effect, settle_s=0.5, settled=True)
            acknowledge(f"step {n}")
        recorder.close("completed")
        acknowledge("close")
