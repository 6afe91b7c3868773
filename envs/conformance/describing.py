"""Checks of what a machine says about itself."""

from __future__ import annotations

from envs.acting import SAID
from envs.actions import ACTIONS, names_of
from envs.base import Branches, Checkpoints, Env, Installs
from envs.conformance.subject import Subject, expect
from envs.playground import Playable, Playground

LONGEST_ANSWER_S = 30.0


def info_names_platform_and_size(s: Subject) -> None:
    """The platform has a name; the screen has a size and a scale."""
    info = s.env.info
    expect(bool(info.platform), "info.platform is empty")
    expect(info.width > 0 and info.height > 0, f"a screen of {info.width}x{info.height}")
    expect(info.scale > 0, f"a scale of {info.scale}")


def info_names_the_system(s: Subject) -> None:
    """A sample can be traced to the system it was taken on."""
    expect(bool(s.env.info.os_id and s.env.info.os_version), "os_id or os_version is empty")


def info_stays_the_same(s: Subject) -> None:
    """Asking twice gives the same answer."""
    expect(s.env.info == s.env.info, "info changed between two questions")


def machine_keeps_the_protocols(s: Subject) -> None:
    """It observes, acts, answers for its health, and closes."""
    expect(isinstance(s.env, Env), "the machine lacks a method of envs.base.Env")


def capabilities_match_the_protocols(s: Subject) -> None:
    """What it says it can do, it has methods for."""
    can = s.env.capabilities
    expect(not can.checkpoint or isinstance(s.env, Checkpoints), "checkpoint without its methods")
    expect(not can.branch or isinstance(s.env, Branches), "branch without its methods")
    expect(not can.install or isinstance(s.env, Installs), "install without its methods")


def capabilities_name_known_actions(s: Subject) -> None:
    """It performs actions of the closed set, and at least one."""
    unknown = sorted(s.env.capabilities.actions - set(ACTIONS))
    expect(not unknown, f"unknown actions {unknown}")
    expect(bool(s.env.capabilities.actions), "it performs no action at all")


def capabilities_fit_the_family(s: Subject) -> None:
    """It performs only its family's actions, and none that only end or discuss an episode."""
    can = s.env.capabilities
    strange = sorted(can.actions - set(names_of(can.family)))
    expect(not strange, f"a {can.family} machine that performs {strange}")
    expect(not can.actions & SAID, f"no machine performs {sorted(can.actions & SAID)}")


def playground_is_offered(s: Subject) -> None:
    """It has a place whose answers are known."""
    expect(isinstance(s.env, Playable), "no playground() on the machine")
    expect(isinstance(s.playground, Playground), "the playground lacks a method")


def playground_is_on_the_screen(s: Subject) -> None:
    """Its field, button and list are within the screen."""
    s.playground.prepare()
    for spot in ("field", "button", "list"):
        box = s.playground.box(spot)
        inside = 0 <= box.left < box.right <= s.env.info.width
        inside = inside and 0 <= box.top < box.bottom <= s.env.info.height
        expect(inside, f"the {spot} is at {box.as_list()}")


def health_is_live(s: Subject) -> None:
    """It answers, in plain figures, within its deadline, twice."""
    for _ in range(2):
        start = s.clock.monotonic_s()
        figures = s.env.health()
        took = s.clock.monotonic_s() - start
        expect(bool(figures), "no figures")
        plain = all(isinstance(v, (str, int, float)) for v in figures.values())
        expect(plain, f"figures that are not plain: {figures}")
        expect(took < LONGEST_ANSWER_S, f"an answer took {took:.1f} s")


CHECKS = (
    info_names_platform_and_size,
    info_names_the_system,
    info_stays_the_same,
    machine_keeps_the_protocols,
    capabilities_match_the_protocols,
    capabilities_name_known_actions,
    capabilities_fit_the_family,
    playground_is_offered,
    playground_is_on_the_screen,
    health_is_live,
)
