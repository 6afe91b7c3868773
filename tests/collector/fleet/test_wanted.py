"""The fleet file: what is wrong in it is said by key, with the nearest name."""

from __future__ import annotations

import pytest

from collector.fleet import wanted
from collector.fleet.admission import Room, admit
from collector.fleet.checks import startable
from collector.fleet.local import spread
from collector.fleet.recycle import Recycle
from infra.errors import NotFound, Unavailable, UsageError
from infra.settings import Settings
from infra.store.rows import Pool


def written(tmp_path, text):
    path = tmp_path / "fleet.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_desktop_pool_takes_the_default_image(tmp_path):
    path = written(tmp_path, '[pools.ubuntu]\nkind = "ubuntu"\ncount = 2\n')
    assert wanted.load(path, "debian-12") == [Pool("ubuntu", "ubuntu", "debian-12", 2)]


def test_a_recycle_policy_leaves_out_what_it_does_not_say(tmp_path):
    policy = "recycle = {episodes = 5, hours = 4, latency_ratio = 3.5}"
    (pool,) = wanted.load(written(tmp_path, f'[pools.a]\nkind = "web"\ncount = 1\n{policy}\n'), "")
    assert pool.recycle == {"episodes": 5, "hours": 4, "latency_ratio": 3.5}
    assert Recycle.of(pool.recycle) == Recycle(5, 4, latency_ratio=3.5)


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ('[pools.a]\nkind = "ubunut"\ncount = 1\n', NotFound, "ubuntu"),
        ('[pools.a]\nkind = "web"\ncuont = 1\n', UsageError, "pools.a"),
        ('[pool.a]\nkind = "web"\ncount = 1\n', UsageError, "pool"),
        ('[pools.a]\nkind = "web"\ncount = "many"\n', UsageError, "count"),
        ('[pools.a]\nkind = "web"\ncount = -1\n', UsageError, "count"),
        ('[pools."../a"]\nkind = "web"\ncount = 1\n', UsageError, "pools"),
        ("[pools.a\n", UsageError, "not TOML"),
    ],
)
def test_mistakes_are_named(tmp_path, text, error, said):
    with pytest.raises(error, match=said):
        wanted.load(written(tmp_path, text), "debian-12")


def pool_with(network, kind="web"):
    return f'[pools.a]\nkind = "{kind}"\ncount = 1\n{network}\n'


@pytest.mark.parametrize("kind", ["web", "ubuntu"])
def test_a_network_is_a_setting_of_the_pools_machines(tmp_path, kind):
    asked = pool_with('network = { allow = ["*.example.org", "example.org:8443"] }', kind)
    (pool,) = wanted.load(written(tmp_path, asked), "")
    assert pool.settings == {"network": ["*.example.org", "example.org:8443"]}
    (pool,) = wanted.load(written(tmp_path, pool_with("network = {}", kind)), "")
    assert pool.settings == {}


def test_a_pool_of_browsers_with_a_network_can_start(tmp_path):
    asked = pool_with('network = { allow = ["example.org"] }')
    startable(wanted.load(written(tmp_path, asked), ""), Settings(home=tmp_path, cache=tmp_path))


def test_a_pool_of_desktops_with_a_network_lacks_its_image_alone(tmp_path):
    asked = pool_with('network = { allow = ["example.org"] }', "ubuntu")
    pools = wanted.load(written(tmp_path, asked), "debian-12")
    with pytest.raises(NotFound, match="image 'debian-12'"):
        startable(pools, Settings(home=tmp_path, cache=tmp_path))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (pool_with("network = { alow = [] }"), r":4: pools\.a\.network\.alow.*'allow'"),
        (pool_with("netwrok = { allow = [] }"), r":4: pools\.a\.netwrok.*'network'"),
        (pool_with('network = { allow = "a.org" }'), r":4: pools\.a\.network\.allow"),
        (pool_with('network = { allow = ["*"] }'), r":4: pools\.a\.network\.allow: '\*'"),
        (
            pool_with('\n[pools.a.network]\nallow = [\n"a.org",\n"10.0.0.1"]'),
            r":6: pools\.a\.network\.allow: '10\.0\.0\.1' is not a public",
        ),
        (pool_with('network = { allow = ["a.org"] }', "fake"), ":4: pools.a.network: .*kind fake"),
        (pool_with('settings = { network = ["a.org"] }'), ":4: pools.a.settings.network"),
    ],
)
def test_a_network_that_cannot_be_is_named_by_line_and_key(tmp_path, text, said):
    with pytest.raises(UsageError, match=said):
        wanted.load(written(tmp_path, text), "debian-12")


def test_a_missing_file_is_not_found(tmp_path):
    with pytest.raises(NotFound):
        wanted.load(tmp_path / "none.toml", "debian-12")


def test_too_little_memory_or_disk_is_said_before_starting(tmp_path):
    settings = Settings(home=tmp_path, cache=tmp_path)
    pools = [Pool("u", "ubuntu", "debian-12", 100)]
    with pytest.raises(Unavailable, match="not enough memory"):
        admit(pools, {}, Room(4 << 30, 1 << 40), settings)
    with pytest.raises(Unavailable, match="not enough disk"):
        admit(pools, {}, Room(1 << 40, 4 << 30), settings)
    admit(pools, {"u": 100}, Room(0, 0), settings)


def test_a_setting_that_a_kind_does_not_have_is_named(tmp_path):
    settings = Settings(home=tmp_path, cache=tmp_path)
    with pytest.raises(NotFound, match="theme"):
        startable([Pool("w", "web", "", 1, {"spread": {"tehme": ["dark"]}})], settings)
    with pytest.raises(UsageError, match="not empty"):
        startable([Pool("w", "web", "", 1, {"spread": {"theme": []}})], settings)


def test_machines_of_a_pool_take_the_values_of_a_spread_in_turn():
    settings = {"scale": 1.0, "spread": {"start": ["shop", "mail", "wiki"], "seed": [1, 2]}}
    taken = [spread(settings, number) for number in range(6)]
    assert len({(t["start"], t["seed"]) for t in taken}) == 6
    assert all(t["scale"] == 1.0 and "spread" not in t for t in taken)


def test_a_desktop_pool_without_an_image_says_how_to_make_one(tmp_path):
    settings = Settings(home=tmp_path, cache=tmp_path)
    with pytest.raises(NotFound, match="trawl image"):
        startable([Pool("u", "ubuntu", "debian-12", 1)], settings)
    with pytest.raises(NotFound, match="debian-12"):
        startable([Pool("u", "ubuntu", "debian-21", 1)], settings)
