"""Which picture is whose, and the pictures: for whoever is signed in, named by what is on them."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest
import simplejpeg

from collector.fleet import last_screen
from infra.store import machines
from infra.store.rows import Pool
from tests.collector.dash.screens.watching import looking


@pytest.fixture
def fleet(desk, seeded):
    """Three machines that show something and one that is not there."""
    made = seeded(machines=4, kind="fake", host="here", observed="READY")
    with looking(desk) as backends:
        for number, machine in enumerate(made[:3]):
            backends("fake").start(machine, Pool("p", "fake", "", 1, {"seed": number}))
        yield made


def test_each_machine_that_is_asked_about_has_its_picture_or_a_reason(served, fleet):
    with served.client("viewer") as viewer:
        of = [*(m.name for m in fleet), fleet[0].uuid, "nobody"]
        told = viewer.get("/screens", params={"of": of}).json()["screens"]
        assert list(told) == of
        assert "not there" in told[fleet[3].name]["failure"]
        assert told["nobody"] == {"failure": "it is gone"}
        assert told[fleet[0].uuid] == told[fleet[0].name]
        picture = viewer.get(told[fleet[0].name]["src"])
        assert "immutable" in picture.headers["cache-control"]
        assert picture.headers["content-type"] == "image/jpeg"
        size = told[fleet[0].name]["width"], told[fleet[0].name]["height"]
        assert size == (320, 200) == simplejpeg.decode_jpeg(picture.content).shape[1::-1]
        large = viewer.get("/screens", params={"of": of[:1], "width": 1280}).json()["screens"]
        assert large[of[0]]["width"] == 960, "no picture is larger than the screen"


def test_a_page_without_scripts_has_an_address_that_shows_the_machine_now(served, fleet):
    with served.client("viewer") as viewer:
        now = viewer.get(f"/machines/{fleet[1].name}/screen.jpg")
        assert (now.status_code, now.headers["cache-control"]) == (200, "no-store")
        assert viewer.get(f"/machines/{fleet[3].name}/screen.jpg").status_code == 503
        assert viewer.get("/machines/nobody/screen.jpg").status_code == 404


def test_a_machine_in_quarantine_shows_what_it_showed_last(desk, served, fleet):
    shown = np.full((400, 640, 3), (20, 90, 200), np.uint8)
    path = last_screen.path(desk.settings.home, fleet[3].uuid)
    path.parent.mkdir()
    path.write_bytes(cv2.imencode(".png", shown[:, :, ::-1])[1].tobytes())
    with served.client("viewer") as viewer:
        seen = viewer.get(f"/machines/{fleet[3].name}/screen.jpg")
        pixels = simplejpeg.decode_jpeg(seen.content).astype(int)
        assert pixels.shape == (200, 320, 3)
        assert np.abs(pixels - (20, 90, 200)).max() < 6


def test_without_a_controller_nothing_waits_and_it_is_said_why(served, seeded):
    (machine,) = seeded(machines=1)
    with served.client("viewer") as viewer:
        told = viewer.get("/screens", params={"of": machine.name}).json()["screens"]
        assert told[machine.name] == {"failure": "no controller answers"}


@pytest.mark.parametrize("address", [
    "/screens?of=m0000", f"/screens/{'a' * 64}.jpg", "/machines/m0000/screen.jpg",
])  # fmt: skip
def test_strangers_are_shown_nothing(served, address):
    with served.client(None) as stranger:
        assert stranger.get(address).status_code == 303
        assert stranger.get(address).headers["location"].startswith("/login")


@pytest.mark.parametrize(("address", "status"), [
    ("/screens", 422), ("/screens?of=m&width=3000", 400), ("/screens?width=320", 422),
    ("/screens?" + "of=m&" * 65, 422), ("/screens/../../etc/passwd.jpg", 404),
    (f"/screens/{'A' * 64}.jpg", 422), (f"/screens/{'a' * 64}.jpg", 404),
    ("/screens?of=%00%ff&of=" + "x" * 5000, 200),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_in_our_words(served, address, status):
    with served.client() as admin:
        assert admin.get(address).status_code == status


def test_rows_of_machines_are_found_by_name_or_uuid_and_gone_ones_are_not(desk, seeded):
    made = seeded(machines=3)
    with desk.store.write() as tx:
        machines.move(tx, dataclasses.replace(made[2]), "GONE", "it went", 5)
    with desk.store.read() as tx:
        names = [made[0].uuid, made[0].name, made[1].name, made[2].name, "x"]
        assert [m.name for m in machines.some(tx, names)] == [made[0].name, made[1].name]
