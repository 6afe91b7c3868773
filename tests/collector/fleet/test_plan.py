"""What a plan says before anything is changed."""

from __future__ import annotations

from collector.fleet.deadlines import HOST_LOST_S, S
from collector.fleet.plan import changes
from infra.store.rows import Host, Pool

NOW = 1000 * S
OLD = Pool("web", "web", "", 2, {"theme": "light"}, {"hours": 4})


def of(asked, known=(), there=None, hosts=()):
    return {c.pool: c for c in changes(asked, known, there or {}, hosts, NOW)}


def test_a_pool_that_stays_changes_nothing():
    (change,) = of([OLD], [OLD], {"web": 2}).values()
    assert (change.there, change.wanted, change.keys) == (2, 2, {})


def test_a_changed_setting_and_policy_are_told_with_what_was():
    new = Pool("web", "web", "", 5, {"seed": 1}, {"hours": 8, "episodes": 3})
    assert of([new], [OLD])["web"].keys == {
        "recycle.episodes": (None, 3),
        "recycle.hours": (4, 8),
        "settings.seed": (None, 1),
        "settings.theme": ("light", None),
    }


def test_pools_that_come_and_pools_that_go_are_both_told():
    told = of([Pool("new", "fake", "", 3)], [OLD], {"web": 2, "left": 1})
    assert {n: (c.there, c.wanted) for n, c in told.items()} == {
        "new": (0, 3), "web": (2, 0), "left": (1, 0),
    }  # fmt: skip


def test_each_host_is_told_its_share_and_a_cordoned_or_silent_one_has_none():
    hosts = [
        Host("big", NOW, 2, 3 << 30, 1),
        Host("small", NOW, 2, 1 << 30, 1),
        Host("cordoned", NOW, 2, 8 << 30, 1, cordoned=True),
        Host("silent", NOW - HOST_LOST_S * S, 2, 8 << 30, 1),
    ]
    assert of([Pool("web", "web", "", 4)], hosts=hosts)["web"].hosts == {"big": 3, "small": 1}
