"""What an operator may set, and where each value came from: defaults < `config.toml` < `TRAWL_*`.

Settings are frozen and closed: an unknown key in the file or a value out of range is a
UsageError that names the file, the line and the nearest key. Nothing here creates a directory.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from infra.errors import NotFound, UsageError
from infra.limits import DISK_FLOOR_BYTES, MEMORY_FLOOR_BYTES
from infra.toml_lines import line_of

ENV_PREFIX: Final = "TRAWL_"


def _xdg(variable: str, fallback: str) -> Path:
    """The directory the XDG variable names, or its default below the home directory."""
    value = os.environ.get(variable, "")
    return Path(value) if value.startswith("/") else Path.home() / fallback


def _absolute(path: Path) -> Path:
    """`path` made absolute, with `~` replaced; relative paths start where the command does."""
    return path.expanduser().absolute()


Directory = Annotated[Path, AfterValidator(_absolute)]


class Settings(BaseSettings):
    """Everything that can be set; one field, one environment variable `TRAWL_<FIELD>`."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    home: Directory = Field(
        default_factory=lambda: _xdg("XDG_DATA_HOME", ".local/share") / "trawl",
        description="data: recordings, blobs, samples, corpora, the database",
    )
    cache: Directory = Field(
        default_factory=lambda: _xdg("XDG_CACHE_HOME", ".cache") / "trawl",
        description="images, templates and downloads, each named by its hash",
    )
    database: SecretStr = Field(
        default=SecretStr(""),
        description="a PostgreSQL database for several hosts; empty: trawl.db in the home",
    )
    storage: SecretStr = Field(
        default=SecretStr(""),
        description="where closed episodes are published, an address of fsspec; empty: nowhere",
    )
    host: str = Field(
        default="here",
        pattern=r"^[a-z0-9][a-z0-9.-]{0,62}$",
        description="this host's name among the hosts of one database",
    )
    accel: Literal["auto", "kvm", "tcg"] = Field(
        default="auto", description="how guests run: hardware, emulation, or what works"
    )
    image: str = Field(default="debian-12", description="the image desktop machines start from")
    running: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=1,
        le=1024,
        description="machines that work at once; the others stay parked",
    )
    novelty_floor_per_min: float = Field(
        default=0.2,
        ge=0,
        description="a run ends when ten minutes of work found fewer new states a minute; 0: never",
    )
    disk_floor_bytes: int = Field(
        default=DISK_FLOOR_BYTES, ge=0, description="new work stops when less disk is free"
    )
    memory_floor_bytes: int = Field(
        default=MEMORY_FLOOR_BYTES, ge=0, description="new machines are refused below this memory"
    )
    metrics_port: int = Field(
        default=0, ge=0, le=65535, description="loopback port of /metrics; 0: none"
    )

    @field_validator("storage")
    @classmethod
    def _is_address(cls, value: SecretStr) -> SecretStr:
        """A bare path would start where the command does."""
        if value.get_secret_value() and "://" not in value.get_secret_value():
            raise ValueError("an address names its kind, such as file:///srv/trawl")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the file; no dot files, no secret directories."""
        del dotenv_settings, file_secret_settings
        file = InitSettingsSource(settings_cls, init_kwargs=_file_values())
        return init_settings, env_settings, file


def config_path() -> Path:
    """Where the optional configuration file lies."""
    return _xdg("XDG_CONFIG_HOME", ".config") / "trawl" / "config.toml"


def _file_values() -> dict[str, Any]:
    """The configuration file's values; empty where there is none. Raises UsageError."""
    path = config_path()
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", "mend its mode") from error
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not TOML: {error}", "correct that line", str(path)) from error
    for key in values:
        if key not in Settings.model_fields:
            offer = NotFound.among("setting", key, Settings.model_fields)
            raise UsageError(f"{path}:{line_of(text, [key])}: {offer.message}", offer.hint, key)
    return values


def load() -> Settings:
    """The settings of this process. Raises UsageError naming the field that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        raise UsageError(
            f"{_place(field)}setting {field!r}: {first['msg']}",
            f"see {ENV_PREFIX}{field.upper()}",
            field,
        ) from error


def _place(field: str) -> str:
    """Where the configuration file says that field, unless the environment goes before it."""
    if field not in _file_values() or os.environ.get(ENV_PREFIX + field.upper()):
        return ""
    path = config_path()
    return f"{path}:{line_of(path.read_text(encoding='utf-8'), [field])}: "


def origins(settings: Settings) -> dict[str, str]:
    """Where each value of `settings` came from: `environment`, the file's path, or `default`."""
    environment = EnvSettingsSource(Settings, env_prefix=ENV_PREFIX, env_ignore_empty=True)()
    file = _file_values()
    return {
        name: ENV_PREFIX + name.upper()
        if name in environment
        else str(config_path())
        if name in file
        else "default"
        for name in type(settings).model_fields
    }
