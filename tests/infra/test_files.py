from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.clock import FakeClock
from infra.errors import Conflict
from infra.files import exclusive, publish, sha256_bytes, sha256_file, sweep

PUBLISH_TWICE = """
import sys
from pathlib import Path
from infra.files import publish
target = Path(sys.argv[1])
publish(target, b"old" * 1000)
publish(target, b"new" * 1000)
"""
HOLD = """
import sys
from pathlib import Path
from infra.files import exclusive
with exclusive(Path(sys.argv[1]), "the shelf"):
    sys.stdout.write("held\\n"); sys.stdout.flush()
    sys.stdin.readline()
"""


def run_until(crash_at: int, target: Path) -> int:
    done = subprocess.run(
        [sys.executable, "-c", PUBLISH_TWICE, str(target)],
        env={**os.environ, "CRASH_AT": str(crash_at)},
        timeout=60,
        check=False,
    )
    return done.returncode


@pytest.mark.parametrize(
    ("crash_at", "left"),
    [(1, None), (2, b"old"), (3, b"old"), (4, b"new"), (5, b"new")],
)
def test_a_death_at_any_commit_point_leaves_the_old_file_or_the_new(
    tmp_path: Path, crash_at: int, left: bytes | None
) -> None:
    target = tmp_path / "deep" / "file"
    code = run_until(crash_at, target)
    assert code == (0 if crash_at == 5 else -9)
    if left is None:
        assert not target.exists()
    else:
        assert target.read_bytes() == left * 1000


def test_a_failed_publish_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "taken"
    target.mkdir()
    (target / "inside").touch()
    with pytest.raises(OSError, match="irectory"):
        publish(target, b"data")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_publishing_keeps_the_wanted_mode(tmp_path: Path) -> None:
    publish(tmp_path / "secret", b"x", mode=0o600)
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_a_file_hashes_as_its_bytes_do(tmp_path: Path) -> None:
    data = os.urandom(3 * (1 << 20) + 7)
    (tmp_path / "f").write_bytes(data)
    assert sha256_file(tmp_path / "f") == sha256_bytes(data)


def test_a_held_lock_names_its_holder(tmp_path: Path) -> None:
    lock = tmp_path / "locks" / "shelf"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Conflict, match=f"held by pid {holder.pid}"), exclusive(lock, "it"):
            pass
        holder.communicate("end\n", timeout=30)
    with exclusive(lock, "it"):
        assert f"pid {os.getpid()}" in lock.read_text()


def test_who_may_wait_has_the_lock_when_it_is_free_and_no_later_than_it_said(
    tmp_path: Path,
) -> None:
    lock, clock = tmp_path / "lock", FakeClock()
    with (
        exclusive(lock, "it"),
        pytest.raises(Conflict, match="it is held by"),
        exclusive(lock, "it", 3.0, clock),
    ):
        pass
    assert clock.elapsed_s == pytest.approx(3.0, abs=0.2)
    with exclusive(lock, "it", 3.0, clock):
        assert clock.elapsed_s == pytest.approx(3.0, abs=0.2)


def test_a_killed_holder_frees_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        holder.kill()
    with exclusive(lock, "it"):
        pass


def test_only_the_temporary_files_of_dead_writers_are_swept(tmp_path: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    ours, theirs = f".a.{os.getpid()}-1.tmp", f".a.{dead.pid}-1.tmp"
    kept = [tmp_path / "deep" / name for name in (ours, "a.tmp", ".a.tmp", "a")]
    gone = tmp_path / "deep" / theirs
    gone.parent.mkdir()
    for path in (*kept, gone):
        path.touch()
    assert sweep(tmp_path) == 1
    assert sorted(gone.parent.iterdir()) == sorted(kept)
