"""A stop is heeded between steps at once, and within a slow step after a grace."""

from __future__ import annotations

import pytest

from collector.episode.watched import GRACE_S, Watched
from envs.fake import fake
from infra.clock import FakeClock
from infra.errors import Interrupted


def test_a_step_under_way_is_finished_where_it_is_quick_and_given_up_where_it_is_not():
    clock, stopping = FakeClock(), [False]
    looks = Watched(fake(), lambda: stopping[0], clock)
    clock.sleep(GRACE_S * 2)
    looks.tree()
    stopping[0] = True
    looks.tree()
    clock.sleep(GRACE_S / 2)
    looks.screen()
    clock.sleep(GRACE_S / 2)
    with pytest.raises(Interrupted):
        looks.hit(1, 1)
