"""Both executors answer alike; the cluster answers only who has its token."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from infra.engine import LocalExecutor, cluster
from infra.engine.supervisor import Supervisor
from infra.errors import InfraLost, NotFound, UsageError

DRIVER = """
import os, sys
from pathlib import Path
from infra.engine import cluster, open_executor
from infra.errors import HostileInput, InfraLost

def slow_first(n):
    import time
    time.sleep(0.3 if n == 0 else 0)
    return n * n

def dies_once(path):
    if not os.path.exists(path):
        open(path, "w").close()
        os._exit(9)
    return "done"

def refuses(n):
    raise HostileInput("no", "", str(n))

home = Path(sys.argv[1])
head = cluster.lead(home, "127.0.0.1", int(sys.argv[2]), cpus=1)
os.environ.update(cluster.environment(home))
with open_executor(head, 1) as executor:
    assert list(executor.map(slow_first, range(9))) == [n * n for n in range(9)]
    assert list(executor.map(dies_once, [str(home / "died")])) == ["done"]
    try:
        list(executor.map(refuses, [7]))
    except HostileInput as error:
        assert error.subject == "7"
    else:
        raise SystemExit("nothing was raised")
os.environ["RAY_AUTH_TOKEN_PATH"] = sys.argv[3]
import subprocess
say = "from infra.engine import cluster; cluster.connect(%r); print('CONNECTED')" % head
done = subprocess.run([sys.executable, "-c", say], capture_output=True, text=True, timeout=60)
assert done.returncode and "CONNECTED" not in done.stdout, done
"""


def square(n):
    return n * n


def dies(n):
    os.kill(os.getpid(), signal.SIGKILL)


def refuses(n):
    raise UsageError("no", "", str(n))


def test_the_local_executor_gives_results_in_order_and_passes_errors_on():
    with LocalExecutor(2) as executor:
        assert list(executor.map(square, range(20))) == [n * n for n in range(20)]
        with pytest.raises(UsageError) as raised:
            list(executor.map(refuses, [7]))
        assert raised.value.subject == "7"
        with pytest.raises(InfraLost):
            list(executor.map(dies, [1]))


def test_a_cluster_gives_results_in_order_outlives_its_workers_and_wants_its_token(tmp_path):
    (tmp_path / "wrong").write_text("0" * 64)
    space = ["unshare", "-Urnpm", "--fork", "--kill-child", "--mount-proc", "bash", "-c",
             'ip link set lo up && exec "$@"', "node"]  # fmt: skip
    done = subprocess.run(
        [*space, sys.executable, "-c", DRIVER, str(tmp_path), "6379", str(tmp_path / "wrong")],
        capture_output=True, text=True, timeout=150, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert (tmp_path / "run" / "cluster.token").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "8.8.8.8", "localhost"])
def test_a_node_never_binds_an_address_that_strangers_reach(tmp_path, address):
    cluster.make_token(tmp_path)
    with pytest.raises(UsageError):
        cluster.join(tmp_path, "127.0.0.1:6379", address)


def test_a_node_without_the_token_is_not_started(tmp_path):
    with pytest.raises(NotFound) as refused:
        cluster.join(tmp_path, "127.0.0.1:6379", "127.0.0.1")
    assert "0600" in refused.value.hint


HOLDS = """
import sys, time
from pathlib import Path
from infra.files import exclusive
with exclusive(Path(sys.argv[1]), "it"):
    time.sleep(600)
"""


def test_a_supervised_process_is_nobodys_child_is_adopted_and_replaced(tmp_path):
    lock, log = tmp_path / "lock", tmp_path / "log"
    words = [sys.executable, "-c", HOLDS, str(lock)]
    first, second = (Supervisor(words, lock, log) for _ in range(2))
    pid = first.look()
    try:
        while not lock.exists() or str(pid) not in lock.read_text():
            assert Path(f"/proc/{pid}").exists(), log.read_text()
        children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
        assert str(pid) not in children
        assert (second.look(), second.starts) == (pid, 0)
        os.kill(pid, signal.SIGKILL)
        while first.look() == pid:
            pass
        assert first.starts == 2
    finally:
        os.kill(first.pid, signal.SIGKILL)


def test_what_is_not_wanted_is_not_started_until_it_is(tmp_path):
    wanted = []
    lock, log = tmp_path / "lock", tmp_path / "log"
    words = [sys.executable, "-c", HOLDS, str(lock)]
    supervisor = Supervisor(words, lock, log, lambda: bool(wanted))
    assert (supervisor.look(), supervisor.look(), supervisor.starts) == (0, 0, 0)
    wanted.append("it")
    assert supervisor.look()
    os.kill(supervisor.pid, signal.SIGKILL)
    assert supervisor.starts == 1
