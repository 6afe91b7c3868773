"""A real desktop machine: a fork of the warmed template, woken, driven, taken away."""

from __future__ import annotations

import pytest

from envs.actions import Hotkey, Press, Write
from envs.base import Env, Installs
from envs.playground import Playground
from envs.ubuntu import UbuntuEnv
from infra.clock import SystemClock
from infra.errors import Conflict, InfraLost, NotFound, UsageError
from infra.hypervisor import Host, Template
from tests.machines import Wake

pytestmark = pytest.mark.machine


@pytest.fixture(scope="module")
def field(desktop: UbuntuEnv) -> Playground:
    return desktop.playground()


def reads(field: Playground, expected: str) -> None:
    clock = SystemClock()
    end = clock.monotonic_s() + 20
    while (found := field.text()) != expected:
        assert clock.monotonic_s() < end, found
        clock.sleep(0.2)


def test_a_fork_wakes_with_an_identity_of_its_own(machine: Wake, template: Template) -> None:
    one, other = machine(), machine()
    assert isinstance(one, Env)
    assert isinstance(one, Installs)
    assert one.info.machine_id != other.info.machine_id
    assert one.info.image == template.frozen.image
    assert one.info.image_sha256 == template.frozen.image_sha256
    assert one.info.template == template.sha256
    assert not one.info.stand_in
    health = one.health()
    assert health["machine_id"] == one.info.machine_id
    assert abs(int(health["now_ns"]) - SystemClock().now_ns()) < 10 * 10**9
    assert health["hostname"] != other.health()["hostname"]


def test_the_template_stands_open_with_many_programs(desktop: UbuntuEnv) -> None:
    windows = {e.app for e in desktop.tree().elements if e.role in {"frame", "window", "dialog"}}
    assert len(windows) >= 8
    assert desktop.screen().pixels.std() > 20


def test_an_older_driver_is_refused_by_the_guest_too(machine: Wake, host: Host) -> None:
    env = machine(fence=5)
    (domain,) = (d for d in host.domains() if d.uuid == env.info.extra["uuid"])
    env.close()
    from envs.ubuntu import wake

    with pytest.raises(Conflict):
        wake(domain, 4)
    domain.monitor.close()  # a second handle on the machine, which nobody else lets go of


def test_what_is_typed_by_either_way_arrives(desktop: UbuntuEnv, field: Playground) -> None:
    for way in desktop.ways:
        desktop.use_way(way)
        field.prepare()
        result = desktop.act(Write("Say: {x} ~ 5%"), f"write-{way}", 1)
        assert (result.outcome, result.path) == ("applied", {"host": "host"}.get(way, "pyautogui"))
        reads(field, "Say: {x} ~ 5%")
    desktop.use_way("host")


def test_text_in_any_script_arrives_and_is_seen(desktop: UbuntuEnv, field: Playground) -> None:
    field.prepare()
    text = "汉字 Ωμέγα Привет €"
    result = desktop.act(Write(text), "script", 1)
    reads(field, text)
    assert (result.outcome, result.path) == ("applied", "keycode:seen")


def test_a_repeated_step_changes_nothing(desktop: UbuntuEnv, field: Playground) -> None:
    field.prepare()
    first = desktop.act(Write("once"), "same", 1)
    assert desktop.act(Hotkey(("ctrl", "a")), "same", 1) == first
    assert desktop.act(Press(("delete",)), "same", 1) == first
    reads(field, "once")


def test_files_go_in_and_out(desktop: UbuntuEnv) -> None:
    desktop.put_file("报告.bin", bytes(range(256)))
    assert desktop.get_file("报告.bin") == bytes(range(256))
    assert b"plumber" in desktop.get_file("notes.txt")
    with pytest.raises(NotFound):
        desktop.get_file("nothing")
    with pytest.raises(UsageError):
        desktop.put_file("../x", b"")


def test_a_closed_machine_is_lost_and_a_dead_one_too(machine: Wake, host: Host) -> None:
    closed, dead = machine(), machine()
    closed.close()
    with pytest.raises(InfraLost):
        closed.screen()
    for domain in host.domains():
        if domain.uuid == dead.info.extra["uuid"]:
            domain.destroy()
    with pytest.raises(InfraLost):
        dead.tree()
