from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from infra.doctor import check, host, programs
from infra.doctor.check import Check, Probe, examine
from infra.doctor.security.process import Process, processes
from infra.errors import Unavailable
from infra.progress import Silent
from infra.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", cache=tmp_path / "cache")


def failing() -> str:
    raise Unavailable("it is not there", "bring it")


def broken() -> str:
    raise ValueError("a surprise")


def test_a_probe_that_raises_is_a_finding_with_its_hint() -> None:
    wanted = Check("it", "broken", "it is not there", "bring it")
    assert Probe("it", failing, "buy it").check() == wanted


def test_a_surprise_is_a_finding_too() -> None:
    found = Probe("it", broken, "buy it").check()
    assert (found.ok, found.seen, found.mend) == (False, "ValueError: a surprise", "buy it")


@pytest.mark.parametrize(("weight", "stops"), [("needed", True), ("made", False), ("told", False)])
def test_only_what_is_needed_stops_the_work(weight: check.Weight, stops: bool) -> None:
    assert Probe("it", failing, weight=weight).check().stops is stops


def test_every_probe_is_made_in_order() -> None:
    probes = [Probe(name, lambda: "seen") for name in "abc"]
    assert [found.name for found in examine(probes, Silent())] == ["a", "b", "c"]


def sleeping() -> list[Process]:
    return [p for p in processes() if p.command == ("sleep", "600.25")]


def test_a_program_that_hangs_is_ended_with_all_it_started() -> None:
    code = "import subprocess, sys, time; subprocess.Popen(['sleep', '600.25']); time.sleep(600)"
    with pytest.raises(Unavailable, match="no answer in 1 s"):
        programs.answer_of([sys.executable, "-c", code], within_s=1)
    end = time.monotonic() + 10
    while sleeping() and time.monotonic() < end:
        time.sleep(0.05)
    assert sleeping() == []


def test_a_program_that_fails_is_quoted() -> None:
    with pytest.raises(Unavailable, match="ended with 3: no such machine"):
        programs.answer_of(
            [sys.executable, "-c", "import sys; sys.stderr.write('no such machine'); sys.exit(3)"]
        )


def test_qemu_and_chromium_really_start() -> None:
    assert "starts" in programs.qemu()
    assert "sandboxed" in programs.chromium()


def test_too_little_disk_is_said_with_figures(settings: Settings) -> None:
    wants = settings.model_copy(update={"disk_floor_bytes": 1 << 60})
    with pytest.raises(
        Unavailable, match=r"home needs 0 MiB below .* are kept free; \d+ MiB are there"
    ):
        host.disk(wants)


def test_too_little_memory_is_said_with_figures(settings: Settings) -> None:
    with pytest.raises(Unavailable, match=r"1024 MiB of memory .* are available"):
        host.memory(settings.model_copy(update={"memory_floor_bytes": 1 << 60}))


def test_a_place_that_is_not_ours_to_write_is_said() -> None:
    with pytest.raises(Unavailable, match="/proc is not writable"):
        host.writable(Path("/proc/trawl"))


def test_a_missing_image_says_which_command_makes_it(settings: Settings) -> None:
    found = {
        p.name: p.check() for p in host.host_probes(settings) if p.name in {"image", "template"}
    }
    assert not found["image"].ok
    assert "trawl image build" in found["image"].mend
    assert not found["image"].stops
