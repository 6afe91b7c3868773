"""A browser lives exactly as long as its machine, and its owner."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from envs import actions as act
from envs.web import WebEnv, WebSettings, chromium, open_web
from envs.web.supervisor import descendants, started
from infra.errors import InfraLost, NotFound, Unavailable, UsageError

pytestmark = pytest.mark.browser

OWNER = """
import sys, time
from envs.web import open_web
from envs.web.supervisor import descendants
env = open_web(start="widgets")
print(*[env._group.pid, env._group.driver, *env._group.members()], env._base, flush=True)
time.sleep(100)
"""


def gone(pids: list[int], starts: list[str], within_s: float) -> list[int]:
    until = time.monotonic() + within_s
    while True:
        left = [p for p, s in zip(pids, starts, strict=True) if started(p) == s]
        if not left or time.monotonic() > until:
            return left
        time.sleep(0.05)


def look_for_a_while(env: WebEnv) -> None:
    for _ in range(40):
        env.screen()
        time.sleep(0.05)


def members(env: WebEnv) -> tuple[list[int], list[str]]:
    assert env._group is not None
    pids = [*env._group.members(), env._group.driver]
    return pids, [started(p) for p in pids]


def test_closing_ends_every_process_and_leaves_no_file() -> None:
    threads = threading.active_count()
    env = open_web(start="widgets")
    pids, starts = members(env)
    assert len(pids) > 5
    assert env._group is not None
    assert os.getpgid(env._group.pid) == env._group.pid
    base = env._base
    env.close()
    assert gone(pids, starts, 3.0) == []
    assert not base.exists()
    until = time.monotonic() + 6.0
    while threading.active_count() > threads and time.monotonic() < until:
        time.sleep(0.05)
    assert threading.active_count() <= threads
    with pytest.raises(InfraLost):
        env.tree()
    with pytest.raises(InfraLost):
        env.act(act.Wait(0.1), "s", 1)


def test_the_browser_dies_with_its_owner() -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True)
    try:
        assert owner.stdout is not None
        *numbers, base = owner.stdout.readline().split()
        pids = [int(n) for n in numbers]
        starts = [started(p) for p in pids]
        assert all(starts)
    finally:
        owner.kill()
        owner.wait()
        assert owner.stdout is not None
        owner.stdout.close()
    assert gone(pids, starts, 5.0) == []
    assert not Path(base).exists()


def test_a_killed_supervisor_takes_the_browser_along() -> None:
    env = open_web(start="widgets")
    try:
        pids, starts = members(env)
        assert env._group is not None
        os.kill(env._group.pid, signal.SIGKILL)
        mains = [p for p in pids if p != env._group.driver and not _is_crash_handler(p)]
        assert gone(mains, [s for p, s in zip(pids, starts, strict=True) if p in mains], 5.0) == []
    finally:
        env.close()


def _words(pid: int) -> list[str]:
    """A process's command line."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ").split()
    except OSError:
        return []


def _is_crash_handler(pid: int) -> bool:
    return any("crashpad" in word for word in _words(pid)[:1])


@pytest.mark.parametrize("kind", ["browser", "page"])
def test_a_death_is_noticed_and_said(kind: str) -> None:
    env = open_web(start="widgets")
    try:
        assert env._group is not None
        for pid in descendants(env._group.pid):
            if ("--type=renderer" if kind == "page" else "--no-startup-window") in _words(pid):
                os.kill(pid, signal.SIGKILL)
        begun = time.monotonic()
        with pytest.raises(InfraLost):
            look_for_a_while(env)
        assert time.monotonic() - begun < 3
        with pytest.raises(InfraLost):
            env.health()
        with pytest.raises(InfraLost):
            env.act(act.Click(5, 5), "s1", 1)
    finally:
        env.close()


def test_a_stopped_browser_answers_by_its_deadline_and_closes() -> None:
    env = WebEnv(WebSettings(start="widgets", observe_s=1.0, act_s=1.0))
    pids, starts = members(env)
    try:
        for pid in pids[1:-1]:
            os.kill(pid, signal.SIGSTOP)
        from infra.errors import DeadlineExceeded

        begun = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            env.screen()
        assert env.act(act.Click(50, 50), "s1", 1).outcome == "unknown"
        assert env.act(act.Click(50, 50), "s1", 1).outcome == "unknown"
        assert time.monotonic() - begun < 5
    finally:
        env.close()
    assert gone(pids, starts, 3.0) == []


def test_what_cannot_be_opened_is_said_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(NotFound, match="shop"):
        open_web(start="shoop")
    with pytest.raises(UsageError, match="scale"):
        open_web(scale=1.3)
    with pytest.raises(UsageError, match="did you mean 'theme'"):
        open_web(them="dark")
    with pytest.raises(UsageError):
        open_web(allow=("ftp://x",))
    with pytest.raises(UsageError, match="password"):
        open_web(allow=("https://a:b@example.org",))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(Unavailable, match="not as root"):
        open_web()
    monkeypatch.undo()
    monkeypatch.setattr(chromium, "NAMES", ("no-such-browser",))
    with pytest.raises(Unavailable, match="apt-get install chromium"):
        open_web()
