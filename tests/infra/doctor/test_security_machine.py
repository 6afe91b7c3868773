"""A real fork, a real browser and a real controller's socket: every boundary of them holds.

The doctor is shown the kernel's own entries of what the test started, and of nothing else, so
that another machine on this host cannot speak for it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from envs.ubuntu import UbuntuEnv, egress, wake
from envs.web import open_web
from infra import settings as loaded
from infra.doctor.check import Check, examine
from infra.doctor.security import boundaries
from infra.hypervisor import Domain, Host, Template
from infra.ids import RandomIds
from infra.progress import Silent
from infra.settings import Settings
from tests.machines import Wake

GUESTS = {
    "guests are filtered",
    "guests gain no rights",
    "guests have no network, share or USB",
    "guests reach no network, VNC no port",
    "guests' ways out are asked for",
    "guests open and write their own files",
    "what guests say is bounded",
    "guests leave no core dump",
    "guests' sockets are this user's",
    "hypervisors have one owner",
}


def view(place: Path, pids: Iterable[int]) -> Path:
    """A /proc that shows these processes alone; each is the kernel's own entry."""
    proc = place / "proc"
    proc.mkdir()
    for name in ("self", "locks", *map(str, pids)):
        target = Path("/proc") / name
        (proc / name).symlink_to(target.resolve() if name == "self" else target)
    return proc


def found(place: Path, pids: Iterable[int]) -> dict[str, Check]:
    home = place / "home"
    home.mkdir(mode=0o700)
    settings = Settings(home=home, cache=loaded.load().cache)
    looked = examine(boundaries(settings, view(place, pids)), Silent())
    return {finding.name: finding for finding in looked}


def domain_of(host: Host, env: UbuntuEnv) -> Domain:
    (domain,) = [one for one in host.domains() if one.uuid == env.info.extra["uuid"]]
    return domain


@pytest.mark.machine
def test_every_boundary_of_a_real_fork_holds(machine: Wake, host: Host, tmp_path: Path) -> None:
    domain = domain_of(host, machine())
    looked = found(tmp_path, [domain.pid()])
    assert {name: one for name, one in looked.items() if one.state == "broken"} == {}
    assert {name for name, one in looked.items() if one.state == "holds"} >= GUESTS


@pytest.mark.machine
def test_a_way_out_in_use_is_seen_with_the_hosts_it_is_for(
    host: Host, template: Template, tmp_path: Path
) -> None:
    uuid = RandomIds().uuid()
    domain = host.fork(template, f"test-{uuid[:8]}", uuid, egress.mark(["example.org"]))
    try:
        with closing(wake(domain, 1)):
            looked = found(tmp_path, [domain.pid()])
    finally:
        domain.destroy()
    assert {name: one for name, one in looked.items() if one.state == "broken"} == {}
    assert looked["guests' ways out are asked for"].seen.startswith("1 of 1 guests")


@pytest.mark.machine
def test_what_a_guest_makes_qemu_say_is_cut_while_it_says_it(machine: Wake, host: Host) -> None:
    from infra.limits import MACHINE_LOG_BYTES

    domain = domain_of(host, machine())
    log = host.root / "log" / "qemu" / f"{domain.name}.log"
    (own,) = [fd for fd in Path(f"/proc/{domain.pid()}/fd").iterdir() if fd.name == "2"]
    assert own.readlink() == log
    flags = (own.parent.parent / "fdinfo" / "2").read_text()
    (value,) = [line.split()[1] for line in flags.splitlines() if line.startswith("flags")]
    assert int(value, 8) & os.O_APPEND, "QEMU would go on where the log was cut"
    with log.open("ab") as out:
        out.write(b"a complaint\n" * (MACHINE_LOG_BYTES // 8))
    end = time.monotonic() + 30
    while log.stat().st_size > MACHINE_LOG_BYTES and time.monotonic() < end:
        time.sleep(0.01)
    assert log.stat().st_size < MACHINE_LOG_BYTES
    assert own.readlink() == log, "QEMU goes on in the same file"


@pytest.mark.browser
@pytest.mark.parametrize("network", [(), ("example.org",)])
def test_every_boundary_of_a_real_browser_holds(tmp_path: Path, network: tuple[str, ...]) -> None:
    with_browser = open_web(start="widgets", network=network)
    try:
        assert with_browser._group is not None
        pids = [with_browser._group.driver, *with_browser._group.members()]
        looked = found(tmp_path, pids)
    finally:
        with_browser.close()
    assert {name: one for name, one in looked.items() if one.state == "broken"} == {}
    held = {name for name, one in looked.items() if one.state == "holds"}
    wanted = {"browsers are sandboxed", "nothing is root", "no open port"}
    wanted |= {"ours leave no core dump", "browsers reach named hosts alone"}
    assert held >= wanted
    by_proxy = f"{len(network)} by an egress proxy"
    assert by_proxy in looked["browsers reach named hosts alone"].seen
