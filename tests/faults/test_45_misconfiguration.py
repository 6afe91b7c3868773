"""Fault 45: what is written wrongly is refused before anything starts, by file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.cli.main import main
from collector.fleet import wanted
from corpus import recipe
from infra import settings
from infra.errors import TrawlError, UsageError

POOL = '# desktops\n[pools.a]\nkind = "web"\ncount = 1\n'


@pytest.fixture(autouse=True)
def config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for field in settings.Settings.model_fields:
        monkeypatch.delenv(f"TRAWL_{field.upper()}", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "trawl").mkdir()
    return tmp_path / "trawl" / "config.toml"


@pytest.mark.parametrize(
    ("text", "line", "said", "offer"),
    [
        (POOL + "imgae = 'debian-12'\n", 5, "pools.a.imgae", "image"),
        (POOL.replace("count", "cuont"), 4, "pools.a.cuont", "count"),
        (POOL.replace("pools", "pool"), 2, "pool", "pools"),
        (POOL.replace("web", "wbe"), 3, "wbe", "web"),
        (POOL.replace("count = 1", 'count = "2"'), 4, "pools.a.count", ""),
        (POOL.replace("count = 1", "count = 1.5"), 4, "pools.a.count", ""),
        (POOL.replace("count = 1", "count = -1"), 4, "pools.a.count", ""),
        (POOL.replace("count = 1", "count = 10001"), 4, "pools.a.count", ""),
        (POOL.replace("count = 1\n", ""), 2, "pools.a.count: this key is missing", ""),
        (POOL.replace("pools.a", 'pools."../a"'), 2, "../a", ""),
        (POOL + "[pools.a.settings]\nstart = 'http://me:pw@example.org'\n", 5, "password", "out"),
        (POOL + "[pools.a.recycle]\nepisods = 2\n", 6, "pools.a.recycle.episods", "episodes"),
        (POOL + "recycle = {hours = -1}\n", 5, "pools.a.recycle.hours", ""),
        (POOL + "recycle = {hours = '4'}\n", 5, "pools.a.recycle.hours", ""),
        (POOL + "recycle = {episodes = 0}\n", 5, "pools.a.recycle.episodes", ""),
        (POOL + "recycle = {latency_ratio = inf}\n", 5, "pools.a.recycle.latency_ratio", ""),
        (
            POOL.replace("web", "ubuntu") + "[pools.a.recycle]\nhours = 4\nepisodes = 2\n",
            7, "a desktop is forked anew for every episode", "1",
        ),
    ],
)  # fmt: skip
def test_a_fleet_file_is_refused_by_line_and_key(
    tmp_path: Path, text: str, line: int, said: str, offer: str
) -> None:
    path = tmp_path / "fleet.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TrawlError) as caught:
        wanted.load(path, "debian-12")
    assert caught.value.message.startswith(f"{path}:{line}: ")
    assert said in caught.value.message
    assert offer in caught.value.hint
    assert "me:pw" not in str(caught.value.as_record())


@pytest.mark.parametrize("data", [b"[pools.a", b"\xff", b"a = 1\n" * 300_000])
def test_what_is_no_fleet_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "fleet.toml"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=r"fleet\.toml"):
        wanted.load(path, "debian-12")


@pytest.mark.parametrize(
    ("text", "line", "said", "offer"),
    [
        ("\nimge = 'debian-12'\n", 2, "imge", "image"),
        ("accel = 'tcg'\ndisk_floor_bytes = '2GB'\n", 2, "disk_floor_bytes", ""),
        ("running = 0\n", 1, "running", ""),
        ("\n\naccel = 'magic'\n", 3, "accel", ""),
    ],
)
def test_a_configuration_file_is_refused_by_line_and_key(
    config: Path, text: str, line: int, said: str, offer: str
) -> None:
    config.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        settings.load()
    assert caught.value.message.startswith(f"{config}:{line}: ")
    assert said in caught.value.message
    assert offer in caught.value.hint


def test_a_wrong_value_of_the_environment_is_not_blamed_on_the_file(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("running = 2\n", encoding="utf-8")
    monkeypatch.setenv("TRAWL_RUNNING", "two")
    with pytest.raises(UsageError) as caught:
        settings.load()
    assert str(config) not in caught.value.message
    assert caught.value.hint == "see TRAWL_RUNNING"


def test_a_refused_file_is_a_usage_error_of_the_command_and_makes_nothing(
    config: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TRAWL_HOME", str(tmp_path / "home"))
    path = tmp_path / "fleet.toml"
    path.write_text(POOL + "conut = 1\n", encoding="utf-8")
    assert main(["fleet", "up", "--file", str(path)]) == 2
    assert f"{path}:5: pools.a.conut" in capsys.readouterr().err
    assert not (tmp_path / "home" / "trawl.db").exists()


def test_a_recipe_is_refused_by_line_too() -> None:
    with pytest.raises(UsageError, match=r"^r\.yaml:2: unknown key 'sede'"):
        recipe.parse(b"name: a\nsede: 1\n", "r.yaml")
