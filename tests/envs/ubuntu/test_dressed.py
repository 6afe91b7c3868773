"""Looks on a real desktop: only what is installed is taken, and what is taken is seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import numpy as np
import pytest

from envs.types import Box
from envs.ubuntu import UbuntuEnv, template, wake
from envs.ubuntu import look as looks
from envs.ubuntu.look import Look, placed
from envs.ubuntu.quiet import wait_until_quiet
from envs.ubuntu.session import Session
from infra import settings
from infra.clock import Deadline, SystemClock
from infra.errors import NotFound
from infra.hypervisor import Host, private_root
from infra.ids import RandomIds

pytestmark = pytest.mark.machine
CLOCK = SystemClock()
LOOK = Look("Arc-Dark", "breeze", "Cantarell", "slate", "tiles", files=4)


@contextmanager
def fork(session: Session = template.DEFAULT, look: Look | None = None) -> Iterator[UbuntuEnv]:
    chosen, uuid = settings.load(), RandomIds().uuid()
    directory = template.find(chosen.image, chosen.cache, session)
    with Host(private_root(), CLOCK) as host:
        domain = host.fork(host.load_template(directory), f"test-{uuid[:8]}", uuid)
        try:
            with closing(wake(domain, 1, look=look, within_s=240)) as made:
                if look is not None:
                    wait_until_quiet(domain, CLOCK, 1.5, 200)
                yield made
        finally:
            domain.destroy()


def test_every_look_of_ours_is_installed_and_no_other_is_taken():
    with fork() as env:
        said = env._ask("look", {"list": True}, 60)
        assert set(looks.THEMES) <= set(said["themes"])
        assert set(looks.ICONS) <= set(said["icon_sets"])
        assert set(looks.FONTS) <= set(said["fonts"])
        assert set(looks.WALLPAPERS) == set(said["wallpapers"])
        assert (said["locale"], said["dpi"], said["scale"]) == ("en_US.UTF-8", 96, 1)
        for refused in ({"theme": "../Greybird"}, {"icons": "Nix"}, {"font": "DejaVu Sans; ls"}):
            with pytest.raises(NotFound):
                env._ask("look", refused, 60)
        assert env._ask("look", {}, 60)["theme"] == said["theme"]


def test_a_dressed_fork_is_dark_its_windows_lie_where_they_were_put_and_its_files_are_there():
    with fork(look=LOOK) as env:
        assert env.info.extra["look"] == LOOK.as_record()
        assert b"rtl" not in env.get_file("Page 4.html")
        wanted = placed(LOOK, Session())
        deadline = Deadline.after(CLOCK, 120.0)  # programs that draw themselves are late at first
        while not all(any(is_near(box, place) for box in tops(env)) for place in wanted):
            assert not deadline.is_past(), (wanted, tops(env))
        assert np.median(env.screen().pixels) < 110


def tops(env: UbuntuEnv) -> list[Box]:
    return [e.box for e in env.tree().elements if e.role in ("window", "dialog") and e.box]


def is_near(box: Box, place: tuple[int, int, int, int]) -> bool:
    """Whether a window lies there; one that is larger than its place was moved onto the screen."""
    return abs(box.left - place[0]) < 12 and -90 < box.top - place[1] < 12
