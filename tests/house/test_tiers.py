"""The suite's own promise: nothing real is skipped in silence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import postgres
from tests.house.source import ROOT

SUITE = """
import pytest

@pytest.mark.{mark}
def test_wants_the_real_thing():
    pytest.skip("there is none")

def test_a_small_one():
    pass
"""


def run(place: Path, text: str) -> str:
    (place / "test_it.py").write_text(text)
    (place / "conftest.py").write_text("from tests.tiers import *\n")
    (place / "pytest.ini").write_text(
        f"[pytest]\nmarkers =\n  machine:\n  browser:\npythonpath = {ROOT}\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(place)],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=place,
        check=False,
    )
    return done.stdout


@pytest.mark.parametrize("mark", ["machine", "browser"])
def test_a_skipped_test_of_a_real_thing_fails(tmp_path: Path, mark: str) -> None:
    said = run(tmp_path, SUITE.format(mark=mark))
    assert "1 failed, 1 passed" in said
    assert "needs the real thing and was skipped" in said


def test_where_postgresql_is_not_installed_its_tests_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PLACE", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(pytest.fail.Exception, match="apt-get install postgresql"):
        postgres.programs()


def test_a_module_cannot_skip_itself(tmp_path: Path) -> None:
    said = run(tmp_path, "import pytest\npytest.skip('not here', allow_module_level=True)\n")
    assert "skipped itself" in said
    assert "1 error" in said


def test_the_summary_tells_the_minutes_of_each_tier(tmp_path: Path) -> None:
    said = run(tmp_path, "def test_it():\n    pass\n")
    assert "unit         1 tests    0.0 min" in said
    last = said.splitlines()[-1]
    assert last.startswith("=")
    assert "1 passed" in last
