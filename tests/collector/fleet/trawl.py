"""The command line over a home of its own, as tests use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

from infra.store import Store, runs


class Trawl:
    """The command line over a home of its own."""

    def __init__(self, home, fleet):
        self.home = home
        self.file = home / "fleet.toml"
        self.file.write_text(fleet, encoding="utf-8")
        self.environ = {**os.environ, "TRAWL_HOME": str(home), "TRAWL_DISK_FLOOR_BYTES": "0"}

    def command(self, *words):
        return [sys.executable, "-m", "collector", *words]

    def __call__(self, *words, code=0):
        done = subprocess.run(
            self.command(*words, "--json"), check=False, capture_output=True, text=True,
            env=self.environ, timeout=280,
        )  # fmt: skip
        assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return json.loads(done.stdout)

    def up(self):
        return self("fleet", "up", "--file", str(self.file))

    def controller_pid(self):
        return int((self.home / "run" / "controller.lock").read_text().split()[1])

    def store(self):
        return Store(self.home / "trawl.db")

    def newest(self):
        with self.store().read() as tx:
            listed = runs.listed(tx)
            return listed[0].id if listed else ""

    def until(self, run_id, what):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with self.store().read() as tx:
                run, every = runs.get(tx, run_id), runs.episodes(tx, run_id)
            shown = {"status": run.status, "steps": sum(e.steps for e in every), "episodes": every}
            if what(shown):
                return shown
            time.sleep(0.05)
        pytest.fail(f"{run_id} did not get there: {shown}")
