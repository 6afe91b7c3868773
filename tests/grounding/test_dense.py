"""The dense forms are drawn from the record alone, hold, and read back by their readers' rules."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import cv2
import pytest

from envs import actions as a
from envs.recording.writer import Recorder
from grounding.build import build, directory
from grounding.dense import asking
from grounding.dialects import scalecua
from grounding.dialects.vocabulary import Inexpressible
from grounding.export import export
from infra.clock import FakeClock
from infra.errors import NotFound
from infra.progress import Silent
from tests.grounding import episodes
from tests.grounding.desk import SHOWN, element, observation, window

REF = re.compile(r"<ref>(.*?)</ref><box>\[\[(\d+), (\d+), (\d+), (\d+)\]\]</box>")
SHARE = re.compile(r"[xy]=(0\.\d{4})\b")
TRICKY = 'Open [12, 30] <ref>x=0.5</ref> "now"'


def screen():
    return observation(
        window(title="Form", active=True),
        element("save", "button", (40, 40, 120, 70), "Save"),
        element("label", "label", (40, 90, 100, 110), "Name"),
        element("name", "entry", (110, 90, 300, 110), "Full name"),
        element("wrap", "check-box", (40, 140, 180, 160), "Wrap", states=SHOWN | {"checked"}),
        element("tricky", "button", (40, 180, 300, 200), TRICKY),
        element("pw", "password-text", (40, 230, 300, 250), "Password", value="hunter2"),
        window("w2", "Notes", (430, 20, 630, 380), active=False, app="notes"),
    )


@pytest.fixture
def drawn(tmp_path):
    """A home with everything drawn from one small task."""
    with Recorder(tmp_path, episodes.header("ep-1", goal="Save it."), FakeClock()) as recorder:
        recorder.first(screen())
        steps = [(a.Click(60, 240), "pw"), (a.Write("hunter2"), "pw"), (a.Click(80, 55), "save")]
        for n, (action, on) in enumerate(steps):
            recorder.intent(f"s{n}", action, on, "types hunter2")
            recorder.result(episodes.ActResult("applied", "", 1, 2))
            recorder.commit(screen(), episodes.EFFECT, settle_s=0.1, settled=True)
        recorder.close("completed")
    build(tmp_path, Silent())
    export(tmp_path, Silent())
    return tmp_path


def rows(home: Path, name: str) -> list[dict[str, Any]]:
    path = directory(home) / "dialects" / "dense" / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


def answers(home: Path, name: str) -> list[str]:
    return [t["value"] for r in rows(home, name) for t in r["conversations"] if t["from"] == "gpt"]


def record(home: Path) -> dict[str, Any]:
    return json.loads((directory(home) / "grounding.jsonl").read_text().splitlines()[0])


@pytest.mark.parametrize(
    "name", ["places", "captions", "listing", "scalecua_grounding", "scalecua_trajectories"]
)
def test_every_row_has_its_image_in_its_size_and_one_marker_for_it(drawn, name):
    assert rows(drawn, name)
    for row in rows(drawn, name):
        image = cv2.imread(str(directory(drawn) / "dialects" / row["image"]))
        assert image.shape[:2] == (row["height"], row["width"])
        turns = row["conversations"]
        assert [t["from"] for t in turns] == ["human", "gpt"] * (len(turns) // 2)
        assert [t["value"].count("<image>") for t in turns] == [1, *[0] * (len(turns) - 1)]
        assert all(t["value"].strip() for t in turns)


def test_no_form_tells_what_a_protected_field_was_given(drawn):
    for path in directory(drawn).rglob("*"):
        if path.suffix in {".json", ".jsonl"}:
            assert "hunter2" not in path.read_text(), path
    for path in (directory(drawn) / "dialects" / "images").glob("*.png"):
        assert cv2.imread(str(path))[230:250, 40:300].max() == 0


def test_places_are_asked_in_both_senses_and_the_answers_lie_in_the_element(drawn):
    told = rows(drawn, "places")
    assert {r["sense"] for r in told} == {"where", "what"}
    boxes = [e["bbox_px"] for e in record(drawn)["elements"]]
    for row in told:
        for place in _places(row):
            figures = [float(v) for v in re.findall(r"\d+\.?\d*", place)]
            scale = 1000 if row["form"].endswith("1000") else 1
            sizes = [row["width"], row["height"]] * 2
            px = [v * s / scale for v, s in zip(figures, sizes, strict=False)]
            if row["form"].startswith("point"):
                assert any(b[0] - 1 <= px[0] <= b[2] and b[1] - 1 <= px[1] <= b[3] for b in boxes)
            else:
                assert any(max(abs(p - q) for p, q in zip(px, b, strict=True)) < 1 for b in boxes)


def _places(row: dict[str, Any]) -> list[str]:
    sides = {"where": "gpt", "what": "human"}
    said = [t["value"] for t in row["conversations"] if t["from"] == sides[row["sense"]]]
    return [re.search(r"[(\[][\d., ]+[)\]]", text).group() for text in said]  # type: ignore[union-attr]


def test_a_caption_quotes_only_what_the_record_holds(drawn):
    held = record(drawn)
    names = {e["name"] for e in held["elements"]} | {w["title"] for w in held["windows"]}
    names |= {w["app"] for w in held["windows"]}
    for text in answers(drawn, "captions"):
        quoted = [x or y for x, y in re.findall(r'"([^"]+)"|“([^”]+)”', text)]
        assert quoted
        assert set(quoted) <= names
    english, chinese = answers(drawn, "captions")[:2]
    assert '"Form" window' in english
    assert "“Form”窗口" in chinese
    assert '"Wrap" check box is switched on' in english
    assert "Notes" in english


def test_a_listing_has_every_element_once_in_reading_order(drawn):
    lines = answers(drawn, "listing")[0].splitlines()
    assert len(lines) == len(record(drawn)["elements"])
    assert [line.split(". ")[0] for line in lines] == [str(n + 1) for n in range(len(lines))]
    assert lines[0].startswith('1. button "Save" [62, 100, 188, 175]')
    assert [line.split()[1] for line in lines[1:3]] == ["text", "text"], "a label, then its field"


def test_scalecua_boxes_read_back_to_the_elements(drawn):
    boxes = {tuple(asking.thousandths(e["bbox_px"], (640, 400))) for e in record(drawn)["elements"]}
    found = 0
    for answer in answers(drawn, "scalecua_grounding"):
        assert answer.count("<ref>") == answer.count("<box>")
        for _, *figures in REF.findall(answer):
            found += 1
            assert tuple(map(int, figures)) in boxes
            assert all(0 <= int(v) <= 1000 for v in figures)
    assert found
    for row in rows(drawn, "scalecua_grounding"):
        assert not re.search(r"\[\d+, ?\d+\]", row["conversations"][0]["value"])
        assert TRICKY not in json.dumps(row)


@pytest.mark.parametrize(
    ("action", "lines"),
    [
        (a.Click(0, 0), ["click(x=0.0001, y=0.0001)"]),
        (a.Click(639, 399, "right"), ["click(x=0.9984, y=0.9975, button='right')"]),
        (a.DoubleClick(320, 200), ["doubleClick(x=0.5000, y=0.5000)"]),
        (a.Scroll(320, 200, dy=-3), ["scroll(clicks=-3, x=0.5000, y=0.5000)"]),
        (a.Write("hi there", submit=True), ["write(message='hi there')", "press(keys=['enter'])"]),
        (a.Hotkey(("ctrl", "s")), ["hotkey('ctrl', 's')"]),
        (a.Press(("down",), 3), ["press(keys=['down'], presses=3)"]),
        (a.Terminate("failure"), ["terminate(status='failure')"]),
        (
            a.Drag((a.PathPoint(64, 40, 0), a.PathPoint(320, 200, 9))),
            ["moveTo(x=0.1000, y=0.1000)", "dragTo(x=0.5000, y=0.5000)"],
        ),
    ],
)
def test_scalecua_actions_are_calls_that_parse_with_shares_its_reader_rewrites(action, lines):
    said = scalecua.action(action.as_record(), 640, 400)
    assert said == lines
    for line in said:
        assert isinstance(ast.parse(line, mode="eval").body, ast.Call)
        for figure in SHARE.findall(line):
            assert 0 < float(figure) < 1


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        (a.Write("f(x), y"), "unsafe_text"),
        (a.Write("x=0.5"), "unsafe_text"),
        (a.Write(""), "no_text"),
        (a.Click(640, 10), "off_screen"),
        (a.KeyDown("a"), "no_word_key_down"),
        (a.Click(1, 1, modifiers=("ctrl",)), "modifiers"),
    ],
)
def test_scalecua_refuses_what_its_readers_would_bend(action, reason):
    with pytest.raises(Inexpressible) as refused:
        scalecua.action(action.as_record(), 640, 400)
    assert refused.value.reason == reason


def test_scalecua_steps_name_goal_history_and_one_action_and_stop_at_a_gap(drawn):
    (row,) = rows(drawn, "scalecua_trajectories")
    human, answer = (t["value"] for t in row["conversations"])
    assert "Task: Save it." in human
    assert human.endswith("Previous operations:\nNone")
    body = re.fullmatch(
        r"(?:<think>\n.+\n</think>\n)?<operation>\n.+\n</operation>\n<action>\n(.+)\n</action>",
        answer,
        re.DOTALL,
    )
    assert body
    counts = json.loads((directory(drawn) / "dialects/counts.json").read_text())
    assert counts["dropped"]["scalecua_trajectories/no_text"] == 1
    assert counts["dropped"]["scalecua_trajectories/after_a_gap"] == 1
    meta = json.loads((directory(drawn) / "dialects/dense/scalecua_meta.json").read_text())
    for entry in meta.values():
        path = directory(drawn) / "dialects" / entry["annotation"]
        assert len(path.read_text().splitlines()) == entry["length"]


def test_groundcua_rows_are_pixels_in_order_with_text_and_category(drawn):
    held = record(drawn)
    path = directory(drawn) / "dialects/dense/groundcua/data/ubuntu" / f"{held['id']}.json"
    listed = json.loads(path.read_text())
    assert [r["bbox"] for r in listed] == [e["bbox_px"] for e in held["elements"]]
    for row in listed:
        assert set(row) == {"image_path", "bbox", "text", "category", "id"}
        left, top, right, bottom = row["bbox"]
        assert 0 <= left < right <= 640
        assert 0 <= top < bottom <= 400
        assert row["category"]
        assert (directory(drawn) / "dialects" / row["image_path"]).is_file()


def test_drawn_again_it_is_the_same_and_a_new_build_takes_it_back(drawn):
    forms = directory(drawn) / "dialects"
    first = {p: p.read_bytes() for p in forms.rglob("*") if p.is_file()}
    export(drawn, Silent())
    assert {p: p.read_bytes() for p in forms.rglob("*") if p.is_file()} == first
    build(drawn, Silent())
    assert not forms.exists()


def test_nothing_is_drawn_from_nothing(tmp_path):
    with pytest.raises(NotFound):
        export(tmp_path, Silent())
