"""A wall of machines in a real browser: who is in view is asked for, and no picture twice."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import pytest

from infra.store.rows import Pool
from tests.collector.dash.screens.watching import looking

pytestmark = pytest.mark.browser
SHOWN = """() => [...document.querySelectorAll("[data-screen]")].filter(f => {
  const i = f.querySelector("img"); return i && i.complete && i.naturalWidth > 0;
}).map(f => f.dataset.screen)"""


def until(what, within_s=20):
    end = time.monotonic() + within_s
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_only_what_is_in_view_is_asked_for_and_no_picture_twice(desk, seeded, page):
    made = seeded(machines=60, kind="fake", host="here", observed="READY")
    asked, loaded = set(), []

    def note(request):
        found = urlsplit(request.url)
        asked.update(parse_qs(found.query).get("of", ()) if found.path == "/screens" else ())
        if found.path.startswith("/screens/"):
            loaded.append(found.path)

    page.on("request", note)
    with looking(desk) as backends:
        for number, machine in enumerate(made):
            settings = {"seed": number % 8, "width": 320, "height": 200}
            backends("fake").start(machine, Pool("p", "fake", "", 1, settings))
        page.set_viewport_size({"width": 900, "height": 500})
        page.goto("/machines?view=wall")
        until(lambda: len(page.evaluate(SHOWN)) >= 4)
        page.wait_for_timeout(2500)
        above = set(asked)
        assert 0 < len(above) < 40, "those below are not looked at"
        assert set(page.evaluate(SHOWN)) == above
        assert len(loaded) == len(set(loaded)), "what did not change is not loaded again"
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        last = page.locator("[data-screen]").last.get_attribute("data-screen")
        assert last not in above
        until(lambda: last in page.evaluate(SHOWN))
        assert len(loaded) == len(set(loaded)) <= 8


def test_one_that_shows_nothing_keeps_what_stands_in_its_frame(desk, seeded, page):
    (machine,) = seeded(machines=1, kind="fake", host="here", observed="READY")
    with looking(desk):
        page.goto(f"/machines/{machine.name}")
        frame = page.locator("[data-screen]")
        until(lambda: "not there" in (frame.get_attribute("title") or ""))
        assert "not there" in frame.inner_text()
        assert frame.locator("img").count() == 0
