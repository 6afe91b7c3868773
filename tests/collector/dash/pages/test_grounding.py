"""Grounding: elements by name, icons by name and look, in answers of a bounded size."""

from __future__ import annotations

import json

import pytest

from collector.views import finding
from grounding.icons.build import build as build_icons
from grounding.precision import report
from infra.errors import NotFound, UsageError
from infra.progress import Silent
from tests.collector.dash.recorded import recorded
from tests.grounding.icons.test_build import files

EXTRA = ["", "/icons", "/kept", "/precision"]


@pytest.fixture
def home(desk):
    recorded(desk, "ep-1")
    return desk.settings.home


@pytest.fixture
def table(desk, home):
    build_icons(home, lambda: [files()], 1, Silent())
    return home


@pytest.mark.parametrize("path", EXTRA)
def test_before_a_build_each_page_says_what_to_do(served, path):
    with served.client() as peer:
        answer = peer.get(f"/grounding{path}")
        assert answer.status_code == 200
        assert "trawl ground" in answer.text


def test_elements_are_found_by_words_of_their_name_and_role(home, served):
    found = finding.elements(home, "save BUTTON", "", "")
    assert [(row["name"], row["times"]) for row in found.rows] == [("Save", 4)]
    assert finding.elements(home, "save", "widget", "").rows == []
    with served.client() as peer:
        page = peer.get("/grounding", params={"q": "save"}).text
        crop = page.partition('src="/pictures/crops/')[2].partition('"')[0]
        assert peer.get(f"/pictures/crops/{crop}").status_code == 200
        assert 'href="/trajectories/ep-1?step=0#step=0"' in page
        assert "No element is called that" in peer.get("/grounding?q=zzz").text


def test_answers_go_on_where_the_last_one_ended(home):
    names, place = [], ""
    for _ in range(9):
        found = finding.elements(home, "", "", place, most=2)
        names += [row["name"] or row["id"] for row in found.rows]
        if not (place := found.next):
            break
    assert set(names) == {
        row["name"] or row["id"] for row in finding.elements(home, "", "", "").rows
    }
    assert place == ""


def test_a_place_behind_the_end_is_the_end(home, table, served):
    with served.client() as peer:
        for path in ("/grounding", "/grounding/icons"):
            assert peer.get(f"{path}?place=999999999999999.9").status_code == 200


def test_no_more_is_read_for_one_answer_than_its_bound(home, monkeypatch):
    path = home / "samples" / "agent" / "grounding.jsonl"
    whole = path.read_bytes()
    monkeypatch.setattr(finding, "READ_BYTES", len(whole) // 2)
    seen, place, answers = 0, "", 0
    while True:
        found = finding.elements(home, "nowhere", "", place)
        seen, answers = seen + len(found.rows), answers + 1
        if not (place := found.next):
            break
    assert (seen, answers > 1) == (0, True)


@pytest.mark.parametrize("place", ["1.0", "7.3", "999999999.1", "-1.0", "x"])
def test_a_place_that_was_made_up_is_read_from_the_next_line(home, place):
    assert isinstance(finding.elements(home, "", "", place).rows, list)


def test_icons_are_found_by_meaning_and_by_look(table, served):
    rows = finding.icons(table, "", "").rows
    assert rows
    one = rows[0]
    near = finding.alike(table, one["looks"][0])
    assert near[0]["id"] == one["id"]
    assert near[0]["apart"] == 0
    assert finding.icon(table, one["id"])["id"] == one["id"]
    with served.client() as peer:
        assert one["id"] in peer.get("/grounding/icons").text
        page = peer.get(f"/grounding/icons/{one['id']}").text
        picture = page.partition('src="/pictures/icons/')[2].partition('"')[0]
        assert peer.get(f"/pictures/icons/{picture}").headers["content-type"] == "image/webp"
        assert peer.get("/grounding/icons", params={"look": one["looks"][0]}).status_code == 200
        assert peer.get("/grounding/icons", params={"look": "zz"}).status_code == 400
        assert peer.get("/grounding/icons/icon-0").status_code == 404
        assert peer.get("/grounding/like/ep-1-0000/save").status_code == 200


def test_what_an_element_looks_like_is_asked_of_kept_ones_alone(home):
    with pytest.raises(NotFound):
        finding.look_of(home, "ep-1-0000", "win")
    with pytest.raises(NotFound):
        finding.look_of(home, "ep-9-0000", "save")
    with pytest.raises(UsageError):
        finding.elements(home, "a " * 9, "", "")


def test_the_precision_report_is_shown_as_it_was_written(home, served):
    side = {"share": 0.75, "count": 4, "silent": 0}
    programs = [{"program": "<b>x</b>", "share": 0.5, "count": 4, "toolkit": "gtk"}]
    measure = {"before": {"share": 0.5}, "after": side, "programs": programs}
    report.write(home, 7, {"presses": measure, "pages": None, "ocr": None})
    with served.client() as peer:
        page = peer.get("/grounding/precision").text
        assert "75.0 %" in page
        assert "&lt;b&gt;x&lt;/b&gt;" in page
        assert json.dumps(side)[:5] not in page
