"""A console over a real server: what view-only means, who may work, what ends it, what it leaves."""

from __future__ import annotations

import contextlib
import struct
import time

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from collector.dash.console import consoles as rules
from collector.dash.console.consoles import BUSY, HOSTILE, LEFT, LOST, REFUSED
from collector.dash.console.seats import CONSOLES, VIEWERS
from infra.store import events, leases, machines
from tests.collector.dash.console.showing import controlling
from tests.collector.dash.console.viewing import Viewer, console, opened, ticket

KEY, POINTER = struct.pack(">BBxxI", 4, 1, 0x61), struct.pack(">BBHH", 5, 1, 3, 4)
CUT = struct.pack(">BxxxI", 6, 3) + b"abc"
QEMU_KEY = struct.pack(">BBHII", 255, 0, 1, 0x61, 30)


@pytest.fixture
def fleet(desk, seeded):
    """Three resting desktops, a busy one and a browser, with their controller."""
    made = seeded(machines=3, kind="ubuntu", host="here", observed="PARKED")
    with controlling(desk) as backend:
        yield made, backend


def until(what, within_s=10):
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if what():
            return
        time.sleep(0.02)
    pytest.fail("it did not come to that")


def test_who_looks_sees_and_presses_nothing_whatever_their_program_sends(served, fleet):
    (machine, *_), backend = fleet
    with console(served, machine, "viewer") as viewer:
        before = viewer.greet().colour()
        for said in (KEY, POINTER, CUT, QEMU_KEY, KEY + POINTER):
            for byte in said:  # cut as small as it can be
                viewer.send(bytes([byte]))
            viewer.send(said)
        assert viewer.colour() == before
        assert set(backend.screens[machine.uuid].kinds()) == {3}


def test_an_operator_takes_control_and_it_is_recorded_from_its_begin_to_its_end(
    desk, served, fleet
):
    (machine, *_), backend = fleet
    with console(served, machine, "operator", control=True) as operator:
        before = operator.greet().colour()
        operator.send(KEY + POINTER)
        assert operator.colour() != before
        with desk.store.read() as tx:
            (lease,) = leases.live(tx)
            assert (lease.machine, lease.holder) == (machine.uuid, "person the operator")
            assert machines.get(tx, machine.uuid).observed == "BUSY"
            (noted,) = events.after(tx, 0, subject=machine.uuid, kind="audit.console")
        assert (noted.payload["by"], noted.payload["lease"]) == ("the operator", lease.id)
    until(lambda: state(desk, machine) == "DIRTY")
    with desk.store.read() as tx:
        (said,) = events.after(tx, 0, subject=machine.uuid, kind="machine.intervention")
        assert leases.live(tx) == []
    assert (said.payload["who"], said.payload["inputs"]) == ("the operator", 2)
    assert backend.screens[machine.uuid].kinds()[:3] == [3, 4, 5]


def state(desk, machine):
    with desk.store.read() as tx:
        return machines.get(tx, machine.uuid).observed


@pytest.mark.parametrize("role", ["viewer", "annotator"])
def test_who_is_no_operator_gets_no_ticket_to_work_with(served, fleet, role):
    (machine, *_), _ = fleet
    refused = ticket(served, machine, role, control=True)
    assert (refused.status_code, refused.json()["error"]["kind"]) == (403, "denied")


def test_a_ticket_opens_once_and_only_for_whom_it_was_given(served, fleet):
    (machine, *_), _ = fleet
    address = ticket(served, machine).json()["address"]
    with opened(served, address, "viewer") as stranger:
        assert Viewer(stranger).closed()[0] == REFUSED
    address = ticket(served, machine).json()["address"]
    with opened(served, address) as first:
        Viewer(first).greet()
        with opened(served, address) as second:
            code, why = Viewer(second).closed()
        assert (code, "used" in why) == (REFUSED, True)
    for address in ("/console", "/console?ticket=", "/console?ticket=" + "x" * 500):
        with opened(served, address) as nothing:
            assert Viewer(nothing).closed()[0] == REFUSED


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null"])
def test_a_page_of_another_site_opens_no_console(served, fleet, origin):
    (machine, *_), _ = fleet
    address = ticket(served, machine).json()["address"]
    with pytest.raises(InvalidStatus) as refused:
        opened(served, address, origin=origin)
    assert refused.value.response.status_code == 403


def test_without_a_session_a_ticket_is_worth_nothing(served, fleet):
    (machine, *_), _ = fleet
    address = ticket(served, machine).json()["address"]
    with pytest.raises(InvalidStatus):
        connect(f"ws{served.url[4:]}{address}", origin=served.url, proxy=None)


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\n\r\n", b"RFB 003.008\n\x02", "text"])
def test_what_no_viewer_says_ends_it(served, fleet, said):
    (machine, *_), backend = fleet
    with console(served, machine) as viewer:
        viewer.send(said)
        assert viewer.closed()[0] == HOSTILE
    assert backend.screens[machine.uuid].heard == []


