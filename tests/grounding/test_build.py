"""Recordings become samples: whole, traced, the same bytes each time."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from envs import actions as a
from envs.recording import codec
from envs.recording.types import Effect
from envs.recording.writer import Recorder
from grounding.build import build, directory
from grounding.export import export
from grounding.samples import Screens
from infra.blobs import Blobs
from infra.clock import FakeClock
from infra.errors import Conflict
from infra.files import exclusive
from infra.progress import Silent
from tests.grounding import episodes


def run(home: Path, **how):
    return build(home, Silent(), **how)


def drawn(home: Path, **how):
    """Builds the samples, then draws the forms that trainers read."""
    run(home, **how)
    return export(home, Silent())


def lines(home: Path, name: str):
    return [json.loads(line) for line in (directory(home) / name).read_text().splitlines()]


def hashes(home: Path):
    root = directory(home)
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def test_a_screen_becomes_a_record_in_the_declared_form(tmp_path):
    episodes.record(tmp_path)
    stats = run(tmp_path)
    rows = lines(tmp_path, "grounding.jsonl")
    assert [row["id"] for row in rows] == [f"ep-1-000{n}" for n in range(4)]
    row = rows[0]
    assert " ".join(row) == (
        "id image image_size platform os windows elements capture dropped provenance"
    )
    assert row["os"] == {"id": "debian", "version": "12"}
    assert row["dropped"] == {"container": 1}
    assert row["capture"]["stable"] is True
    by_id = {e["id"]: e for e in row["elements"]}
    assert by_id["save"]["bbox_px"] == [40, 40, 120, 70]
    assert by_id["save"]["name_source"] == "a11y"
    assert by_id["name"]["name"] is None
    assert by_id["name"]["no_name_reason"] == "none_given"
    assert by_id["save"]["interactable"] is True
    assert {"text": "Save", "lang": "en", "kind": "name"} in by_id["save"]["expressions"]
    assert stats.elements == 16
    assert row["provenance"]["image"] == "debian-12"


def test_the_picture_is_the_screen_to_the_pixel(tmp_path):
    episodes.record(tmp_path)
    drawn(tmp_path)
    row = lines(tmp_path, "grounding.jsonl")[1]
    png = directory(tmp_path) / "dialects" / "images" / f"{row['image']}.png"
    read = cv2.cvtColor(cv2.imread(str(png), cv2.IMREAD_COLOR), 4)
    recorded = Screens(directory(tmp_path)).pixels(row["image"], tuple(row["image_size"]))
    assert np.array_equal(read, episodes.screen(1).screen.pixels)
    assert np.array_equal(read, recorded)


def test_a_screen_lies_on_the_disk_once(tmp_path):
    """Recording and samples share its bytes; without the recording the samples still have it."""
    episodes.record(tmp_path)
    run(tmp_path)
    row = lines(tmp_path, "grounding.jsonl")[0]
    held = [Blobs(root / "blobs").path(row["image"]) for root in (tmp_path, directory(tmp_path))]
    assert held[0].samefile(held[1])
    held[0].unlink()
    assert Blobs(directory(tmp_path) / "blobs").get(row["image"])


def test_a_second_build_gives_the_same_bytes_and_leaves_nothing_over(tmp_path):
    episodes.record(tmp_path)
    episodes.record(tmp_path, "ep-2", ((a.Click(80, 55), "save"), (a.Terminate(), None)))
    run(tmp_path)
    first = hashes(tmp_path)
    drawn_before = directory(tmp_path) / "dialects" / "images" / "old.png"
    drawn_before.parent.mkdir(parents=True)
    drawn_before.write_bytes(b"old")
    Blobs(directory(tmp_path) / "blobs").put(b"old")
    run(tmp_path)
    assert hashes(tmp_path) == first


def test_near_identical_screens_are_kept_once(tmp_path):
    episodes.record(tmp_path)
    episodes.record(tmp_path, "ep-2")
    stats = run(tmp_path)
    assert stats.kept_screens == 4
    assert stats.left_out == {"seen_before": 4}
    assert stats.trajectories == 2


def test_stand_ins_are_refused_and_counted(tmp_path):
    episodes.record(tmp_path, env=episodes.stand_in())
    assert run(tmp_path).refused == {"stand_in": 1}
    assert run(tmp_path, allow_stand_ins=True).kept_screens == 4


def test_an_episode_of_error_pages_is_refused_and_a_single_one_left_out(tmp_path):
    error = episodes.observation(
        episodes.element("b", "button", (40, 40, 120, 70), "Reload", app="chromewebdata"),
        source="dom",
    )
    for name, others in (("ep-1", 0), ("ep-2", 2)):
        with Recorder(tmp_path, episodes.header(name), FakeClock()) as recorder:
            recorder.first(error)
            for n in range(others):
                recorder.intent(f"s{n}", a.Wait(), None, "")
                recorder.result(episodes.ActResult("applied", "", 1, 2))
                recorder.commit(episodes.screen(n), episodes.EFFECT, settle_s=0.1, settled=True)
            recorder.close("completed")
    stats = run(tmp_path)
    assert stats.refused == {"error_pages": 1}
    assert stats.left_out == {"error_page": 1}
    assert stats.kept_screens == 2


def test_unstable_and_unaudited_screens_are_not_grounded(tmp_path):
    with Recorder(tmp_path, episodes.header("ep-1"), FakeClock()) as recorder:
        recorder.first(episodes.screen(0, stable=False))
        recorder.close("completed")
    with Recorder(tmp_path, episodes.header("ep-2"), FakeClock()) as recorder:
        recorder.first(episodes.screen(0, audited=False))
        recorder.close("completed")
    stats = run(tmp_path)
    assert stats.left_out == {"unstable": 1, "unaudited": 1}
    assert stats.elements == 0


def test_an_audit_that_found_something_takes_back_the_screens_before_it(tmp_path):
    with Recorder(tmp_path, episodes.header("ep-1"), FakeClock()) as recorder:
        recorder.first(episodes.screen(0))
        for n in range(1, 4):
            seen = episodes.screen(n)
            if n == 2:
                noted = replace(seen.tree, notes=("audit: 3 differences, 1 trees back",))
                seen = replace(seen, tree=noted)
            recorder.intent(f"s{n}", a.Wait(), None, "")
            recorder.result(episodes.ActResult("applied", "", 1, 2))
            recorder.commit(seen, episodes.EFFECT, settle_s=0.1, settled=True)
        recorder.close("completed")
    stats = run(tmp_path)
    assert stats.left_out == {"unaudited": 1}
    assert [row["id"] for row in lines(tmp_path, "grounding.jsonl")] == [
        "ep-1-0000", "ep-1-0002", "ep-1-0003"]  # fmt: skip


def test_a_damaged_recording_is_counted_and_the_others_are_read(tmp_path):
    whole = episodes.record(tmp_path)
    broken = episodes.record(tmp_path, "ep-2")
    log = (broken / "log").read_bytes()
    (broken / "log").write_bytes(log[:40] + b"\xff" + log[41:])
    lost = episodes.record(tmp_path, "ep-3", ((a.Click(1, 1), None),) * 5)
    blobs = Blobs(tmp_path / "blobs")
    del whole, lost
    only_in_ep3 = episodes.screen(5).screen
    for name in list(blobs.names()):
        if len(blobs.get(name)) and name == _blob_of(only_in_ep3):
            blobs.path(name).unlink()
    stats = run(tmp_path)
    assert stats.refused == {"corrupt": 1, "blob_not_found": 1}
    assert stats.trajectories == 1


def _blob_of(screen) -> str:
    from envs.recording import codec
    from infra.files import sha256_bytes

    return sha256_bytes(codec.pack_pixels(screen.pixels))


def test_a_trajectory_has_every_step_with_its_action_and_element(tmp_path):
    episodes.record(tmp_path, goal="Save the form.")
    run(tmp_path)
    row = lines(tmp_path, "trajectories.jsonl")[0]
    assert row["goal"] == "Save the form."
    assert row["terminal"] == "last_screenshot"
    assert row["screen"] == {"w": 640, "h": 400, "scale": 1.0}
    step = row["steps"][0]
    assert step["action"]["name"] == "click"
    assert step["element"] == {
        "id": "save",
        "role": "button",
        "name": "Save",
        "bbox_px": [40, 40, 120, 70],
    }
    assert step["thought_flags"] == []
    assert [s["index"] for s in row["steps"]] == [0, 1, 2]
    grounded = {r["image"] for r in lines(tmp_path, "grounding.jsonl")}
    assert {s["image"] for s in row["steps"]} | {row["final_image"]} <= grounded


def test_an_element_that_cannot_be_seen_is_not_named(tmp_path):
    hidden = episodes.observation(
        episodes.window(),
        episodes.element("b", "button", (40, 40, 120, 70), "Secret", hit=False),
        episodes.element("c", "button", (40, 90, 120, 120), "Shown"),
    )
    with Recorder(tmp_path, episodes.header("ep-1"), FakeClock()) as recorder:
        recorder.first(hidden)
        recorder.intent("s", a.Click(60, 55), "b", "new")
        recorder.result(episodes.ActResult("applied", "", 1, 2))
        recorder.commit(hidden, episodes.EFFECT, settle_s=0.1, settled=True)
        recorder.close("completed")
    stats = run(tmp_path)
    step = lines(tmp_path, "trajectories.jsonl")[0]["steps"][0]
    said = step["observation"] + step["thought"] + step["action_text"]
    assert "Secret" not in said
    assert "button" in step["action_text"] or "按钮" in step["action_text"]
    assert stats.thoughts_mended == {"quoted_name_not_on_screen": 1}
    assert stats.thought_flags == {}


def test_of_two_that_bear_one_name_the_action_says_which(tmp_path):
    twice = episodes.observation(
        episodes.window(),
        episodes.element("l1", "label", (40, 40, 120, 60), "Bread"),
        episodes.element("b1", "button", (130, 40, 230, 60), "Add"),
        episodes.element("l2", "label", (40, 90, 120, 110), "Milk"),
        episodes.element("b2", "button", (130, 90, 230, 110), "Add"),
    )
    with Recorder(tmp_path, episodes.header("ep-1"), FakeClock()) as recorder:
        recorder.first(twice)
        recorder.intent("s", a.Click(180, 100), "b2", "new")
        recorder.result(episodes.ActResult("applied", "", 1, 2))
        recorder.commit(twice, episodes.EFFECT, settle_s=0.1, settled=True)
        recorder.close("completed")
    run(tmp_path)
    step = lines(tmp_path, "trajectories.jsonl")[0]["steps"][0]
    assert "Milk" in step["action_text"]
    assert step["thought_flags"] == []


def test_how_it_ended_is_said_and_nothing_is_invented(tmp_path):
    steps = (*episodes.STEPS, (a.Terminate(), None))
    episodes.record(tmp_path, "ep-1", steps, goal="Save it.")
    episodes.record(tmp_path, "ep-2", close=False, goal="Save it.")
    drawn(tmp_path)
    rows = {row["id"]: row for row in lines(tmp_path, "trajectories.jsonl")}
    assert rows["ep-1"]["terminal"] == "explicit"
    assert rows["ep-2"]["terminal"] == "missing"
    net = {row["task_id"]: row for row in lines(tmp_path, "dialects/agentnet.jsonl")}
    assert net["ep-1"]["traj"][-1]["value"]["code"] == "computer.terminate(status='success')"
    assert net["ep-1"]["task_completed"] is True
    assert net["ep-2"]["task_completed"] is None
    assert "terminate" not in net["ep-2"]["traj"][-1]["value"]["code"]


def test_agentnet_lines_have_exactly_the_published_keys(tmp_path):
    episodes.record(tmp_path, goal="Save it.")
    drawn(tmp_path)
    row = lines(tmp_path, "dialects/agentnet.jsonl")[0]
    assert list(row) == [
        "task_id",
        "instruction",
        "natural_language_task",
        "actual_task",
        "task_completed",
        "alignment_score",
        "efficiency_score",
        "task_difficulty",
        "reason",
        "traj",
    ]
    for n, step in enumerate(row["traj"]):
        assert step["index"] == n
        assert " ".join(step["value"]) == (
            "code observation thought action last_step_correct last_step_redundant reflection"
        )
        assert (directory(tmp_path) / "dialects" / "images" / step["image"]).is_file()


def test_a_step_that_was_refused_or_did_nothing_is_marked_and_stays(tmp_path):
    episodes.record(tmp_path, "ep-1", effect=Effect())
    episodes.record(tmp_path, "ep-2", outcome="rejected", effect=Effect())
    stats = run(tmp_path)
    nothing, rejected = lines(tmp_path, "trajectories.jsonl")
    marks = [(s["outcome"], s["did_anything"]) for s in (nothing["steps"][0], rejected["steps"][0])]
    assert marks == [("applied", False), ("rejected", False)]
    assert stats.outcomes == {"nothing": 3, "rejected": 3}


def test_a_step_agentnet_cannot_say_leaves_no_gap(tmp_path):
    clicks = ((a.Click(80, 55), "save"),) * 2
    steps = (*clicks, (a.KeyDown("a"), None), *clicks)
    episodes.record(tmp_path, "ep-1", steps, goal="Save it.")
    counts = drawn(tmp_path)
    rows = lines(tmp_path, "dialects/agentnet.jsonl")
    assert [(len(row["traj"]), row["task_completed"]) for row in rows] == [(2, False)]
    assert (counts.rows["agentnet"], counts.rows["sharegpt"]) == (1, 4)
    assert counts.dropped["agentnet/no_word_key_down"] == 1
    assert counts.dropped["agentnet/after_a_gap"] == 2
    assert counts.dropped["sharegpt/no_word_key_down"] == 1


def test_conversations_have_the_turns_their_readers_assert(tmp_path):
    episodes.record(tmp_path, goal="Save it.")
    drawn(tmp_path)
    out = directory(tmp_path) / "dialects"
    records = json.loads((out / "sharegpt.json").read_text())
    assert len({r["image"] for r in records}) == len(records), "names of images are unique"
    for record in records:
        turns = record["conversations"]
        assert [t["from"] for t in turns] == ["system", "human", "gpt", "gpt"]
        assert [t.get("recipient") for t in turns] == [None, None, "all", "os"]
        assert [t.get("end_turn") for t in turns] == [None, None, False, True]
        assert [t["value"].count("<image>") for t in turns] == [0, 1, 0, 0]
        assert (out / record["image"]).is_file()
    assert "Step 1: " in records[1]["conversations"][1]["value"]


def test_llamafactory_gets_alternating_turns_and_a_registration_that_fits(tmp_path):
    episodes.record(tmp_path, goal="Save it.")
    drawn(tmp_path)
    out = directory(tmp_path) / "dialects"
    info = json.loads((out / "dataset_info.json").read_text())["trawl_agent"]
    rows = json.loads((out / info["file_name"]).read_text())
    for row in rows:
        turns = row[info["columns"]["messages"]]
        assert [t[info["tags"]["role_tag"]] for t in turns] == ["system", "user", "assistant"]
        assert len(row[info["columns"]["images"]]) == turns[1]["content"].count("<image>") == 1


def test_osatlas_boxes_are_shares_in_order(tmp_path):
    episodes.record(tmp_path)
    drawn(tmp_path)
    out = directory(tmp_path) / "dialects"
    groups = json.loads((out / "osatlas.json").read_text())
    assert groups
    for group in groups:
        assert (out / "images" / group["img_filename"]).is_file()
        for element in group["elements"]:
            left, top, right, bottom = element["bbox"]
            assert 0 <= left < right <= 1
            assert 0 <= top < bottom <= 1
            assert element["data_type"] in {"text", "icon"}
            assert element["instruction"]


def test_typed_text_that_was_withheld_is_not_told(tmp_path):
    form = episodes.observation(
        episodes.window(),
        episodes.element("pw", "password-text", (40, 40, 200, 70), "Password"),
        episodes.element("ok", "button", (40, 90, 120, 120), "OK"),
    )
    with Recorder(tmp_path, episodes.header("ep-1"), FakeClock()) as recorder:
        recorder.first(form)
        for n, action in enumerate((a.Click(60, 55), a.Write("hunter2"))):
            recorder.intent(f"s{n}", action, "pw", "type hunter2")
            recorder.result(episodes.ActResult("applied", "", 1, 2))
            recorder.commit(form, episodes.EFFECT, settle_s=0.1, settled=True)
        recorder.close("completed")
    run(tmp_path)
    for path in directory(tmp_path).rglob("*.json*"):
        assert "hunter2" not in path.read_text()
    step = lines(tmp_path, "trajectories.jsonl")[0]["steps"][1]
    assert step["redacted"] is True


def test_two_builds_at_once_are_a_conflict(tmp_path):
    directory(tmp_path).mkdir(parents=True)
    with exclusive(directory(tmp_path) / ".lock", "the grounding build"), pytest.raises(Conflict):
        run(tmp_path)


def test_no_recordings_is_an_empty_build(tmp_path):
    assert run(tmp_path).recordings == 0
    assert lines(tmp_path, "grounding.jsonl") == []


def test_each_screen_and_each_tree_is_decoded_once(tmp_path, monkeypatch):
    decoded = []
    unpack_pixels, unpack_elements = codec.unpack_pixels, codec.unpack_elements
    monkeypatch.setattr(codec, "unpack_pixels", lambda *a: decoded.append("s") or unpack_pixels(*a))
    monkeypatch.setattr(
        codec, "unpack_elements", lambda d: decoded.append("t") or unpack_elements(d)
    )
    with Recorder(tmp_path, episodes.header("ep-1"), FakeClock()) as recorder:
        recorder.first(episodes.screen(0))
        for n, shown in enumerate([1, 0, 1, 1]):
            recorder.intent(f"s{n}", a.Wait(), None, "")
            recorder.result(episodes.ActResult("applied", "", 1, 2))
            recorder.commit(episodes.screen(shown), episodes.EFFECT, settle_s=0.1, settled=True)
        recorder.close("completed")
    assert run(tmp_path).screens == 5
    assert sorted(decoded) == ["s", "s", "t", "t"]


def test_what_is_known_from_earlier_screens_changes_no_later_one(tmp_path):
    """One recording of three screens gives the elements that three recordings of one give."""
    with Recorder(tmp_path / "one", episodes.header("ep-0"), FakeClock()) as recorder:
        recorder.first(episodes.screen(0))
        for n in (1, 2):
            recorder.intent(f"s{n}", a.Wait(), None, "")
            recorder.result(episodes.ActResult("applied", "", 1, 2))
            recorder.commit(episodes.screen(n), episodes.EFFECT, settle_s=0.1, settled=True)
        recorder.close("completed")
    for n in range(3):
        with Recorder(tmp_path / "three", episodes.header(f"ep-{n}"), FakeClock()) as recorder:
            recorder.first(episodes.screen(n))
            recorder.close("completed")
    run(tmp_path / "one")
    run(tmp_path / "three")
    together, apart = (
        [row["elements"] for row in lines(tmp_path / name, "grounding.jsonl")]
        for name in ("one", "three")
    )
    assert together == apart
