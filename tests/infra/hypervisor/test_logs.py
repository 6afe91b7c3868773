"""The logs of guests stay short while somebody minds them, however fast they are written."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.errors import Unavailable
from infra.hypervisor import logs
from infra.limits import MACHINE_LOG_BYTES

LINE = b"qemu: warning: the guest did what it should not have done, over and over again\n"
FLOODS = """
import os, sys
log = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
size, cuts = 0, 0
while cuts < 3:
    for _ in range(50):
        os.write(log, sys.argv[2].encode())
    before, size = size, os.fstat(log).st_size
    cuts += size < before
os.write(log, b"the last one\\n")
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "log" / "qemu").mkdir(parents=True)
    return tmp_path


def qemu(root: Path) -> Path:
    return root / "log" / "qemu" / "m-1.log"


def driver(root: Path) -> Path:
    return root / "libvirt.log"


@pytest.mark.parametrize("of", [qemu, driver])
def test_what_is_written_without_an_end_is_cut_while_it_is_written(
    of: Callable[[Path], Path], root: Path
) -> None:
    log = of(root)
    with logs.minded(root):
        done = subprocess.run(
            [sys.executable, "-c", FLOODS, str(log), LINE.decode()], timeout=60, check=False
        )
    assert done.returncode == 0, "it was cut three times"
    lines = log.read_bytes().splitlines(keepends=True)
    assert sum(map(len, lines)) <= logs.CUT_BYTES < MACHINE_LOG_BYTES
    assert b"the last one\n" in lines, "what is written after a cut stays"


def test_what_grew_while_nobody_minded_it_is_cut_to_its_newest_lines(root: Path) -> None:
    numbered = [b"%07d %s" % (number, LINE) for number in range(2 * logs.CUT_BYTES // len(LINE))]
    qemu(root).write_bytes(b"".join(numbered))
    with logs.minded(root):
        pass
    kept = qemu(root).read_bytes().splitlines(keepends=True)
    assert kept == numbered[-len(kept) :]
    assert logs.KEPT_BYTES - 2 * len(LINE) < sum(map(len, kept)) <= logs.KEPT_BYTES


def test_a_short_log_is_left_as_it_is(root: Path) -> None:
    qemu(root).write_bytes(LINE * 10)
    with logs.minded(root):
        pass
    assert qemu(root).read_bytes() == LINE * 10


def test_a_host_that_can_watch_nothing_more_says_what_to_do(root: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        with pytest.raises(Unavailable, match="no log can be watched") as caught, logs.minded(root):
            pytest.fail("nothing is watched")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert "max_user_instances" in caught.value.hint
