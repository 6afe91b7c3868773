"""What a wheel holds, and what happens where another distribution takes one of its names."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.source import PACKAGES, ROOT

PAPERS = ("pyproject.toml", "README.md", "LICENSE")


def uv(*words: str | Path) -> str:
    """Run uv and return what it said; it fails loudly."""
    program = shutil.which("uv")
    assert program, "uv is not on PATH: infra/test.sh brings it"
    done = subprocess.run(
        [program, *map(str, words)], capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sources = tmp_path_factory.mktemp("sources")
    for name in PACKAGES:
        shutil.copytree(
            ROOT / name, sources / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
        )
    for name in PAPERS:
        shutil.copy(ROOT / name, sources / name)
    uv("build", "--quiet", "--wheel", "--out-dir", sources / "dist", sources)
    (built,) = (sources / "dist").glob("*.whl")
    return built


def test_it_holds_every_file_of_the_five_packages_and_nothing_else(wheel: Path) -> None:
    sources = wheel.parent.parent
    ours = {
        str(path.relative_to(sources))
        for package in PACKAGES
        for path in (sources / package).rglob("*")
        if path.is_file()
    }
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == ours


def test_each_package_is_typed(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    assert {f"{package}/py.typed" for package in PACKAGES} <= held


def test_it_has_one_console_script(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (name,) = [n for n in archive.namelist() if n.endswith("entry_points.txt")]
    scripts = archive.read(name).decode().split()
    assert scripts == ["[console_scripts]", "trawl", "=", "collector.cli.main:main"]


def test_a_distribution_that_takes_one_of_our_names_is_named(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "venv"
    uv("venv", "--quiet", "--python", sys.executable, place)
    python = place / "bin" / "python"
    uv("pip", "install", "--quiet", "--no-deps", "--offline", "--python", python, wheel)
    assert imports(python, "collector").returncode == 0
    decoy = decoy_wheel(tmp_path)
    uv("pip", "install", "--quiet", "--no-deps", "--offline", "--python", python, decoy)
    for name in ("collector", "corpus"):
        refused = imports(python, name)
        assert refused.returncode != 0
        assert "another distribution has overwritten 'envs' (envs 1.4)" in refused.stderr
        assert "uv tool install trawl" in refused.stderr


def imports(python: Path, name: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return subprocess.run(
        [python, "-c", f"import {name}"],
        capture_output=True,
        text=True,
        timeout=60,
        env=clean,
        cwd=python.parent,
        check=False,
    )


def decoy_wheel(place: Path) -> Path:
    """A wheel of another project that ships `envs/__init__.py`."""
    info = "envs-1.4.dist-info"
    path = place / "envs-1.4-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("envs/__init__.py", "env = 'of somebody else'\n")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: envs\nVersion: 1.4\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/top_level.txt", "envs\n")
        names = "".join(f"{name},,\n" for name in archive.namelist())
        archive.writestr(f"{info}/RECORD", f"{names}{info}/RECORD,,\n")
    return path
