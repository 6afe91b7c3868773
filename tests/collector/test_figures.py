from __future__ import annotations

import json
from pathlib import Path

import pytest

from collector.figures import Figure, figures, main
from infra.errors import NotFound
from tests.grounding import episodes


def leave(home: Path, captioned: int = 3000) -> None:
    """What grounding and corpus would have written, as far as it is counted."""
    for path, values in (
        ("samples/agent/stats.json", {"elements": 4000}),
        (
            "corpora/first/stats.json",
            {
                "captioned_pictures": captioned,
                "text_tokens": 999_999,
                "by_category": {"agent": {"share": 0.1}},
            },
        ),
    ):
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(json.dumps(values), encoding="utf-8")


def test_the_figures_are_counted_from_what_lies_there(tmp_path: Path) -> None:
    leave(tmp_path)
    episodes.record(tmp_path, "ep-1")
    episodes.record(tmp_path, "ep-2")
    found = {figure.name: figure for figure in figures(tmp_path)}
    assert found["committed desktop steps"].value == 2 * len(episodes.STEPS)
    assert found["committed web steps"].value == 0
    assert found["kept elements"].is_met
    assert found["agent data's share of the tokens"].is_met
    assert not found["text tokens"].is_met


def test_a_stage_that_left_nothing_names_its_command(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        list(figures(tmp_path))
    assert caught.value.hint == "trawl ground build"


def test_a_missed_figure_is_said_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRAWL_HOME", str(tmp_path))
    leave(tmp_path)
    assert main() == 1
    lines = capsys.readouterr().out.splitlines()
    assert any("text tokens" in line and "MISSED" in line for line in lines)
    assert any("kept elements" in line and "ok" in line for line in lines)


def test_a_figure_is_met_at_its_least() -> None:
    assert Figure("it", 60, 60).is_met
    assert not Figure("it", 59.9, 60).is_met
