"""Each boundary that the doctor looks at: found holding, found broken, or not there to look at."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from infra.doctor.check import Check, Probe, examine
from infra.doctor.security import boundaries
from infra.doctor.security.census import Census
from infra.errors import Conflict
from infra.limits import MACHINE_LOG_BYTES
from infra.progress import Silent
from infra.settings import Settings
from tests.infra.doctor.made_proc import Made, World

Change = Callable[[World], object]


@pytest.fixture
def world() -> Iterator[World]:
    with TemporaryDirectory(prefix="trawl-") as place:  # short: sockets lie below it
        made = World(Path(place))
        yield made
        made.close()


def settings(world: World) -> Settings:
    return Settings(home=world.home, cache=world.cache)


def found(world: World) -> dict[str, Check]:
    looked = examine(boundaries(settings(world), world.proc), Silent())
    return {finding.name: finding for finding in looked}


def states(world: World) -> dict[str, str]:
    return {name: finding.state for name, finding in found(world).items()}


def test_every_boundary_holds_of_machines_as_we_start_them(world: World) -> None:
    world.write()
    assert {name: one for name, one in found(world).items() if one.state != "holds"} == {}


def test_each_says_how_it_was_looked_at(world: World) -> None:
    world.write()
    assert all("/proc/" in one.how or "mode" in one.how for one in found(world).values())


def test_where_nothing_runs_it_is_said_how_that_is_changed(world: World) -> None:
    world.write(Made(90, ["sleep", "1"]))
    world.close()
    (world.home / "run" / "controller.sock").unlink()
    looked = found(world)
    unchecked = {name: one for name, one in looked.items() if one.state == "unchecked"}
    assert len(unchecked) == len(looked) - 2
    assert all(one.mend.startswith("trawl ") for one in unchecked.values())
    assert {one.state for one in looked.values()} == {"unchecked", "holds"}


def option(*words: str) -> Change:
    return lambda world: world.guest.command.extend(words)


def holds_open(target: str, flags: int) -> Change:
    return lambda world: world.guest.opened.append((target, flags))


def device(driver: str) -> Change:
    return option("-device", json.dumps({"driver": driver, "id": "x"}))


def overlay_written(world: World) -> None:
    world.guest.opened.append((str(world.template / "overlay.qcow2"), os.O_RDWR))


def memory_shared(world: World) -> None:
    world.guest.maps.append(f"7f00-7f01 rw-s 00000000 00:1a 5 {world.template}/ram")


def long_log(world: World) -> None:
    log = world.home / "hypervisor" / "x.log"
    with log.open("wb") as out:
        out.truncate(MACHINE_LOG_BYTES + 1)
    world.guest.opened.append((str(log), os.O_WRONLY | os.O_APPEND))


def open_port(world: World) -> None:
    world.controller.opened.append(("socket:[61]", os.O_RDWR))
    line = "0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 0 1001 0 61 1 0"
    world.controller.tables["tcp"] = [line]


def connected(*network: str) -> Change:
    """Somebody is connected to the guest's way out, and this is what its mark names."""
    return lambda world: world.give_way_out(network)


def orphaned(world: World) -> None:
    (world.home / "hypervisor" / "owner.lock").touch()


def speaks(table: str, remote: str) -> Change:
    """A browser's network process has a socket there, whose other end is that."""
    rest = "00000000:00000000 00:00000000 00000000 1001 0 66 1 0"

    def change(world: World) -> None:
        world.renderer.opened.append(("socket:[66]", os.O_RDWR))
        own = "0" * (len(remote) - 5) + ":14E9"
        world.renderer.tables[table] = [f"0: {own} {remote} 01 {rest}"]

    return change


def without(flag: str) -> Change:
    def change(world: World) -> None:
        world.browser.command = [w for w in world.browser.command if flag not in w]

    return change


def instead(flag: str, other: str) -> Change:
    def change(world: World) -> None:
        world.browser.command = [w.replace(flag, other) for w in world.browser.command]

    return change


