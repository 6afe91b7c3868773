"""Judging over a real server and in a real browser: by keys, undone, and never lost."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from collector.dash.annotation.grounding import Boxes
from infra.store import verdicts
from tests.collector.dash.looking import barriers, too_wide
from tests.collector.dash.recorded import recorded


@pytest.fixture
def subjects(desk):
    recorded(desk, "ep-1", "ep-2")
    return Boxes().subjects(desk.settings.home)


def given(desk, who=None):
    with desk.store.read() as tx:
        return [(v.subject, v.answer) for v in verdicts.listed(tx, "grounding", who)]


def post(client, subject, answer="right", **more):
    data = {"subject": subject, "answer": answer, **more}
    return client.post("/annotate/grounding", data=data)


def test_a_form_keeps_a_verdict_and_shows_the_next_card(desk, served, subjects):
    with served.client("annotator") as judge:
        page = judge.get("/annotate/grounding", headers={"Accept": "text/html"}).text
        assert page.count('class="question"') == min(3, len(subjects))
        answer = post(judge, subjects[0], "wrong_box", note=" too wide ", took_ms=700)
        assert (answer.status_code, answer.headers["location"]) == (303, "/annotate/grounding")
        with desk.store.read() as tx:
            (kept,) = verdicts.listed(tx, "grounding")
        assert (kept.who, kept.answer, kept.note, kept.took_ms) == (
            "the annotator", "wrong_box", "too wide", 700)  # fmt: skip
        assert subjects[0] not in judge.get("/annotate/grounding").text


def test_the_last_verdict_is_taken_back_and_its_card_comes_again(desk, served, subjects):
    with served.client("annotator") as judge, served.client("admin") as other:
        post(judge, subjects[0])
        post(other, subjects[1], "wrong_name")
        post(judge, subjects[2], "unclear")
        back = judge.post("/annotate/grounding/undo")
        assert back.status_code == 303
        page = judge.get(back.headers["location"]).text
        assert re.findall(r'class="question".*data-subject="(.*?)"', page)[0] == subjects[2]
        assert given(desk) == [(subjects[0], "right"), (subjects[1], "wrong_name")]
        for _ in range(2):
            judge.post("/annotate/grounding/undo")
        assert given(desk) == [(subjects[1], "wrong_name")], "nobody takes another's back"


def test_the_same_answer_sent_again_is_one_answer(desk, served, subjects):
    with served.client("annotator") as judge:
        for _ in range(3):
            said = judge.post(
                "/annotate/grounding", data={"subject": subjects[0], "answer": "right"},
                headers={"Accept": "application/json"},
            )  # fmt: skip
            assert said.json() == {"subject": subjects[0], "done": 1}
    assert given(desk) == [(subjects[0], "right")]


@pytest.mark.parametrize(("subject", "answer", "more", "status"), [
    ("ep-9#x", "right", {}, 404), (None, "splendid", {}, 400), (None, "right", {"took_ms": -1}, 422),
    (None, "right", {"note": "x" * 501}, 422), ("x" * 401, "right", {}, 422),
])  # fmt: skip
def test_what_is_no_verdict_is_refused(desk, served, subjects, subject, answer, more, status):
    with served.client("annotator") as judge:
        assert post(judge, subject or subjects[0], answer, **more).status_code == status
        assert judge.get("/annotate/nothing").status_code == 404
    assert given(desk) == []


@pytest.mark.parametrize("line", ["{}", "[]", "1", '{"id": "ep-1", "elements": [{}]}', "{"])
def test_a_damaged_file_of_samples_is_said_to_be(desk, served, subjects, line):
    path = desk.settings.home / "samples" / "agent" / "grounding.jsonl"
    path.write_text(f"{line}\n")
    with served.client("annotator") as judge:
        for page in ("/annotate", "/annotate/grounding", "/grounding"):
            refused = judge.get(page)
            assert (refused.status_code, refused.json()["error"]["kind"]) == (500, "corrupt")
            assert "build" in refused.json()["error"]["hint"]


def test_who_may_only_look_sees_how_far_it_is_and_judges_nothing(desk, served, subjects):
    with served.client("viewer") as viewer:
        assert "Judging takes the role annotator" in viewer.get("/annotate").text
        assert viewer.get("/annotate/grounding").status_code == 403
        assert post(viewer, subjects[0]).status_code == 403
        assert viewer.post("/annotate/grounding/undo").status_code == 403
    assert given(desk) == []


def test_a_queue_without_subjects_says_what_makes_some(served):
    with served.client("annotator") as judge:
        for address in ("/annotate", "/annotate/grounding"):
            assert "trawl ground build" in judge.get(address).text


def test_how_far_people_agree_is_shown(desk, served, subjects):
    with served.client("annotator") as one, served.client("operator") as other:
        for n, subject in enumerate(subjects[:6]):
            post(one, subject, "right" if n else "wrong_box")
            post(other, subject, "right" if n else "wrong_box")
        shown = one.get("/annotate").text
    assert "1.00" in shown
    assert "over 6 subjects" in shown
    assert "the operator" in shown


def until(what, within_s=15):
    end = time.monotonic() + within_s
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def first(page):
    return page.locator(".question").first.get_attribute("data-subject")


@pytest.mark.browser
def test_a_person_judges_by_keys_and_takes_back(desk, page, subjects):
    page.goto("/annotate/grounding")
    asked = []
    for key in "1234":
        asked.append(first(page))
        page.keyboard.press(key)
        until(lambda: first(page) != asked[-1])
    words = ["right", "wrong_box", "wrong_name", "unclear"]
    until(lambda: given(desk) == list(zip(asked, words, strict=True)))
    expect(page.locator("#done")).to_have_text("4")
    page.keyboard.press("z")
    until(lambda: first(page) == asked[3])
    assert [s for s, _ in given(desk)] == asked[:3]
    page.keyboard.press("w")
    page.keyboard.type("1 is part of the word")
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    until(lambda: len(given(desk)) == 4)
    with desk.store.read() as tx:
        last = verdicts.listed(tx, "grounding")[-1]
    assert (last.subject, last.note) == (asked[3], "1 is part of the word")
    assert 0 < last.took_ms < 60_000


@pytest.mark.browser
def test_nothing_is_lost_while_the_server_is_away_and_the_page_is_left(
    desk, page, subjects, complaints
):
    page.goto("/annotate/grounding")
    page.context.set_offline(True)
    asked = []
    for _ in range(2):
        asked.append(first(page))
        page.keyboard.press("1")
    expect(page.locator("#waits")).to_have_text("2 not sent yet")
    assert given(desk) == []
    page.context.set_offline(False)
    page.goto("/annotate/grounding")
    until(lambda: sorted(given(desk)) == sorted((s, "right") for s in asked))
    expect(page.locator("#waits")).to_have_text("")
    shown = page.locator(".question").evaluate_all("all => all.map(f => f.dataset.subject)")
    assert not set(asked) & set(shown)
    complaints[:] = [said for said in complaints if "ERR_INTERNET_DISCONNECTED" not in said]


@pytest.mark.browser
def test_what_was_sent_while_the_next_page_was_on_its_way_is_not_asked_again(desk, page, subjects):
    page.goto("/annotate/grounding")
    asked = first(page)

    def late(route):
        written = route.fetch()
        until(lambda: given(desk))
        time.sleep(0.5)  # until the page before has heard that it was kept
        route.fulfill(response=written)

    page.route("**/*late*", late)
    page.evaluate("setTimeout(() => document.querySelector('[data-key=\"1\"]').click(), 500)")
    page.goto("/annotate/grounding?late")
    assert given(desk) == [(asked, "right")]
    expect(page.locator(f'[data-subject="{asked}"]')).to_have_count(0)
    assert page.locator(".question").count() > 0


@pytest.mark.browser
def test_the_queue_ends_with_a_word_and_every_card_is_asked_once(desk, page, subjects):
    page.goto("/annotate/grounding")
    for _ in subjects:
        until(lambda: page.locator(".question").count() > 0)
        before = first(page)
        page.keyboard.press("1")
        until(lambda b=before: page.locator(".question").count() == 0 or first(page) != b)
    expect(page.locator("#over")).to_be_visible()
    until(lambda: len(given(desk)) == len(subjects))
    assert {s for s, _ in given(desk)} == set(subjects)


@pytest.mark.browser
def test_the_box_is_drawn_around_the_element_and_can_be_hidden(page, subjects):
    page.goto("/annotate/grounding")
    box = page.locator(".question").first.locator("rect.around")
    expect(box).to_be_visible()
    size = page.locator(".question image").first.evaluate(
        "async i => { const p = new Image(); p.src = i.href.baseVal; await p.decode();"
        " return [p.naturalWidth, p.naturalHeight, i.width.baseVal.value, i.height.baseVal.value]; }"
    )
    assert size[:2] == size[2:], "the picture is not stretched"
    page.keyboard.press("b")
    expect(box).to_be_hidden()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_anybodys_way(page, subjects, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto("/annotate/grounding")
    expect(page.locator(".question image").first).to_be_visible()
    assert barriers(page) == []
    assert too_wide(page) == []
