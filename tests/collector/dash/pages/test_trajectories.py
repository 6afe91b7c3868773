"""Trajectories: every step with its screens, boxes and words, whoever wrote them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from collector.fleet.query import Query, parse
from collector.views import trajectory
from envs import actions as a
from envs.recording import reader
from tests.collector.dash.recorded import recorded
from tests.collector.test_run_graph import explored
from tests.grounding import episodes

HOSTILE = '</title><script>window.pwned=1</script><img src=x onerror="pwned=1">\u202eab'


def test_before_anything_was_recorded_the_page_says_what_to_do(served):
    with served.client() as peer:
        assert "trawl run submit" in peer.get("/trajectories").text


def test_the_newest_come_first_and_a_query_leaves_out_others(desk, served):
    recorded(desk, "ep-1", "ep-2", grounded=False)
    recorded(desk, "ep-3", grounded=False, close=False)
    with served.client() as peer:
        assert re.findall(r'data-key="(ep-\d)"', peer.get("/trajectories").text) == [
            "ep-3", "ep-2", "ep-1",
        ]  # fmt: skip
        asked = peer.get("/trajectories", params={"q": "-status:open run:run-1"}).text
        assert re.findall(r'data-key="(ep-\d)"', asked) == ["ep-2", "ep-1"]
        wrong = peer.get("/trajectories", params={"q": "colour:red"}).text
        assert "trajectories have no key" in wrong


def test_pages_go_on_where_the_last_one_ended(desk):
    recorded(desk, *(f"ep-{n}" for n in range(5)), grounded=False)
    home, seen, before = desk.settings.home, [], ""
    for _ in range(3):
        found = trajectory.listed(home, Query(), before, most=2)
        seen += [row["episode"] for row in found["rows"]]
        before = found["next"]
    assert seen == ["ep-4", "ep-3", "ep-2", "ep-1", "ep-0"]
    assert before == ""


def test_what_is_damaged_is_listed_and_hides_nothing_else(desk):
    recorded(desk, "ep-1", "ep-2", grounded=False)
    (desk.settings.home / "recordings" / "ep-2" / "log").write_bytes(b"junk" * 9)
    (desk.settings.home / "recordings" / "stray").write_bytes(b"")
    rows = trajectory.listed(desk.settings.home, parse("", trajectory.ASKABLE))["rows"]
    assert [(row["episode"], row["status"]) for row in rows] == [
        ("ep-2", "unreadable"), ("ep-1", "completed"),
    ]  # fmt: skip


def test_a_trajectory_has_each_step_with_its_screens_boxes_and_thought(desk, served):
    recorded(desk, "ep-1")
    with served.client() as peer:
        page = peer.get("/trajectories/ep-1?step=1").text
        told = trajectory.told_of(desk.settings.home, "ep-1")["steps"][1]
        assert told["thought"] in page.replace("&#34;", '"').replace("&#39;", "'")
        assert page.count('class="shot') == 2
        assert 'class="box of-widget"' in page
        assert "left out: container" in page
        assert 'data-step="1" data-of="3"' in page
        part = peer.get("/trajectories/ep-1/steps/2").text
        assert 'data-step="2"' in part
        assert "<html" not in part
        assert peer.get("/trajectories/ep-1/steps/3").status_code == 404
        assert peer.get("/trajectories/ep-9").status_code == 404


def test_a_recording_without_samples_or_steps_is_shown_as_far_as_it_goes(desk, served):
    recorded(desk, "ep-1", grounded=False, steps=())
    recorded(desk, "ep-2", grounded=False)
    with served.client() as peer:
        assert "No step was committed" in peer.get("/trajectories/ep-1").text
        assert "No samples were made of it" in peer.get("/trajectories/ep-2").text


def test_hostile_names_and_typed_text_are_text(desk, served):
    steps = ((a.Write(HOSTILE), "name"),)
    env = replace(episodes.ENV, image=HOSTILE[:60])
    recorded(desk, "ep-1", steps=steps, goal=HOSTILE, env=env, pool=HOSTILE)
    with served.client() as peer:
        for path in ("/trajectories", "/trajectories/ep-1"):
            page = peer.get(path).text
            assert "<script>window" not in page
            assert "<img src=x" not in page
            assert "\u202e" not in page


@pytest.mark.parametrize(
    "name", ["..", ".", "%2e%2e%2fetc", "..%2F..%2Fetc%2Fpasswd", "a%00b", "x" * 300]
)
def test_no_name_leads_out_of_the_recordings(desk, served, name):
    recorded(desk, "ep-1", grounded=False)
    with served.client() as peer:
        for path in (f"/trajectories/{name}", f"/trajectories/{name}/steps/0", f"/runs/{name}"):
            assert peer.get(path).status_code in {200, 303, 404}
            assert "root:" not in peer.get(path).text


def test_a_step_whose_blob_is_gone_says_so_and_the_others_are_shown(desk, served):
    recorded(desk, "ep-1", grounded=False)
    directory = desk.settings.home / "recordings" / "ep-1"
    last = reader.read(directory).steps[2].after.tree.sha256
    reader.blobs_of(directory).path(last).unlink()
    with served.client() as peer:
        broken = peer.get("/trajectories/ep-1?step=2")
        assert broken.status_code == 200
        assert "Step 3 cannot be shown" in broken.text
        assert 'data-step="1" data-of="3"' in peer.get("/trajectories/ep-1?step=1").text


def test_a_recording_of_a_stand_in_can_be_looked_at(desk, served):
    _, episode = explored(desk.settings.home)
    with served.client() as peer:
        page = peer.get(f"/trajectories/{episode}?step=3").text
        assert "stand-in" in page
        assert 'data-step="3"' in page
