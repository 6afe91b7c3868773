"""Pages of the fleet: whole with nothing, with one machine and with many; changed by those who may."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from infra.store import events, hosts, machines
from tests.collector.dash.serving import Served

PAGES = ("/", "/machines", "/machines?view=wall", "/hosts", "/events", "/health")
Seeded = Callable[..., list[Any]]


@pytest.mark.parametrize("count", [0, 1, 200])
def test_every_page_is_whole(served: Served, seeded: Seeded, count: int) -> None:
    if count:
        seeded(machines=count, events=50)
    with served.client("viewer") as client:
        answers = {path: client.get(path) for path in PAGES}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(
        PAGES, 200
    )
    if not count:
        empty = [path for path, answer in answers.items() if "trawl fleet up" in answer.text]
        assert empty == list(PAGES)


def test_a_machine_is_a_page_and_one_that_is_not_there_offers_the_nearest(
    served: Served, seeded: Seeded
) -> None:
    seeded(machines=3)
    with served.client("viewer") as client:
        assert "desktops" in client.get("/machines/m0001").text
        missing = client.get("/machines/m0009", headers={"Accept": "text/html"})
    assert missing.status_code == 404
    assert "did you mean" in missing.text


def test_a_query_in_the_address_means_what_it_means_on_the_command_line(
    served: Served, seeded: Seeded
) -> None:
    seeded(machines=30)
    with served.client("viewer") as client:
        found = client.get("/machines", params={"q": "state:quarantined host:h*"}).text
        wrong = client.get("/machines", params={"q": "sate:parked"}).text
    assert set(re.findall(r'data-state="(\w+)" data-field', found)) == {"QUARANTINED"}
    assert "did you mean &#39;state&#39;?" in wrong


def test_many_machines_come_in_parts_and_every_part_is_sorted(
    served: Served, seeded: Seeded
) -> None:
    seeded(machines=450)
    with served.client("viewer") as client:
        last = client.get("/machines", params={"sort": "-name", "page": "3"}).text
    names = re.findall(r'href="/machines/(m\d+)"', last)
    assert names == [f"m{n:04}" for n in range(49, -1, -1)]


def test_who_may_only_look_orders_nothing(served: Served, seeded: Seeded) -> None:
    seeded(machines=1)
    with served.client("viewer") as client:
        asked = [
            client.post("/machines/orders", data={"name": "m0000", "order": "drain"}),
            client.post("/hosts/here/cordon"),
            client.post("/health"),
        ]
    assert [answer.status_code for answer in asked] == [403, 403, 403]


def test_a_drain_is_given_at_once_and_said_who_gave_it(served: Served, seeded: Seeded) -> None:
    seeded(machines=2, observed="PARKED")
    with served.client("operator") as client:
        answer = client.post(
            "/machines/orders",
            data={"name": ["m0000", "m0001"], "order": "drain", "reason": "slow"},
        )
    assert answer.headers["location"] == "/machines?ordered=drain&count=2"
    with served.desk.store.read() as tx:
        assert {m.desired for m in machines.alive(tx)} == {"DRAINED"}
        said = events.newest(tx, 9, kind="audit.machine.drain")
    assert [(e.payload["by"], e.reason) for e in said] == [("the operator", "slow")] * 2


def said_in(text: str) -> str:
    """The machines that a page asks about, as it sends them."""
    return re.findall(r'name="names" value="([^"]*)"', text)[0]


def test_more_machines_than_a_form_has_fields_are_recycled_at_once(
    served: Served, seeded: Seeded
) -> None:
    seeded(machines=1100, observed="PARKED")
    form = {"every": "1", "q": "", "order": "recycle"}
    with served.client("operator") as client:
        asked = client.post("/machines/orders", data=form)
        named = {"names": said_in(asked.text), "order": "recycle", "confirm": "recycle 1100"}
        done = client.post("/machines/orders", data=named)
    assert done.status_code == 303
    with served.desk.store.read() as tx:
        assert {m.desired for m in machines.alive(tx)} == {"GONE"}


def test_a_recycle_waits_for_the_word_that_the_page_asks_for(
    served: Served, seeded: Seeded
) -> None:
    seeded(machines=3, observed="PARKED")
    form = {"every": "1", "q": "name:m0000,m0001", "order": "recycle"}
    with served.client("operator") as client:
        asked = client.post("/machines/orders", data=form)
        assert "<code>recycle 2</code>" in asked.text
        named = {"names": said_in(asked.text), "order": "recycle"}
        assert named["names"] == "m0000 m0001"
        assert (
            "That was not recycle 2"
            in client.post("/machines/orders", data=named | {"confirm": "recycle 3"}).text
        )
        with served.desk.store.read() as tx:
            assert {m.desired for m in machines.alive(tx)} == {"RUNNING"}
        done = client.post("/machines/orders", data=named | {"confirm": "recycle 2"})
    assert done.status_code == 303
    with served.desk.store.read() as tx:
        assert [m.desired for m in machines.alive(tx)] == ["GONE", "GONE", "RUNNING"]


def test_an_order_that_one_machine_refuses_is_given_to_none(served: Served, seeded: Seeded) -> None:
    seeded(machines=1, observed="PARKED")
    with served.client("operator") as client:
        answer = client.post(
            "/machines/orders", data={"name": ["m0000", "m9999"], "order": "drain"}
        )
    assert answer.status_code == 404
    with served.desk.store.read() as tx:
        assert machines.get(tx, "m0000").desired == "RUNNING"


def test_no_machine_is_no_order(served: Served, seeded: Seeded) -> None:
    seeded(machines=1)
    with served.client("operator") as client:
        assert client.post("/machines/orders", data={"order": "drain"}).status_code == 400


def test_a_host_is_cordoned_and_back(served: Served, seeded: Seeded) -> None:
    seeded(machines=1)
    with served.client("operator") as client:
        for verb, cordoned in (("cordon", True), ("uncordon", False)):
            assert client.post(f"/hosts/here/{verb}").status_code == 303
            with served.desk.store.read() as tx:
                assert hosts.listed(tx)[0].cordoned is cordoned
        assert client.post("/hosts/nowhere/cordon").status_code == 404


def test_events_are_read_backwards_to_the_first(served: Served, seeded: Seeded) -> None:
    seeded(machines=2, events=60)
    seen: list[str] = []
    with served.client("viewer") as client:
        path: str | None = "/events?most=25"
        while path:
            page = client.get(path).text
            seen += re.findall(r"<li id=\"event-(\d+)\"", page)
            older = re.search(r'rel="next" href="([^"]+)"', page)
            path = older.group(1).replace("&amp;", "&") if older else None
    assert seen == [str(n) for n in range(len(seen), 0, -1)]
