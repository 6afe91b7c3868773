"""The console as people see it: noVNC in a real browser, over the real server."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from collector.dash.app import STATIC
from infra.store import leases, machines
from tests.collector.dash.console.showing import HEIGHT, WIDTH, controlling
from tests.collector.dash.looking import barriers, too_wide

NOVNC = "25650db455"
PIXEL = (
    "document.querySelector('#console canvas').getContext('2d').getImageData(5, 5, 1, 1).data[0]"
)


@pytest.fixture
def machine(desk, seeded):
    """A resting desktop, its controller's socket before it."""
    (made,) = seeded(machines=1, kind="ubuntu", host="here", observed="PARKED")
    with controlling(desk) as backend:
        yield made, backend


def at(page, words):
    expect(page.locator("#console-state")).to_have_text(words, timeout=20_000)


def until(what, within_s=10):
    end = time.monotonic() + within_s
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.browser
def test_a_person_looks_takes_control_presses_a_key_and_gives_it_back(desk, page, machine):
    made, backend = machine
    page.goto(f"/machines/{made.name}/console")
    at(page, "it rests")
    assert page.evaluate("(c => [c.width, c.height])(document.querySelector('#console canvas'))") == [
        WIDTH, HEIGHT]  # fmt: skip
    screen = backend.screens[made.uuid]
    until(lambda: page.evaluate(PIXEL) == screen.colour)
    page.locator("#console canvas").click()
    page.keyboard.press("a")
    assert not {4, 5, 255} & set(screen.kinds()), "the page does not even send it"

    page.get_by_role("button", name="Take control").click()
    at(page, "you work on it")
    with desk.store.read() as tx:
        assert [lease.holder for lease in leases.live(tx)] == ["person the admin"]
    page.locator("#console canvas").click()
    page.keyboard.press("a")
    until(lambda: {4, 5} <= set(screen.kinds()))
    page.keyboard.press("Control+Alt+Escape")
    assert page.evaluate("document.activeElement.id") == "control"

    page.get_by_role("button", name="Give it back").click()
    at(page, "it rests")
    with desk.store.read() as tx:
        assert leases.live(tx) == []
        assert machines.get(tx, made.uuid).observed == "DIRTY"


@pytest.mark.browser
def test_why_a_console_ended_is_said_and_it_is_opened_again(page, machine):
    made, backend = machine
    page.goto(f"/machines/{made.name}/console")
    at(page, "it rests")
    backend.screens.pop(made.uuid).close()
    at(page, "the machine shows nothing any more")
    page.get_by_role("button", name="Connect again").click()
    at(page, "it rests")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_anybodys_way(page, machine, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"/machines/{machine[0].name}/console")
    at(page, "it rests")
    assert barriers(page) == []
    assert too_wide(page) == []


def test_the_viewer_is_the_one_that_was_published_to_the_byte():
    place = STATIC / "novnc"
    tree = hashlib.sha256()
    for path in sorted(p for p in place.rglob("*") if p.is_file() and p != place / "README.md"):
        tree.update(f"{path.relative_to(place)} {_sha256(path)}\n".encode())
    assert tree.hexdigest()[:10] == NOVNC
    assert "MPL" in (place / "LICENSE.txt").read_text(encoding="utf-8")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