def test_four_look_one_works_and_a_fifth_is_told_why_not(served, fleet):
    (machine, other, _), _ = fleet
    with contextlib.ExitStack() as held:
        for _ in range(VIEWERS):
            held.enter_context(console(served, machine, "viewer")).greet()
        with console(served, machine, "viewer") as fifth:
            code, why = fifth.closed()
            assert (code, "look at this machine" in why) == (BUSY, True)
        held.enter_context(console(served, machine, "operator", control=True)).greet()
        with console(served, machine, "admin", control=True) as second:
            assert second.closed()[0] == BUSY
        for _ in range(CONSOLES - VIEWERS):
            held.enter_context(console(served, other, "viewer")).greet()
        with console(served, other, "viewer") as ninth:
            assert "consoles open" in ninth.closed()[1]


def test_a_machine_at_work_is_looked_at_and_not_taken(desk, served, fleet):
    (machine, *_), _ = fleet
    with desk.store.write() as tx:
        machines.move(tx, machine, "BUSY", "ep-1", desk.clock.now_ns())
    with console(served, machine, control=True) as refused:
        code, why = refused.closed()
        assert (code, "BUSY: ep-1" in why) == (BUSY, True)
    with console(served, machine) as viewer:
        viewer.greet()


def test_one_that_does_not_wake_says_so_and_keeps_no_lease(desk, served, fleet):
    (machine, *_), backend = fleet
    backend.wakes = False
    with console(served, machine, control=True) as refused:
        assert refused.closed() == (LOST, f"{machine.name} does not answer")
    with desk.store.read() as tx:
        assert leases.live(tx) == []


def test_a_machine_that_goes_takes_its_console_along(served, fleet):
    (machine, *_), backend = fleet
    with console(served, machine) as viewer:
        viewer.greet()
        backend.screens[machine.uuid].close()
        assert viewer.closed() == (LEFT, "the machine shows nothing any more")


def test_a_session_that_ends_ends_its_consoles(served, fleet, monkeypatch):
    monkeypatch.setattr(rules, "WATCH_S", 0.1)
    (machine, *_), _ = fleet
    with console(served, machine, "operator", control=True) as operator:
        operator.greet()
        served.app.state.keeper.tokens.remove("the operator")
        assert operator.closed()[0] == REFUSED


def test_a_lease_that_was_taken_away_ends_the_work(desk, served, fleet, monkeypatch):
    monkeypatch.setattr(rules, "WATCH_S", 0.1)
    monkeypatch.setattr(rules, "KEEP_S", 0.1)
    (machine, *_), _ = fleet
    with console(served, machine, control=True) as operator:
        operator.greet()
        with desk.store.write() as tx:
            leases.release(tx, machine.uuid, 5, "the reconciler said so")
        code, why = operator.closed()
        assert (code, "has ended" in why) == (BUSY, True)


def test_a_console_with_which_nobody_works_is_closed(served, fleet, monkeypatch):
    monkeypatch.setattr(rules, "WATCH_S", 0.1)
    monkeypatch.setattr(rules, "IDLE_S", 0.5)
    (machine, other, _), _ = fleet
    with console(served, machine, control=True) as operator:
        operator.greet()
        with contextlib.suppress(ConnectionClosed):
            while True:  # looking is not working
                operator.colour()
        assert operator.closed() == (LEFT, "nothing happened for 0 minutes")
    with console(served, other) as viewer:
        viewer.greet()
        assert viewer.closed() == (LEFT, "nothing happened for 0 minutes")


def test_a_kind_without_a_console_is_said_to_have_none(served, seeded):
    (machine,) = seeded(machines=1, kind="web")
    refused = ticket(served, machine)
    assert (refused.status_code, "has no console" in refused.text) == (409, True)
    with served.client("viewer") as viewer:
        shown = viewer.get(f"/machines/{machine.name}/console", headers={"Accept": "text/html"})
    assert "No console" in shown.text
    assert f'data-screen="{machine.name}"' in shown.text


def test_without_a_controller_it_is_said_how_to_start_one(served, seeded):
    (machine,) = seeded(machines=1, kind="ubuntu")
    with console(served, machine) as viewer:
        code, why = viewer.closed()
    assert (code, why) == (LOST, "no controller answers")


def test_the_page_is_there_for_who_looks_and_says_what_they_may_not(served, fleet):
    (machine, *_), _ = fleet
    for role, may in (("viewer", False), ("operator", True)):
        with served.client(role) as client:
            page = client.get(f"/machines/{machine.name}/console", headers={"Accept": "text/html"})
            assert page.status_code == 200
            assert ("Take control" in page.text) == may
            assert client.get("/machines/nobody/console").status_code == 404
