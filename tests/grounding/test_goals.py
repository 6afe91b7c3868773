"""Episodes are cut at goals: dead steps are left out and listed, every goal is one that came true."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from envs import actions as a
from envs.base import ActResult
from envs.recording.types import Effect
from envs.recording.writer import Recorder
from envs.types import Element, Observation
from grounding.build import build, directory
from infra.clock import FakeClock
from infra.progress import Silent
from tests.grounding import episodes
from tests.grounding.desk import SHOWN, element, observation, window

MENU = element("edit", "menu", (40, 40, 90, 60), "Edit", hit=True)
ITEMS = [
    element("find", "menu-item", (40, 62, 160, 80), "Find…", parent="edit"),
    element("undo", "menu-item", (40, 82, 160, 100), "Undo", parent="edit"),
]
NAME = element("name", "entry", (110, 190, 300, 210), "Name")
CITY = element("city", "entry", (110, 220, 300, 240), "City")
OK = element("ok", "button", (110, 250, 180, 275), "OK")
FOUND = window("dlg", "Find", (150, 100, 400, 300), role="dialog")
NOTHING = Effect()
SOMETHING = episodes.EFFECT


def look(*more: Element) -> Observation:
    return observation(window(), MENU, NAME, CITY, OK, *more)


Happening = tuple[a.Action, str | None, Observation, Effect]


def record(home: Path, *happenings: Happening, **header: object) -> None:
    with Recorder(home, episodes.header("ep-1", **header), FakeClock()) as recorder:
        recorder.first(look())
        for n, (action, on, after, effect) in enumerate(happenings):
            recorder.intent(f"s{n}", action, on, "new")
            recorder.result(ActResult("applied", "", 1, 2))
            recorder.commit(after, effect, settle_s=0.1, settled=True)
        recorder.close("completed")


def goals(home: Path) -> list[dict]:
    build(home, Silent())
    text = (directory(home) / "goals.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


def test_what_opened_a_dialog_is_a_goal_with_the_menu_that_led_there(tmp_path):
    record(
        tmp_path,
        (a.MoveTo(300, 300), None, look(), NOTHING),
        (a.Click(60, 50), "edit", look(*ITEMS), SOMETHING),
        (a.Wait(), None, look(*ITEMS), NOTHING),
        (a.Click(80, 70), "find", look(FOUND), SOMETHING),
    )
    (row,) = goals(tmp_path)
    assert row["goal_kind"] == "opened"
    assert '"Find" dialog' in row["goals"]["en"]
    assert "“Find”对话框" in row["goals"]["zh"]
    assert [s["step"] for s in row["steps"]] == [1, 3]
    assert [s["index"] for s in row["steps"]] == [0, 1]
    assert row["removed"] == [{"index": 2, "reason": "nothing"}]
    assert row["task_completed"] is True
    assert row["steps"][0]["after_image"] == row["steps"][1]["image"]
    assert row["steps"][1]["after_image"] == row["final_image"]


def test_a_menu_that_was_opened_and_closed_again_is_undone(tmp_path):
    record(
        tmp_path,
        (a.Click(60, 50), "edit", look(*ITEMS), SOMETHING),
        (a.Press(("esc",)), None, look(), SOMETHING),
    )
    assert goals(tmp_path) == []
    stats = json.loads((directory(tmp_path) / "stats.json").read_text())
    assert stats["steps_cut"] == {"undone": 2, "aside": 0}


def test_fields_that_were_filled_and_the_button_after_them_are_one_goal(tmp_path):
    named, both = replace(NAME, value="Ada"), replace(CITY, value="Oslo")
    one = observation(window(), MENU, named, CITY, OK)
    two = observation(window(), MENU, named, both, OK)
    sent = observation(window(), MENU, element("l", "label", (40, 300, 200, 320), "Thanks"))
    record(
        tmp_path,
        (a.Write("Ada"), "name", one, SOMETHING),
        (a.Write("Oslo"), "city", two, SOMETHING),
        (a.Click(140, 260), "ok", sent, SOMETHING),
    )
    (row,) = goals(tmp_path)
    assert row["goal_kind"] == "submitted"
    for word in ("Ada", "Oslo", "Name", "City", "OK"):
        assert word in row["goals"]["en"]
        assert word in row["goals"]["zh"]


def test_a_command_that_was_sent_is_no_part_of_the_next_one(tmp_path):
    terminal = element("term", "terminal", (40, 100, 400, 180), "Terminal")
    seen = [look(replace(terminal, value=value)) for value in ("date", "date\nls")]
    record(
        tmp_path,
        (a.Wait(), None, look(terminal), NOTHING),
        (a.Write("date", submit=True), "term", seen[0], SOMETHING),
        (a.Write("ls", submit=True), "term", seen[1], SOMETHING),
    )
    assert [len(row["steps"]) for row in goals(tmp_path)] == [1, 1]


def test_text_that_was_typed_over_is_no_part_of_what_replaced_it(tmp_path):
    seen = [observation(window(), MENU, replace(NAME, value=v), CITY, OK) for v in ("Ada", "Eve")]
    record(
        tmp_path,
        (a.Write("Ada"), "name", seen[0], SOMETHING),
        (a.Write("Eve", clear=True), "name", seen[1], SOMETHING),
    )
    assert [len(row["steps"]) for row in goals(tmp_path)] == [1, 1]


def test_leaving_a_dialog_needs_nothing_that_was_chosen_in_it(tmp_path):
    cell = element("cell", "table-cell", (160, 120, 300, 140), "report.txt", parent="dlg")
    chosen = replace(cell, states=SHOWN | {"selected"})
    record(
        tmp_path,
        (a.Wait(), None, look(FOUND, cell), SOMETHING),
        (a.Click(200, 130), "cell", look(FOUND, chosen), SOMETHING),
        (a.Press(("esc",)), None, look(), SOMETHING),
    )
    (closed,) = [row for row in goals(tmp_path) if row["goal_kind"] == "closed"]
    assert [step["action"]["name"] for step in closed["steps"]] == ["press"]


def test_a_setting_is_a_goal_and_an_error_is_not(tmp_path):
    box = element("wrap", "check-box", (200, 300, 320, 320), "Word wrap")
    on = replace(box, states=SHOWN | {"checked"})
    error = window("err", "Error", (150, 100, 400, 300), role="dialog")
    record(
        tmp_path,
        (a.Wait(), None, look(box), SOMETHING),
        (a.Click(250, 310), "wrap", look(on), SOMETHING),
        (a.Click(140, 260), "ok", look(on, error), SOMETHING),
    )
    (row,) = goals(tmp_path)
    assert row["goal_kind"] == "on"
    assert "Word wrap" in row["goal"]


def test_a_task_is_one_trajectory_with_its_verdict_and_both_languages(tmp_path):
    said = {"en": "Find something.", "zh": "查找内容。"}
    record(
        tmp_path,
        (a.Click(60, 50), "edit", look(*ITEMS), SOMETHING),
        (a.Wait(), None, look(*ITEMS), NOTHING),
        (a.Click(80, 70), "find", look(FOUND), SOMETHING),
        (a.Terminate("failure"), None, look(FOUND), NOTHING),
        goal="Find something.",
        parameters={"goals": said},
    )
    (row,) = goals(tmp_path)
    assert (row["id"], row["goal_source"], row["goals"]) == ("ep-1", "recorded", said)
    assert row["task_completed"] is False
    assert row["terminal"] == "explicit"
    assert [s["step"] for s in row["steps"]] == [0, 2, 3]
    assert row["removed"] == [{"index": 1, "reason": "nothing"}]


def test_every_step_is_either_in_a_goal_or_counted_with_a_reason(tmp_path):
    record(
        tmp_path,
        (a.Click(60, 50), "edit", look(*ITEMS), SOMETHING),
        (a.Click(80, 70), "find", look(FOUND), SOMETHING),
        (a.MoveTo(300, 300), None, look(FOUND, *ITEMS), SOMETHING),
        (a.Wait(), None, look(FOUND, *ITEMS), NOTHING),
    )
    goals(tmp_path)
    stats = json.loads((directory(tmp_path) / "stats.json").read_text())
    assert stats["goal_steps"] + sum(stats["steps_cut"].values()) == stats["steps"] == 4
