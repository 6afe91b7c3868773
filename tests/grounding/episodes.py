"""Small recordings written by the real recorder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from envs import actions as a
from envs.base import ActResult
from envs.recording.types import Effect, Header
from envs.recording.writer import Recorder
from envs.types import EnvInfo, Observation
from infra.clock import FakeClock
from tests.grounding.desk import HEIGHT, WIDTH, element, observation, window

ENV = EnvInfo(
    platform="ubuntu",
    width=WIDTH,
    height=HEIGHT,
    os_id="debian",
    os_version="12",
    image="debian-12",
)
EFFECT = Effect(changed_pixels=90, appeared=2, did_anything=True)
STEPS: tuple[tuple[a.Action, str | None], ...] = (
    (a.Click(80, 55), "save"),
    (a.Write("hello"), "name"),
    (a.Scroll(80, 200, dy=-3), None),
)


def header(episode_id: str, **more: object) -> Header:
    fields: dict[str, object] = {
        "explorer": "walk",
        "seed": 1,
        "env": ENV,
        "family": "desktop",
        "started_ns": 1,
    }
    fields.update(more)
    return Header(episode_id=episode_id, **fields)  # type: ignore[arg-type]


def screen(n: int, **how: bool) -> Observation:
    """The n-th screen: a form whose last label counts."""
    return observation(
        window(title="Form"),
        element("save", "button", (40, 40, 120, 70), "Save"),
        element("label", "label", (40, 90, 100, 110), "Name"),
        element("name", "entry", (110, 90, 300, 110)),
        element("count", "label", (40, 140, 120 + 10 * n, 160), f"Step {n}"),
        **how,
    )


def record(
    home: Path,
    episode_id: str = "ep-1",
    steps: tuple[tuple[a.Action, str | None], ...] = STEPS,
    *,
    effect: Effect = EFFECT,
    outcome: str = "applied",
    close: bool = True,
    **more: object,
) -> Path:
    """One closed episode under `home`."""
    with Recorder(home, header(episode_id, **more), FakeClock()) as recorder:
        recorder.first(screen(0))
        for n, (action, element_id) in enumerate(steps, 1):
            recorder.intent(f"{episode_id}-{n}", action, element_id, "new")
            recorder.result(ActResult(outcome, "", 1, 2, "host"))  # type: ignore[arg-type]
            recorder.commit(screen(n), effect, settle_s=0.1, settled=True)
        if close:
            recorder.close("completed")
        return recorder.directory


def stand_in() -> EnvInfo:
    return replace(ENV, platform="fake", stand_in=True)
