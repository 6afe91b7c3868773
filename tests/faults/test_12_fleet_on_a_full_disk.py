"""Fault 12: the disk of a fleet at work fills up; it holds, says so, and goes on when it is freed.

The home lies on a file system of its own, so small that a few megabytes fill it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile

from collector.fleet.capacity import EPISODE_BYTES

DISK_BYTES = EPISODE_BYTES + (16 << 20)
MOUNT = 'mount -t tmpfs -o size="$0",mode=0700 trawl "$5" && exec "$@"'


def lives_through(what: str) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="full-") as home:
        done = subprocess.run(
            ["unshare", "--map-current-user", "--mount", "--keep-caps", "sh", "-c", MOUNT,
             str(DISK_BYTES), sys.executable, "-m", "tests.faults.full_disk", what, home],
            check=False, capture_output=True, text=True, timeout=240,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-6000:]


def test_below_the_floor_running_work_ends_no_other_begins_and_it_goes_on_when_freed():
    lives_through("below-the-floor")


def test_with_no_byte_left_nothing_is_torn_and_it_goes_on_when_freed():
    lives_through("no-byte-left")
