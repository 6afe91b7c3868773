"""Fault 36 over a whole run: what stood in a page's password fields is in no file that it leaves."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from envs.recording.reader import blobs_of, read
from tests.collector.fleet.trawl import Trawl
from tests.faults.canary import holding

CANARY: Final = "not-a-secret"
"""How the settings site's present password begins, in every copy of the site."""
FLEET: Final = """\
[pools.web]
kind = "web"
count = 1
settings = { start = "settings", seed = 3 }
"""
RECIPE: Final = """\
name: first
budget_tokens: 60000
shard_bytes: 65536
categories: {agent: {weight: 1}}
sources:
  screens: {category: agent, reader: grounding}
  steps: {category: agent, reader: goals}
"""
SEED: Final = 56
"""Its first episode's task is to sign out a device, on the tab that asks for passwords."""


def fields_met(directory: Path) -> int:
    """How many password fields the screens of a recording held."""
    blobs = blobs_of(directory)
    trees = [seen.load(blobs).tree for seen in read(directory).observations()]
    return sum("protected" in e.states for tree in trees for e in tree.elements)


def collected(trawl: Trawl) -> None:
    """A run whose screens held password fields."""
    done = trawl(
        "run", "submit", "--pool", "web", "--explorer", "tasks", "--steps", "25",
        "--seed", str(SEED), "--follow",
    )  # fmt: skip
    (name,) = [e["recording"] for e in done["episodes"]]
    assert fields_met(trawl.home / "recordings" / name) > 0, "choose another seed"


@pytest.mark.browser
def test_a_pages_password_is_in_no_file_that_a_whole_run_leaves():
    with TemporaryDirectory(prefix="trawl-") as directory:
        trawl = Trawl(Path(directory), FLEET)
        try:
            trawl.up()
            collected(trawl)
        finally:
            trawl("fleet", "down")
        trawl("ground", "build")
        trawl("ground", "export")
        recipe = Path(directory, "first.yaml")
        recipe.write_text(RECIPE)
        trawl("corpus", "build", str(recipe))
        trawl("gallery", "build", "--out", str(Path(directory, "gallery")))
        trawl("support-bundle", "--out", str(Path(directory, "bundle.tar.gz")))
        assert holding("Sign out the device", trawl.home / "recordings"), "nothing is found at all"
        assert holding(CANARY, Path(directory)) == []
