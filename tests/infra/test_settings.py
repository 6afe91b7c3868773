from __future__ import annotations

from pathlib import Path

import pytest

from infra import settings
from infra.errors import UsageError


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for field in settings.Settings.model_fields:
        monkeypatch.delenv(f"TRAWL_{field.upper()}", raising=False)
    for variable in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def write(text: str) -> None:
    settings.config_path().parent.mkdir(parents=True)
    settings.config_path().write_text(text, encoding="utf-8")


def test_the_defaults_follow_xdg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.load().home == tmp_path / ".local/share/trawl"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert settings.load().home == tmp_path / "data/trawl"
    monkeypatch.setenv("XDG_DATA_HOME", "relative/is/ignored")
    assert settings.load().home == tmp_path / ".local/share/trawl"


def test_loading_creates_nothing(tmp_path: Path) -> None:
    settings.load()
    assert list(tmp_path.iterdir()) == []


def test_the_environment_goes_before_the_file_and_each_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write('accel = "kvm"\nrunning = 3\n')
    monkeypatch.setenv("TRAWL_RUNNING", "5")
    loaded = settings.load()
    assert (loaded.accel, loaded.running) == ("kvm", 5)
    origins = settings.origins(loaded)
    assert origins["running"] == "TRAWL_RUNNING"
    assert origins["accel"] == str(settings.config_path())
    assert origins["image"] == "default"


def test_an_unknown_key_offers_the_nearest() -> None:
    write('imge = "debian-12"\n')
    with pytest.raises(UsageError, match="no setting named 'imge'") as caught:
        settings.load()
    assert "did you mean 'image'?" in caught.value.hint


@pytest.mark.parametrize("text", ["accel = ", "[", "\x00"])
def test_a_file_that_is_not_toml_is_named(text: str) -> None:
    write(text)
    with pytest.raises(UsageError, match=r"config\.toml is not TOML"):
        settings.load()


@pytest.mark.parametrize(
    ("field", "value"), [("ACCEL", "magic"), ("RUNNING", "0"), ("DISK_FLOOR_BYTES", "-1")]
)
def test_a_value_out_of_range_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, field: str, value: str
) -> None:
    monkeypatch.setenv(f"TRAWL_{field}", value)
    with pytest.raises(UsageError, match=field.lower()) as caught:
        settings.load()
    assert f"TRAWL_{field}" in caught.value.hint


def test_places_are_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRAWL_HOME", "here")
    monkeypatch.setenv("TRAWL_CACHE", "~/there")
    assert settings.load().home == tmp_path / "here"
    assert settings.load().cache == tmp_path / "there"


def test_settings_cannot_be_changed_after_loading() -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings.load().running = 9
