"""Many small pictures in one answer: what did not change is neither encoded nor sent again."""

from __future__ import annotations

import base64
import dataclasses
import threading

import numpy as np
import pytest
import simplejpeg
from hypothesis import given
from hypothesis import strategies as st

from collector.fleet.backends import Backends
from collector.fleet.thumbnails import FAILED_S, RESTING_S, WITHIN_S, Thumbnails, _mark
from collector.pictures import shrunk
from infra.clock import FakeClock, SystemClock
from infra.errors import InfraLost
from infra.limits import SCREEN_PIXELS
from infra.store.rows import Machine


class Showing:
    """A backend whose machines show what the test says; one named `hang` answers when it is let."""

    def __init__(self):
        self.shown, self.looks, self.let = {}, [], threading.Event()

    def screen(self, uuid):
        self.looks.append(uuid)
        if uuid.startswith("hang"):
            self.let.wait(30)
        if uuid not in self.shown:
            raise InfraLost(f"machine {uuid} is not there")
        return self.shown[uuid]

    def close(self):
        self.let.set()


def machine(uuid, observed="BUSY", since_ns=1):
    return Machine(uuid, uuid, "p", "k", "", "RUNNING", observed, "", since_ns, None, 1, 1, 1, 0)


def screen(shade, height=800, width=1280):
    return np.full((height, width, 3), shade, np.uint8)


class Wall:
    def __init__(self, clock):
        self.clock, self.showing = clock, Showing()
        self.backends = Backends(lambda kind: self.showing)
        self.thumbnails = Thumbnails(self.backends, clock)

    def look(self, *machines, known=(), width=320):
        return self.thumbnails.of(machines, dict(known), width)


@pytest.fixture
def wall():
    wall = Wall(FakeClock())
    yield wall
    wall.backends.close()
    wall.thumbnails.close()


def test_a_picture_is_small_and_shows_what_the_machine_does(wall):
    pixels = screen(10)
    pixels[:, 640:] = (200, 30, 60)
    wall.showing.shown["a"] = pixels
    seen = wall.look(machine("a"))["a"]
    small = simplejpeg.decode_jpeg(base64.b64decode(seen["jpeg"]), "RGB")
    assert (seen["width"], seen["height"]) == (320, 200) == small.shape[1::-1]
    assert np.abs(small[:, 165:].astype(int) - (200, 30, 60)).max() < 6
    assert np.abs(small[:, :155].astype(int) - 10).max() < 6
    assert wall.look(machine("a"), width=1280)["a"]["width"] == 1280


def test_what_did_not_change_is_neither_encoded_nor_sent_again(wall):
    uuids = [f"m{n}" for n in range(12)]
    wall.showing.shown = {uuid: screen(n * 9) for n, uuid in enumerate(uuids)}
    first = wall.look(*map(machine, uuids))
    known = {uuid: one["sha256"] for uuid, one in first.items()}
    assert wall.thumbnails.encoded == 12
    wall.showing.shown["m3"] = screen(255)
    wall.clock.sleep(1)
    second = wall.look(*map(machine, uuids), known=known)
    assert wall.thumbnails.encoded == 13
    assert [uuid for uuid, one in second.items() if one["jpeg"]] == ["m3"]
    assert all(second[u]["sha256"] == known[u] for u in uuids if u != "m3")


@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_any_change_of_any_pixel_is_seen(width, height, data):
    before = np.zeros((height, width, 3), np.uint8)
    after = before.copy()
    at = data.draw(st.integers(0, after.size - 1))
    after.reshape(-1)[at] = data.draw(st.integers(1, 255))
    assert _mark(before) != _mark(after)
    assert _mark(before) == _mark(before[::1].copy())


def test_a_resting_machine_is_looked_at_once_until_it_wakes(wall):
    wall.showing.shown["a"] = screen(1)
    rests = machine("a", "PARKED")
    for _ in range(5):
        wall.look(rests)
        wall.clock.sleep(1)
    assert wall.showing.looks == ["a"]
    wall.look(dataclasses.replace(rests, observed="BUSY", since_ns=9))
    wall.look(dataclasses.replace(rests, since_ns=10))
    assert wall.showing.looks == ["a"] * 3, "once while it worked, once when it rested again"
    wall.clock.sleep(RESTING_S)
    wall.look(dataclasses.replace(rests, since_ns=10))
    assert wall.showing.looks == ["a"] * 4


def test_one_that_shows_nothing_says_why_and_is_left_alone_for_a_moment(wall):
    for _ in range(3):
        assert "not there" in wall.look(machine("gone"))["gone"]["failure"]
    assert wall.showing.looks == ["gone"]
    wall.clock.sleep(FAILED_S)
    wall.showing.shown["gone"] = screen(5)
    assert wall.look(machine("gone"))["gone"]["jpeg"]


def test_a_screen_larger_than_any_is_no_picture(wall):
    side = int(SCREEN_PIXELS**0.5) + 1
    wall.showing.shown["a"] = np.broadcast_to(np.zeros(3, np.uint8), (side, side, 3))
    assert f"a screen of {side} by {side}" in wall.look(machine("a"))["a"]["failure"]


def test_one_that_hangs_holds_nobody_else_up_and_costs_one_look(wall):
    wall.showing.shown = {"a": screen(1), "hang": screen(2)}
    clock = SystemClock()
    for most_s in (WITHIN_S + 1, 1):
        before_s = clock.monotonic_s()
        seen = wall.look(machine("hang"), machine("a"))
        assert clock.monotonic_s() - before_s < most_s, "who is late is waited for once"
        assert seen["a"]["jpeg"]
        assert "not shown anything" in seen["hang"]["failure"]
        wall.clock.sleep(WITHIN_S)
    assert wall.showing.looks.count("hang") == 1
    wall.showing.let.set()
    while "jpeg" not in wall.look(machine("hang"))["hang"]:
        clock.sleep(0.01)


def test_a_screen_is_shrunk_by_the_mean_and_a_small_one_is_left_as_it_is():
    checkers = np.indices((8, 8)).sum(0) % 2 * 255
    pixels = np.repeat(checkers[..., None], 3, 2).astype(np.uint8)
    assert set(shrunk(pixels, 4).ravel().tolist()) <= {127, 128}
    assert (shrunk(pixels, 320) == pixels).all()
