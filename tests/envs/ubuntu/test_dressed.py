"""Looks on a real desktop: only what is installed is taken, and what is taken is seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from envs.ubuntu import UbuntuEnv, template, wake
from envs.ubuntu import look as looks
from envs.ubuntu.look import Look, placed
from envs.ubuntu.session import Session
from infra import settings
from infra.clock import SystemClock
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
            made = wake(domain, 1, look=look, within_s=240)
            yield made
            made.close()
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
        boxes = placed(LOOK, Session())
        tops = {e.window: e.box for e in env.tree().elements if e.role == "window" and e.box}
        near = [
            any(abs(box.left - left) < 12 and abs(box.top - top) < 60 for box in tops.values())
            for left, top, _, _ in boxes
        ]
        assert sum(near) >= len(boxes) - 2  # some are larger than their tile and were moved in
        assert np.median(env.screen().pixels) < 110
