"""The fleet file: what is wrong in it is said by key, with the nearest name."""

from __future__ import annotations

import pytest

from collector.fleet import wanted
from collector.fleet.admission import Room, admit
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
