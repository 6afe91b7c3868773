"""Real machines: booted without a desktop, frozen, forked, lost, adopted, hung, and destroyed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import uuid as uuids
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from infra import images, settings
from infra.clock import SystemClock
from infra.errors import Conflict, Corrupt, InfraLost, Unavailable
from infra.hypervisor import Domain, Host, Template, private_root
from infra.hypervisor.host import tmpfs
from infra.hypervisor.private import end_stale
from infra.hypervisor.template import OVERLAY, RAM

pytestmark = pytest.mark.machine
CLOCK = SystemClock()
MEMORY_MB = 256


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with Host(private_root(), CLOCK, settings.load().accel) as opened:
        yield opened


@pytest.fixture(scope="module")
def template(host: Host, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A kernel that has just begun to draw on its screen, frozen: seconds instead of minutes."""
    chosen = settings.load()
    image, uuid = images.find(chosen.image, chosen.cache), str(uuids.uuid4())
    domain = host.boot(
        image, f"test-{uuid[:8]}", uuid, memory_mb=MEMORY_MB, ram_file=host.place(uuid).ram
    )
    try:
        end = CLOCK.monotonic_s() + 60
        while domain.screendump().shape != (800, 1280, 3):
            assert CLOCK.monotonic_s() < end
            CLOCK.sleep(0.2)
        return host.freeze(domain, tmp_path_factory.mktemp("t") / "template", {"why": "a test"})
    finally:
        domain.destroy()


@pytest.fixture
def fork(host: Host, template: Template) -> Iterator[Domain]:
    uuid = str(uuids.uuid4())
    domain = host.fork(template, f"test-{uuid[:8]}", uuid, {"test": "yes"})
    yield domain
    domain.destroy()


def is_gone(pid: int) -> bool:
    try:
        return "Z" in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True


def test_a_fork_is_paused_there_in_half_a_second_and_shows_the_templates_screen(
    host: Host, template: Template, fork: Domain
) -> None:
    uuid = str(uuids.uuid4())
    start = time.monotonic()
    other = host.fork(template, f"test-{uuid[:8]}", uuid)
    took = time.monotonic() - start
    try:
        assert fork.is_alive()
        assert np.array_equal(fork.screendump(), other.screendump())
        cpu_s = other.stats().cpu_s
        time.sleep(0.5)
        assert other.stats().cpu_s - cpu_s < 0.03, "two ticks of accounting, no work"
        assert other.stats().private_bytes < 60_000_000
    finally:
        other.destroy()
    assert took < 2.0, "four times the promise, for a busy host"


def test_a_fork_runs_when_it_is_resumed_and_stops_when_it_is_paused(fork: Domain) -> None:
    before = fork.stats().cpu_s
    fork.resume()
    end = time.monotonic() + 10
    while fork.stats().cpu_s - before < 0.1:
        assert time.monotonic() < end
        time.sleep(0.05)
    fork.pause()
    time.sleep(0.2)
    spent = fork.stats().cpu_s
    time.sleep(0.5)
    assert fork.stats().cpu_s - spent < 0.05


def test_destroying_leaves_no_file_no_process_and_no_domain(host: Host, fork: Domain) -> None:
    pid = fork.pid()
    fork.destroy()
    fork.destroy()
    assert is_gone(pid)
    assert not fork.is_alive()
    assert not fork.directory.exists()
    assert not fork.place.tmpfs.exists()
    assert fork.uuid not in {domain.uuid for domain in host.domains()}
    with pytest.raises(InfraLost):
        fork.screendump()


def test_a_fork_is_listed_with_its_owner(host: Host, fork: Domain) -> None:
    (listed,) = [domain for domain in host.domains() if domain.uuid == fork.uuid]
    assert (listed.name, listed.owner, listed.pid()) == (fork.name, {"test": "yes"}, fork.pid())


def test_a_second_machine_of_the_same_uuid_is_refused(
    host: Host, template: Template, fork: Domain
) -> None:
    with pytest.raises(Conflict):
        host.fork(template, "another", fork.uuid)
    assert fork.is_alive()


def test_a_killed_machine_is_not_alive(fork: Domain) -> None:
    os.kill(fork.pid(), signal.SIGKILL)
    end = time.monotonic() + 5
    while fork.is_alive():
        assert time.monotonic() < end
        time.sleep(0.02)
    with pytest.raises(InfraLost):
        fork.stats()


def test_a_hung_machine_breaks_no_deadline_and_is_destroyed(host: Host, fork: Domain) -> None:
    os.kill(fork.pid(), signal.SIGSTOP)
    start = time.monotonic()
    with pytest.raises(Exception, match=r"monitor"):
        fork.monitor.execute("query-status", within_s=0.5)
    assert fork.uuid in {domain.uuid for domain in host.domains()}
    fork.destroy()
    assert time.monotonic() - start < 5.0


def test_a_fork_of_a_template_with_a_flipped_byte_is_refused(
    host: Host, template: Template
) -> None:
    path = template.directory / OVERLAY
    data = path.read_bytes()
    try:
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        before = len(host.domains())
        with pytest.raises(Corrupt, match=OVERLAY):
            host.fork(template, "refused", str(uuids.uuid4()))
        assert len(host.domains()) == before
    finally:
        path.write_bytes(data)
    template.check()


