"""What loading a part of the house brings with it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.house.source import ROOT, modules

HEAVY = {
    "alembic",
    "appium",
    "cv2",
    "libvirt",
    "numpy",
    "playwright",
    "psycopg",
    "pyautogui",
    "ray",
    "sqlalchemy",
    "torch",
    "transformers",
}
IN_GUEST = {"msgpack", "pyautogui", "Xlib", "gi"}
HOST_SIDE = {"envs/guest/payload.py"}


def loaded_by(code: str) -> set[str]:
    """The top names of what is loaded after `code` ran in a fresh interpreter."""
    tail = "\nimport json, sys; sys.stderr.write('\\n' + json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code + tail],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return {name.split(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}


def test_the_help_loads_nothing_heavy() -> None:
    assert loaded_by("from collector.cli.main import main; main(['--help'])") & HEAVY == set()


def test_the_settings_load_nothing_heavy() -> None:
    assert loaded_by("from collector.cli.main import main; main(['config', 'show'])") & HEAVY == (
        set()
    )


def test_the_control_plane_loads_no_image_library_and_no_floor_that_makes_data() -> None:
    loaded = loaded_by("import collector.fleet.controller, collector.fleet.reconciler")
    assert loaded & {"cv2", "torch", "grounding", "corpus", "ray", "playwright"} == set()


def test_every_module_of_the_floors_can_be_imported_by_its_name() -> None:
    names = [
        m.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for m in modules()
        if not m.path.endswith("__main__.py") and "envs/guest/" not in m.path
    ]
    code = f"import importlib\nfor name in {names!r}: importlib.import_module(name)"
    assert loaded_by(code) & {"torch", "transformers", "ray", "appium"} == set()


@pytest.mark.parametrize("module", modules("envs/guest"), ids=lambda m: m.path)
def test_the_guest_agent_imports_only_what_a_guest_has(module: object) -> None:
    path, imports = module.path, module.imports()  # type: ignore[attr-defined]
    if path in HOST_SIDE:
        return
    tops = {name.split(".")[0] for name in imports} - set(sys.stdlib_module_names)
    assert tops - IN_GUEST <= {"envs"}
    assert {n for n in imports if n.startswith("envs") and not n.startswith("envs.guest")} == set()
