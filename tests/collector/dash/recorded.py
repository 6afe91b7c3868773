"""A home with what a run leaves: recordings, their samples, the run in the database."""

from __future__ import annotations

from pathlib import Path

from collector.dash.desk import Desk
from corpus import build as building
from corpus import recipe
from corpus.build import Places
from grounding.build import build
from infra.progress import Silent
from infra.store import runs
from infra.store.rows import EpisodeStatus, Run
from tests.grounding import episodes

RUN = "run-1"
RECIPE = b"""
name: own
budget_tokens: 100000
image_share: {max: 0.999}
categories: {agent: {weight: 1}}
sources:
  screens: {category: agent, reader: grounding}
"""


def recorded(desk: Desk, *names: str, grounded: bool = True, **more: object) -> None:
    """These recordings of a form, and the samples made of them."""
    for name in names:
        episodes.record(desk.settings.home, name, run_id=RUN, **more)
    if grounded:
        build(desk.settings.home, Silent())


def mixed(desk: Desk) -> Path:
    """The corpus `own` of two recordings."""
    recorded(desk, "ep-1", "ep-2")
    places = Places(desk.settings.home, desk.settings.cache, 1, 0)
    return building.build(recipe.parse(RECIPE, "own.yaml"), places, Silent()).root


def ran(desk: Desk, *ended: tuple[str, EpisodeStatus, str], planned: int = 0) -> None:
    """A run whose episodes ended so: recording, status, reason."""
    now_ns = desk.clock.now_ns()
    count = max(planned, len(ended))
    with desk.store.write() as tx:
        runs.submit(tx, Run(RUN, "ubuntu", "walk", count, 3, 0, "queued", now_ns, None))
        for name, status, reason in ended:
            episode = runs.claim(tx, ["ubuntu"], name, now_ns)
            assert episode is not None
            for number in range(1, 4):
                runs.step(tx, episode, number, now_ns + number * 1_000_000_000, "click")
            runs.end(tx, episode, status, reason, now_ns + 4_000_000_000)
