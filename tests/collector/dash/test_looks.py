"""Every page in a real browser: quiet, within its window, without barriers, in both themes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from infra.store import events
from infra.store.rows import Machine
from tests.collector.dash.looking import (
    HOSTILE,
    PAGES,
    barriers,
    longest_task_ms,
    of_machine,
    overflow_px,
    too_wide,
)
from tests.collector.dash.serving import Served

pytestmark = pytest.mark.browser
Seeded = Callable[..., list[Machine]]


def open_at(page: Any, path: str) -> None:
    """Go there, and let what it loads settle; a stream never ends, so the network is never idle."""
    page.goto(path, wait_until="load")
    page.wait_for_timeout(100)


@pytest.mark.parametrize("count", [0, 1, 200])
def test_every_page_is_quiet_and_fits_its_window(page: Any, seeded: Seeded, count: int) -> None:
    made = seeded(machines=count, events=300) if count else []
    wide = []
    for path in (*PAGES, "/machines?view=wall", *(of_machine(m.name) for m in made[:1])):
        open_at(page, path)
        wide += [(path, width, by_px) for width, by_px in too_wide(page)]
    assert wide == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_stands_in_anybodys_way(page: Any, seeded: Seeded, theme: str) -> None:
    made = seeded(machines=13, events=40)
    page.emulate_media(color_scheme=theme)
    found = []
    for path in (*PAGES, "/machines?view=wall", of_machine(made[0].name)):
        open_at(page, path)
        found += barriers(page)
    assert found == []


def test_an_empty_desk_stands_in_nobodys_way(page: Any) -> None:
    found = []
    for path in PAGES:
        open_at(page, path)
        found += barriers(page)
    assert found == []


@pytest.mark.parametrize("sort", HOSTILE)
def test_what_guests_call_things_is_text_on_every_page(
    page: Any, served: Served, seeded: Seeded, sort: str
) -> None:
    text, read = HOSTILE[sort]
    made = seeded(machines=1, events=3, name=text, pool=text, image=text, host=text, reason=text,
                  kind=text, observed="QUARANTINED")  # fmt: skip
    with served.desk.store.write() as tx:
        for kind in ("machine.state", "run.submitted", "episode.ended", "host.joined", text):
            events.add(tx, served.desk.clock.now_ns(), kind, text, text, state=text, status=text)
    for path in (*PAGES, "/machines?view=wall", of_machine(made[0].uuid), "/events?most=5000"):
        open_at(page, path)
        assert page.evaluate("window.pwned === undefined"), path
        assert overflow_px(page) <= 0, path
    open_at(page, "/events")
    assert read in page.inner_text("main")
    assert not set("\u202e\u2066\x1b\x07\u200b") & set(page.inner_text("body"))


def test_five_thousand_events_hold_the_page_for_no_tenth_of_a_second(
    page: Any, seeded: Seeded
) -> None:
    seeded(machines=20, events=5_000)
    open_at(page, "/events?most=5000")
    assert page.locator(".happened li").count() == 5_000

    def scroll() -> None:
        for _ in range(20):
            page.mouse.wheel(0, 3_000)
            page.wait_for_timeout(30)

    assert longest_task_ms(page, scroll) < 100


def test_the_theme_is_chosen_kept_and_given_back_to_the_system(page: Any) -> None:
    page.emulate_media(color_scheme="light")
    open_at(page, "/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.click("#theme")
    page.click("#theme")
    dark = page.evaluate(ground)
    assert dark != light
    page.reload()
    assert page.evaluate(ground) == dark
    page.click("#theme")
    page.reload()
    assert page.evaluate(ground) == light


def test_a_page_is_whole_without_its_scripts(driven: Any, served: Served, seeded: Seeded) -> None:
    seeded(machines=5, events=5)
    context = driven.new_context(base_url=served.url, java_script_enabled=False)
    name, value = served.session()
    context.add_cookies([{"name": name, "value": value, "url": served.url}])
    tab = context.new_page()
    tab.goto("/machines")
    tab.check('input[value="m0000"]')
    tab.fill('input[name="reason"]', "it is slow")
    tab.click('button[value="drain"]')
    assert "1 machine to get nothing new" in tab.inner_text("main")
    tab.click("th >> text=m0000")
    assert "audit.machine.drain" in tab.inner_text("main")
    context.close()


def test_a_keyboard_leads_from_the_fleet_to_a_console_and_back(page: Any, seeded: Seeded) -> None:
    seeded(machines=3, observed="BUSY")
    open_at(page, "/")
    focused = "document.activeElement.textContent.trim()"

    def tab_to(text: str, most: int = 60) -> None:
        for _ in range(most):
            page.keyboard.press("Tab")
            if page.evaluate(focused) == text:
                ring = "getComputedStyle(document.activeElement).outlineStyle"
                assert page.evaluate(ring) != "none", text
                return
        raise AssertionError(f"no {text!r} within {most} presses")

    tab_to("Skip to the content", 1)
    tab_to("Machines")
    page.keyboard.press("Enter")
    page.wait_for_url("**/machines")
    page.keyboard.press("/")
    page.keyboard.type("name:m0001")
    page.keyboard.press("Enter")
    page.wait_for_url("**/machines?q=*")
    tab_to("m0001")
    page.keyboard.press("Enter")
    page.wait_for_url("**/machines/m0001")
    tab_to("Console")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/machines/m0001/console"
    page.go_back()
    page.wait_for_url("**/machines?q=*")
