"""One question a moment, whoever looks; a picture is sent once and kept while it is shown."""

from __future__ import annotations

import base64
import threading

import pytest

from collector.dash.screens import wall as walls
from collector.dash.screens.wall import FORGET_S, FRESH_S, Wall
from infra.clock import FakeClock
from infra.errors import NotFound, Unavailable


class Controller:
    """Answers as the controller does, from what the test says each machine shows."""

    def __init__(self):
        self.shown, self.asked, self.up, self.slow = {}, [], True, threading.Event()
        self.slow.set()

    def ask(self, uuids, known, width):
        self.asked.append((list(uuids), dict(known)))
        self.slow.wait(10)
        if not self.up:
            raise Unavailable("no controller answers", "trawl fleet up")
        return {uuid: self.told(uuid, known.get(uuid)) for uuid in uuids if uuid in self.shown}

    def told(self, uuid, known):
        name = self.shown[uuid]
        sent = "" if name == known else base64.b64encode(b"jpeg of " + name.encode()).decode()
        return {"sha256": name, "width": 320, "height": 200, "age_s": 0.0, "jpeg": sent}


@pytest.fixture
def controller():
    return Controller()


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def wall(controller, clock):
    return Wall(controller.ask, clock)


def test_whoever_looks_within_a_moment_is_told_what_was_seen(wall, controller, clock):
    controller.shown = {"a": "x", "b": "y"}
    assert {u: s.sha256 for u, s in wall.look(["a", "b"], 320).items()} == {"a": "x", "b": "y"}
    wall.look(["b"], 320)
    assert len(controller.asked) == 1
    clock.sleep(FRESH_S + 0.1)
    wall.look(["b"], 320)
    assert controller.asked[-1] == (["b"], {"b": "y"}), "what is known is not sent again"
    assert wall.picture("y") == b"jpeg of y"
    wall.look(["b"], 1280)
    assert controller.asked[-1] == (["b"], {}), "another width is another picture"


def test_a_picture_that_fell_out_is_asked_for_again(wall, controller, clock, monkeypatch):
    monkeypatch.setattr(walls, "KEPT_BYTES", len(b"jpeg of x"))
    controller.shown = {"a": "x"}
    wall.look(["a"], 320)
    controller.shown["b"] = "y"
    wall.look(["b"], 320)
    with pytest.raises(NotFound, match="not kept"):
        wall.picture("x")
    clock.sleep(2)
    wall.look(["a"], 320)
    assert controller.asked[-1] == (["a"], {})
    assert wall.picture("x") == b"jpeg of x"


def test_without_a_controller_every_tile_says_so_and_comes_back_by_itself(wall, controller, clock):
    controller.shown, controller.up = {"a": "x"}, False
    assert wall.look(["a"], 320)["a"].failure == "no controller answers"
    controller.up = True
    clock.sleep(2)
    assert wall.look(["a", "z"], 320)["a"].sha256 == "x"
    assert wall.look(["z"], 320)["z"].failure == "it is not on this host"


def test_who_comes_while_another_waits_is_told_what_was_known(wall, controller, clock):
    controller.shown = {"a": "x"}
    wall.look(["a"], 320)
    clock.sleep(2)
    controller.slow.clear()
    waits = threading.Thread(target=wall.look, args=(["a"], 320))
    waits.start()
    while len(controller.asked) < 2:
        pass
    assert wall.look(["a"], 320)["a"].sha256 == "x"
    controller.slow.set()
    waits.join(5)
    assert len(controller.asked) == 2


def test_machines_that_nobody_looks_at_are_forgotten(wall, controller, clock):
    controller.shown = {str(n): "x" for n in range(50)}
    wall.look(list(controller.shown), 320)
    clock.sleep(FORGET_S + 1)
    wall.look(["0"], 320)
    assert len(wall._seen) == 1
