"""Expressions by function: learnt from what a step did, used all over the run, only where unique."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from envs import actions as a
from envs.base import ActResult
from envs.recording.writer import Recorder
from envs.types import Element, Observation
from grounding.build import build, directory
from infra.clock import FakeClock
from infra.progress import Silent
from tests.grounding import episodes
from tests.grounding.desk import element, observation, window

FIND = element("find", "button", (40, 40, 120, 70), "Find…", hit=True)
DIALOG = window("dlg", "Find and Replace", (150, 100, 400, 300), role="dialog")


def look(n: int, *more: Element) -> Observation:
    label = element("n", "label", (40, 300, 100 + 10 * n, 320), f"Step {n}")
    return observation(window(), label, *more)


def record(
    home: Path, episode: str, first: Observation, *steps: tuple[str, Observation], run: str = "run-1",
    outcome: str = "applied",
) -> None:  # fmt: skip
    header = episodes.header(episode, run_id=run)
    with Recorder(home, header, FakeClock()) as recorder:
        recorder.first(first)
        for n, (on, after) in enumerate(steps):
            recorder.intent(f"{episode}-{n}", a.Click(80, 55), on, "new")
            recorder.result(ActResult(outcome, "", 1, 2))  # type: ignore[arg-type]
            recorder.commit(after, episodes.EFFECT, settle_s=0.1, settled=True)
        recorder.close("completed")


def functions(home: Path) -> dict[str, dict[str, list[str]]]:
    """By record, the expressions by function of each element."""
    build(home, Silent())
    found = {}
    for line in (directory(home) / "grounding.jsonl").read_text().splitlines():
        row = json.loads(line)
        said = {
            e["id"]: [x["text"] for x in e["expressions"] if x["kind"] == "function"]
            for e in row["elements"]
        }
        found[row["id"]] = {key: texts for key, texts in said.items() if texts}
        assert set(row["provenance"].get("functions", {})) == set(found[row["id"]])
    return found


WORDS = [
    'the button that opens the "Find and Replace" dialog',
    "打开“Find and Replace”对话框的按钮",
]


def test_what_a_later_step_taught_is_said_on_the_earlier_screens_of_its_run(tmp_path):
    record(tmp_path, "ep-1", look(1, FIND))
    record(tmp_path, "ep-2", look(2, FIND), ("find", look(3, FIND, DIALOG)))
    record(tmp_path, "ep-3", look(4, FIND), run="run-2")
    said = functions(tmp_path)
    assert said["ep-1-0000"] == {"find": WORDS}
    assert said["ep-2-0000"] == {"find": WORDS}
    assert said["ep-3-0000"] == {}
    first = (directory(tmp_path) / "grounding.jsonl").read_text().splitlines()[0]
    assert json.loads(first)["provenance"]["functions"] == {"find": "ep-2#0"}


def test_a_step_that_was_refused_teaches_nothing(tmp_path):
    record(tmp_path, "ep-1", look(1, FIND), ("find", look(2, FIND, DIALOG)), outcome="rejected")
    assert not any(functions(tmp_path).values())


def test_an_element_that_did_two_things_is_not_said_to_do_either(tmp_path):
    other = window("dlg", "Go to Line", (150, 100, 400, 300), role="dialog")
    record(tmp_path, "ep-1", look(1, FIND), ("find", look(2, FIND, DIALOG)))
    record(tmp_path, "ep-2", look(3, FIND), ("find", look(4, FIND, other)))
    assert not any(functions(tmp_path).values())


def test_of_two_that_look_the_same_or_do_the_same_neither_is_meant(tmp_path):
    twin = replace(FIND, id="twin", box=replace(FIND.box, top=80, bottom=110))
    same = element("search", "button", (200, 40, 280, 70), "Search", hit=True)
    record(tmp_path, "ep-1", look(1, FIND), ("find", look(2, FIND, DIALOG)))
    record(tmp_path, "ep-2", look(3, FIND, twin))
    record(tmp_path, "ep-3", look(4, same), ("search", look(5, same, DIALOG)))
    record(tmp_path, "ep-4", look(6, FIND, same))
    said = functions(tmp_path)
    assert said["ep-1-0000"] == {"find": WORDS}
    assert said["ep-2-0000"] == {}
    assert said["ep-3-0000"] == {"search": WORDS}
    assert said["ep-4-0000"] == {}


def test_a_dialog_that_only_says_error_is_no_function(tmp_path):
    error = window("dlg", "Error", (150, 100, 400, 300), role="dialog")
    record(tmp_path, "ep-1", look(1, FIND), ("find", look(2, FIND, error)))
    assert not any(functions(tmp_path).values())


def test_the_counts_of_expressions_are_those_of_the_records(tmp_path):
    record(tmp_path, "ep-1", look(1, FIND), ("find", look(2, FIND, DIALOG)))
    said = functions(tmp_path)
    stats = json.loads((directory(tmp_path) / "stats.json").read_text())
    times = sum(len(elements) for elements in said.values())
    assert stats["expressions"]["function/en"] == stats["expressions"]["function/zh"] == times