def test_memory_that_goes_while_a_fork_starts_gives_no_fork(
    host: Host, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = host._start

    def late(*words: Any, **options: Any) -> Domain:
        template.ram.unlink()
        return start(*words, **options)

    with monkeypatch.context() as lent:
        lent.setattr(host, "_start", late)
        with pytest.raises(Corrupt, match=RAM):
            host.fork(template, "refused", str(uuids.uuid4()))
    assert "refused" not in {domain.name for domain in host.domains()}
    host.load_template(template.directory)
    template.check()


def test_too_little_memory_or_disk_is_said_before_starting(template: Template) -> None:
    for floors in ({"memory_floor_bytes": 1 << 50}, {"disk_floor_bytes": 1 << 60}):
        poor = Host(private_root(), CLOCK, **floors)
        with poor, pytest.raises(Unavailable, match="kept"):
            poor.fork(template, "refused", str(uuids.uuid4()))


def test_a_fork_with_memory_of_its_own_can_be_frozen_and_forked_again(
    host: Host, template: Template, tmp_path: Path
) -> None:
    one, two = str(uuids.uuid4()), str(uuids.uuid4())
    first = host.fork(template, f"test-{one[:8]}", one, freezable=True)
    try:
        again = host.freeze(first, tmp_path / "again")
        assert again.frozen.parent == template.sha256
        second = host.fork(again, f"test-{two[:8]}", two)
        try:
            assert np.array_equal(first.screendump(), second.screendump())
        finally:
            second.destroy()
    finally:
        first.destroy()


def test_an_ordinary_fork_cannot_be_frozen(host: Host, fork: Domain, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="no memory file"):
        host.freeze(fork, tmp_path / "no")


def test_machines_of_a_killed_processs_private_root_are_ended(template: Template) -> None:
    code = PRIVATE.format(directory=str(template.directory), uuid=str(uuids.uuid4()))
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        root, pid = owner.stdout.readline().split()
        end_stale(Path(root))
        assert Path(root).exists(), "a living one was ended"
        owner.kill()
    assert not is_gone(int(pid))
    end_stale(Path(root))
    assert not Path(root).exists()
    end = time.monotonic() + 5
    while not is_gone(int(pid)):
        assert time.monotonic() < end
        time.sleep(0.02)


PRIVATE = """
import sys
from pathlib import Path
from infra.hypervisor import Host, private_root
host = Host(private_root()).open()
domain = host.fork(host.load_template(Path("{directory}")), "private", "{uuid}")
print(private_root(), domain.pid(), flush=True)
sys.stdin.read()
"""
OWNER = """
import sys
from pathlib import Path
from infra.hypervisor import Host
root, template, uuid = sys.argv[1:]
host = Host(Path(root)).open()
domain = host.fork(host.load_template(Path(template)), "orphan", uuid, {"pool": "x"})
print(domain.pid(), flush=True)
sys.stdin.read()
"""
NEXT = """
import sys
from pathlib import Path
from infra.hypervisor import Host
with Host(Path(sys.argv[1])) as host:
    (domain,) = host.domains()
    assert domain.is_alive() and domain.owner == {"pool": "x"}
    assert domain.screendump().shape == (800, 1280, 3)
    print(domain.uuid, domain.pid(), flush=True)
    domain.destroy()
    assert host.domains() == []
"""


def test_the_next_opener_adopts_what_a_killed_one_left(
    template: Template, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root, uuid = tmp_path_factory.mktemp("h"), str(uuids.uuid4())
    stray = root / "machines" / "0123456789abcdef"
    command = [sys.executable, "-c", OWNER, str(root), str(template.directory), uuid]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        pid = owner.stdout.readline().strip()
        refused = subprocess.run(
            [sys.executable, "-c", NEXT, str(root)], capture_output=True, text=True, check=False
        )
        assert f"held by pid {owner.pid}" in refused.stderr
        stray.mkdir()
        owner.kill()
    adopted = subprocess.run(
        [sys.executable, "-c", NEXT, str(root)], capture_output=True, text=True, check=False
    )
    assert adopted.stdout.split() == [uuid, pid], adopted.stderr
    assert is_gone(int(pid))
    assert list((root / "machines").iterdir()) == []
    assert not list(tmpfs().glob(f"machines/{uuid.replace('-', '')[:16]}"))


def test_a_state_is_held_in_memory_while_its_machine_goes_on(
    host: Host, template: Template
) -> None:
    ids = [str(uuids.uuid4()) for _ in range(3)]
    root = host.fork(template, f"test-{ids[0][:8]}", ids[0], freezable=True)
    try:
        root.resume()
        state = host.checkpoint(root, ids[1], {"number": 7})
        assert state.frozen.about == {"number": 7}
        assert root.is_alive()
        branch = host.fork(state, f"test-{ids[2][:8]}", ids[2], freezable=True)
        try:
            assert branch.screendump().shape == (800, 1280, 3)
            branch.resume()
            host.discard(state)
            assert branch.is_alive()
            assert not state.ram.exists()
            with pytest.raises(Corrupt):
                state.check()
        finally:
            branch.destroy()
    finally:
        root.destroy()


def test_a_machine_without_a_memory_file_of_its_own_cannot_be_held(
    host: Host, fork: Domain
) -> None:
    uuid = str(uuids.uuid4())
    with pytest.raises(Conflict):
        host.checkpoint(fork, uuid)
    assert fork.is_alive()
    assert not host.place(uuid).directory.exists()
    assert not host.place(uuid).tmpfs.exists()


def test_screens_that_are_taken_at_once_are_each_whole(fork: Domain) -> None:
    def take(_: int) -> tuple[int, ...]:
        return fork.screendump().shape

    with ThreadPoolExecutor(4) as takers:
        assert set(takers.map(take, range(40))) == {(800, 1280, 3)}


def test_a_machine_is_viewed_through_a_descriptor_and_listens_nowhere(fork: Domain) -> None:
    with socket.socket(fileno=fork.view()) as viewer, socket.socket(fileno=fork.view()) as other:
        for one in (viewer, other):
            one.settimeout(10)
            assert one.recv(12) == b"RFB 003.008\n"
    fork.destroy()
    with pytest.raises(InfraLost):
        fork.view()
