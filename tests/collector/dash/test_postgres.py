"""The dashboard over PostgreSQL, as several hosts share it: every page, every listing, the stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from collector.dash.annotation.grounding import Boxes
from collector.dash.desk import Desk
from infra.clock import SystemClock
from infra.ids import RandomIds
from infra.settings import Settings
from infra.store import Store, events, verdicts
from tests.collector.dash.looking import PAGES, of_machine
from tests.collector.dash.recorded import recorded
from tests.collector.dash.seeding import seed

SHOWN = (
    *PAGES,
    "/machines?view=wall",
    "/machines?where=state:parked",
    "/events?kind=machine.state",
)


@pytest.fixture
def desk(tmp_path: Path, database: Callable[[], str]) -> Iterator[Desk]:
    address = database()
    settings = Settings(home=tmp_path, cache=tmp_path / "c", database=address, disk_floor_bytes=0)
    clock = SystemClock()
    with Store(address) as store:
        yield Desk(settings, store, clock, RandomIds(clock))


def test_every_page_is_whole_and_what_is_done_on_it_is_kept(desk, served, bare):
    made = seed(desk, 40, 200)
    recorded(desk, "ep-1", "ep-2")
    with served.client("admin") as client:
        shown = (*SHOWN, of_machine(made[0].name))
        answers = {path: client.get(path, headers={"Accept": "text/html"}) for path in shown}
        assert {path: a.status_code for path, a in answers.items()} == dict.fromkeys(shown, 200)
        assert made[0].name in answers["/machines"].text
        asked = client.get("/api/v1/machines", params={"where": "state:parked"}).json()["machines"]
        assert {m["name"] for m in asked} == {m.name for m in made if m.observed == "PARKED"}
        subject = Boxes().subjects(desk.settings.home)[0]
        for answer in ("wrong_box", "right"):
            said = client.post("/annotate/grounding", data={"subject": subject, "answer": answer})
            assert said.status_code == 303, said.text
    with desk.store.read() as tx:
        (kept,) = verdicts.listed(tx, "grounding")
        assert (kept.subject, kept.answer) == (subject, "right")


def test_what_happens_comes_by_the_stream(desk, served):
    with (
        served.client("viewer") as client,
        client.stream("GET", "/stream?after=0") as stream,
    ):
        with desk.store.write() as tx:
            events.add(tx, desk.clock.now_ns(), "fleet.up", "fleet")
        assert any("fleet.up" in line for line in stream.iter_lines())
