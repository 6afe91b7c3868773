"""The console of a real desktop: what is shown is its screen, who looks changes nothing on it."""

from __future__ import annotations

import base64
import struct
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from playwright.sync_api import expect

from collector.fleet import client, service
from infra.store import events, leases, machines
from tests.collector.dash.console.viewing import console
from tests.collector.dash.serving import desk_at
from tests.collector.fleet.trawl import Trawl

pytestmark = pytest.mark.machine
FLEET = '[pools.ubuntu]\nkind = "ubuntu"\ncount = 1\n'
MENU_PX = 5_000
"""A menu changes more pixels than that, a blinking caret fewer than a tenth of it."""
CANVAS = """() => {
  const canvas = document.querySelector("#console canvas");
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let text = "";
  for (let i = 0; i < data.length; i += 32768) text += String.fromCharCode(...data.subarray(i, i + 32768));
  return [canvas.width, canvas.height, btoa(text)];
}"""


@pytest.fixture
def trawl(template):
    del template  # it must be there: forks start from it
    with TemporaryDirectory(prefix="trawl-") as home:  # short: sockets lie below it
        trawl = Trawl(Path(home), FLEET)
        trawl.up()
        yield trawl
        trawl("fleet", "down")


@pytest.fixture
def desk(trawl):
    with desk_at(trawl.home) as made:
        yield made


@pytest.fixture
def resting(desk):
    """The desktop, as it rests."""
    with desk.store.read() as tx:
        (found,) = [m for m in machines.alive(tx) if m.observed == "PARKED"]
    return found


def shown(desk, machine):
    """The screen as the hypervisor draws it."""
    told = service.ask(client.socket_path(desk.settings), "screen", machine=machine.uuid)
    pixels = np.frombuffer(base64.b64decode(told["rgb"]), np.uint8)
    return pixels.reshape(told["height"], told["width"], 3)


def changed(before, after):
    return int((before != after).any(axis=2).sum())


def menu(x=640, y=560):
    """A right click on the desktop."""
    return b"".join(struct.pack(">BBHH", 5, mask, x, y) for mask in (0, 4, 0))


def test_the_page_shows_the_very_screen_of_a_machine_that_rests(desk, resting, page):
    page.goto(f"/machines/{resting.name}/console")
    expect(page.locator("#console-state")).to_have_text("it rests", timeout=30_000)
    pixels, end = shown(desk, resting), time.monotonic() + 30
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 50
    while True:
        width, height, data = page.evaluate(CANVAS)
        canvas = np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)
        if changed(canvas[:, :, :3], pixels) == 0:
            return
        assert time.monotonic() < end


def test_who_looks_changes_nothing_and_who_works_does_and_is_recorded(desk, served, resting):
    with console(served, resting, "operator", control=True) as operator:
        assert operator.greet().size == (1280, 800)
        with console(served, resting, "viewer") as viewer:
            viewer.greet()
            time.sleep(2)
            before = shown(desk, resting)
            for _ in range(3):
                viewer.send(menu())
                viewer.send(struct.pack(">BBxxI", 4, 1, 0xFF67))  # the menu's own key
                viewer.send(struct.pack(">BBxxI", 4, 0, 0xFF67))
                time.sleep(1)
            looked = changed(before, shown(desk, resting))
            assert looked < MENU_PX / 10
            operator.send(menu())
            end = time.monotonic() + 30
            while changed(before, shown(desk, resting)) < MENU_PX:
                assert time.monotonic() < end, "the menu did not open"
                time.sleep(0.2)
    end = time.monotonic() + 60
    while not replaced(desk, resting):
        assert time.monotonic() < end
        time.sleep(0.2)
    with desk.store.read() as tx:
        (said,) = events.after(tx, 0, subject=resting.uuid, kind="machine.intervention")
        assert leases.live(tx) == []
    assert (said.payload["who"], said.payload["inputs"]) == ("the operator", 3)


def replaced(desk, machine):
    with desk.store.read() as tx:
        return machines.get(tx, machine.uuid).observed == "GONE"