OUT = "guests' ways out are asked for"
WALLED = "browsers reach named hosts alone"
BROKEN: dict[str, tuple[str, str, Change]] = {
    "a thread without a filter": (
        "guests are filtered", "31", lambda w: w.guest.thread.update(Seccomp="0")),
    "rights to gain": (
        "guests gain no rights", "can gain", lambda w: w.guest.status.update(NoNewPrivs="0")),
    "a capability": (
        "guests gain no rights", "CapEff", lambda w: w.guest.status.update(CapEff="0000000000000020")),
    "a network card": ("guests have no network, share or USB", "virtio-net", device("virtio-net-pci")),
    "a network card, the short way": ("guests have no network, share or USB", "e1000", option("-device", "e1000,netdev=n")),
    "user networking": ("guests have no network, share or USB", "-netdev", option("-netdev", "user,id=n")),
    "a folder of the host": ("guests have no network, share or USB", "-virtfs", option("-virtfs", "local,path=/")),
    "virtiofs": ("guests have no network, share or USB", "vhost-user-fs", device("vhost-user-fs-pci")),
    "a USB controller": ("guests have no network, share or USB", "qemu-xhci", device("qemu-xhci")),
    "QEMU's default devices": (
        "guests have no network, share or USB", "default", lambda w: w.guest.command.remove("-nodefaults")),
    "a way out that nobody asked for": (OUT, "names no host", connected()),
    "a way out to this host": (OUT, "not a public address", connected("127.0.0.1")),
    "a way out to everybody": (OUT, "names no host", connected("*")),
    "an internet socket": ("guests reach no network, VNC no port", "inode 77", holds_open("socket:[77]", os.O_RDWR)),
    "a tunnel": ("guests reach no network, VNC no port", "tunnel", holds_open("/dev/net/tun", os.O_RDWR)),
    "VNC on a port": ("guests reach no network, VNC no port", "0.0.0.0:1", option("-vnc", "0.0.0.0:1")),
    "a file of the host": ("guests open and write their own files", "/etc/passwd", holds_open("/etc/passwd", os.O_RDONLY)),
    "a template written to": ("guests open and write their own files", "may write", overlay_written),
    "memory shared with a template": ("guests open and write their own files", "memory of a template", memory_shared),
    "a console in a file": ("what guests say is bounded", "file", option("-chardev", "file,id=x,path=/x")),
    "a serial port in a file": ("what guests say is bounded", "file:/x", option("-serial", "file:/x")),
    "a copy of the console": (
        "what guests say is bounded", "copies", option("-chardev", "ringbuf,id=x,logfile=/x")),
    "a log without an end": ("what guests say is bounded", "4 MiB", long_log),
    "a core dump of a guest": ("guests leave no core dump", "unlimited", lambda w: setattr(w.guest, "core", ("0", "unlimited"))),
    "a core dump of a browser": ("ours leave no core dump", "chromium", lambda w: setattr(w.browser, "core", ("unlimited", "unlimited"))),
    "a monitor for everybody": ("guests' sockets are this user's", "775", lambda w: (w.machine / "qmp").chmod(0o775)),
    "two owners": ("hypervisors have one owner", "held by 2", lambda w: w.lock_holders.append(41)),
    "no owner of a private root": ("hypervisors have one owner", "no owner", orphaned),
    "a port": ("no open port", "00000000:1F90", open_port),
    "a guest of root": ("nothing is root", "qemu", lambda w: setattr(w.guest, "uids", [0] * 4)),
    "a browser that can become root": (
        "nothing is root", "chromium", lambda w: setattr(w.browser, "uids", [1001, 1001, 0, 1001])),
    "a home for everybody": ("data is this user's", "755", lambda w: w.home.chmod(0o755)),
    "a template for the group": ("data is this user's", "750", lambda w: w.template.chmod(0o750)),
    "a controller for everybody": (
        "the controller answers this user", "666", lambda w: (w.home / "run" / "controller.sock").chmod(0o666)),
    "a controller's directory for everybody": (
        "the controller answers this user", "755", lambda w: (w.home / "run").chmod(0o755)),
    "a renderer without a filter": (
        "browsers are sandboxed", "without a system-call filter", lambda w: w.renderer.status.update(Seccomp="0")),
    "a renderer in the host's network": (
        "browsers are sandboxed", "net namespace", lambda w: w.renderer.namespaces.update(net="net:[1]")),
    "a renderer among the host's processes": (
        "browsers are sandboxed", "pid namespace", lambda w: w.renderer.namespaces.update(pid="pid:[1]")),
    "a connection beside the wall": (WALLED, "8.8.8.8:443", speaks("tcp", "08080808:01BB")),
    "another port of a pinned address": (WALLED, "127.0.0.1:22", speaks("tcp", "0100007F:0016")),
    "a connection of IPv6 beside the wall": (
        WALLED, "[2606:4700::1112]:443", speaks("tcp6", "00470626000000000000000012110000:01BB")),
    "a UDP socket": (WALLED, "0.0.0.0:5353", speaks("udp", "00000000:0000")),
    "a UDP socket of IPv6": (WALLED, "[::]:5353", speaks("udp6", f"{'0' * 32}:0000")),
    "QUIC": (WALLED, "--disable-quic", without("--disable-quic")),
    "WebRTC": (WALLED, "--force-webrtc", without("--force-webrtc")),
    "no wall": (WALLED, "--host-resolver-rules", without("--host-resolver-rules")),
    "a wall with a hole": (WALLED, "--host-resolver-rules", instead(" , MAP * ~NOTFOUND", "")),
    "the system's proxy": (WALLED, "--no-proxy-server", without("--proxy-server")),
    "loopback beside the proxy": (WALLED, "<-loopback>", instead("<-loopback>;", "")),
    "a flag that opens the sandbox": (
        "browsers are sandboxed", "--no-sandbox", lambda w: w.browser.command.append("--no-sandbox")),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_boundary_that_does_not_hold_is_found_and_no_other(world: World, what: str) -> None:
    name, said, change = BROKEN[what]
    change(world)
    world.write()
    looked = found(world)
    assert [one.name for one in looked.values() if one.state == "broken"] == [name]
    assert said in looked[name].seen
    assert looked[name].mend


def test_a_way_out_to_the_hosts_of_its_pool_is_no_break(world: World) -> None:
    connected("example.org")(world)
    world.write()
    looked = found(world)["guests' ways out are asked for"]
    assert looked.state == "holds"
    assert looked.seen.startswith("1 of 1 guests")


def test_a_pause_in_the_ownership_of_the_fleets_root_is_no_break(world: World) -> None:
    world.lock_holders.clear()
    world.write()
    assert states(world)["hypervisors have one owner"] == "holds"


def test_a_port_on_loopback_is_no_open_port(world: World) -> None:
    world.browser.opened.append(("socket:[61]", os.O_RDWR))
    rest = "0A 00000000:00000000 00:00000000 0 1001 0 61 1 0"
    world.browser.tables["tcp"] = [f"0: 0100007F:1F90 00000000:0000 {rest}"]
    world.browser.tables["tcp6"] = [f"0: {'0' * 24}01000000:1F90 {'0' * 32}:0000 {rest}"]
    world.write()
    assert states(world)["no open port"] == "holds"


@pytest.mark.parametrize(
    ("table", "remote"),
    [
        ("tcp", "0100007F:0FA0"),
        ("tcp", "0100007F:1388"),
        ("tcp6", "00470626000000000000000011110000:01BB"),
    ],
)
def test_a_browser_speaks_to_the_addresses_of_its_wall(
    world: World, table: str, remote: str
) -> None:
    speaks(table, remote)(world)
    world.write()
    finding = found(world)[WALLED]
    assert finding.state == "holds"
    assert "1 by an egress proxy" in finding.seen


def test_a_browsers_driver_and_owner_and_their_children_are_ours(world: World) -> None:
    owner = Made(60, ["python3", "-c", "x"])
    driver = Made(61, ["node", "run-driver"], parent=60)
    minding = ["python", "-I", "/x/envs/web/supervisor.py", "60", "123", "/tmp/trawl-web-x", "--"]
    supervisor = Made(62, minding, parent=61)
    child = Made(63, ["cat"], parent=62)
    world.write(owner, driver, supervisor, child, Made(64, ["cat"]))
    census = Census(settings(world), world.proc)
    assert [process.pid for process in census.ours] == [60, 61, 62, 63]


def test_a_process_that_ends_while_it_is_looked_at_is_left_out(world: World) -> None:
    world.write()
    census = Census(settings(world), world.proc)
    (ended,) = [process for process in census.ours if process.pid == 30]
    (ended.home / "limits").unlink()
    assert census.each([ended], lambda process: process.core_limits()[0]) == 0


def test_a_surprise_counts_as_broken() -> None:
    def look() -> str:
        raise ValueError("a surprise")

    wanted = Check("it", "broken", "ValueError: a surprise", "mend it", how="by trying")
    assert Probe("it", look, "mend it", how="by trying").check() == wanted


def test_roots_starters_are_none_of_ours(world: World) -> None:
    starter = ["/usr/sbin/runuser", "-u", "trawl", "--", f"{world.cache}/bin/trawl"]
    world.write(Made(80, starter, uids=[0] * 4), world.controller)
    assert states(world)["nothing is root"] == "holds"


def test_a_port_that_is_really_open_is_found_in_the_kernels_own_tables(tmp_path: Path) -> None:
    code = (
        "import socket, sys\n"
        "s = socket.create_server(('0.0.0.0', 0)); print(s.getsockname()[1], flush=True)\n"
        "sys.stdin.readline()"
    )
    home = tmp_path / "home"
    with subprocess.Popen(
        [sys.executable, "-c", code, f"{home}/it"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        port = int(child.stdout.readline())
        census = Census(Settings(home=home, cache=tmp_path / "cache"))
        (seen,) = [process for process in census.ours if process.pid == child.pid]
        assert seen.listens() == [f"tcp 00000000:{port:04X}"]
        child.kill()


def test_whoever_listens_is_asked_of_the_kernel(world: World) -> None:
    world.write()
    said = found(world)["the controller answers this user"].seen
    assert f"process {os.getpid()} of uid {os.geteuid()} listens" in said


def test_root_itself_is_told_to_step_down(world: World) -> None:
    from infra.doctor.security import places

    world.write()
    with pytest.raises(Conflict, match="runs as root"):
        places.not_root(Census(settings(world), world.proc, uid=0))


def test_a_socket_that_nobody_serves_is_no_proof(world: World) -> None:
    path = world.home / "run" / "controller.sock"
    path.unlink()
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))
        path.chmod(0o600)
    world.write()
    assert states(world)["the controller answers this user"] == "unchecked"
