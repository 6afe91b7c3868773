"""The set-up that the three scripts share, run for real in places of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.house.source import ROOT

SETUP = f". {ROOT}/infra/setup.sh\n"


def bash(text: str, place: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `text` after sourcing the set-up, with the cache in `place`."""
    return subprocess.run(
        ["bash", "-c", SETUP + text],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "TRAWL_CACHE": str(place), **more},
        check=False,
    )


@pytest.mark.parametrize("name", ["setup.sh", "run.sh", "test.sh", "bench.sh", "../.ci/run"])
def test_a_script_parses(name: str) -> None:
    subprocess.run(["bash", "-n", ROOT / "infra" / name], timeout=60, check=True)


def test_a_second_script_of_a_name_says_who_holds_the_lock_and_since_when(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        ["bash", "-c", SETUP + "name=run; places; hold /a/clone; echo held; read -r _"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TRAWL_CACHE": str(tmp_path)},
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        second = bash("name=run; places; hold /b/clone", tmp_path)
        other = bash("name=bench; places; hold /b/clone", tmp_path)
        holder.kill()
    third = bash("name=run; places; hold /b/clone", tmp_path)
    assert second.returncode == 4
    assert f"infra/run.sh is already at work: pid {holder.pid}, since 20" in second.stderr
    assert "for /a/clone" in second.stderr
    assert (other.returncode, third.returncode) == (0, 0)


def test_what_a_script_starts_does_not_hold_its_lock(tmp_path: Path) -> None:
    work = "work() { sleep 30 & echo $! >&2; }; environment() { :; }; _TRAWL_INSIDE=1 start run"
    with (tmp_path / "pid").open("w") as said:
        first = subprocess.run(
            ["bash", "-c", SETUP + work],
            stdout=subprocess.DEVNULL,
            stderr=said,
            timeout=60,
            env={**os.environ, "TRAWL_CACHE": str(tmp_path)},
            check=False,
        )
    child = int((tmp_path / "pid").read_text())
    second = bash("name=run; places; hold /b/clone", tmp_path)
    os.kill(child, signal.SIGKILL)
    assert (first.returncode, second.returncode) == (0, 0)


def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    done = bash("name=run; places; hold /a", tmp_path, TRAWL_CACHE="/proc/trawl")
    assert done.returncode == 5
    assert "set TRAWL_CACHE" in done.stderr


def test_only_what_is_not_there_is_installed(tmp_path: Path) -> None:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "apt.txt").write_text("bash   # the shell\nno-such-package-x  # why\n")
    done = bash(f"clone={tmp_path}; missing_packages", tmp_path)
    assert done.stdout.split() == ["no-such-package-x"]


def test_the_copy_has_what_git_tracks_or_would_track(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], timeout=60, check=True)
    for name in (".gitignore", "tracked name", "new", "gone", "ignored"):
        (tmp_path / name).write_text("ignored\n")
    subprocess.run(
        ["git", "-C", tmp_path, "add", ".gitignore", "tracked name", "gone"], timeout=60, check=True
    )
    (tmp_path / "gone").unlink()
    done = bash(f"clone={tmp_path}; clone_files", tmp_path)
    assert sorted(done.stdout.rstrip("\0").split("\0")) == [".gitignore", "new", "tracked name"]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_reaches_the_work_and_the_script_waits_for_it(
    tmp_path: Path, sign: signal.Signals
) -> None:
    inner = (
        "trap 'sleep 0.3; echo closed; exit 130' INT TERM; echo started; "
        "while :; do sleep 0.1; done"
    )
    with subprocess.Popen(
        ["bash", "-c", SETUP + f'supervise bash -c "{inner}"'],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TRAWL_CACHE": str(tmp_path)},
    ) as outer:
        assert outer.stdout is not None
        assert outer.stdout.readline() == "started\n"
        time.sleep(0.2)
        outer.send_signal(sign)
        said, _ = outer.communicate(timeout=30)
    assert said == "closed\n"
    assert outer.returncode == 130
