"""Fault 33: a foreign page opens sockets and streams in the browser of somebody who is signed in."""

from __future__ import annotations

import pytest

from collector.dash.console.seats import CONSOLES, VIEWERS
from tests.collector.dash.console.showing import controlling
from tests.collector.dash.console.viewing import ticket
from tests.collector.dash.fixtures import complaints, desk, driven, page, seeded, served
from tests.faults.foreign import held, site

__all__ = ["complaints", "desk", "driven", "page", "seeded", "served"]
OPENS = """
<script>
const said = [];
const tell = (what) => {{ said.push(what); document.title = said.join(" "); }};
for (let n = 0; n < {count}; n += 1) {{
  const socket = new WebSocket("ws{address}");
  socket.onopen = () => tell("open");
  socket.onclose = () => tell("closed");
}}
const stream = new EventSource("{url}/stream", {{withCredentials: true}});
stream.onopen = () => tell("stream");
stream.onerror = () => tell("silence");
</script>"""


@pytest.mark.browser
def test_a_foreign_page_opens_no_console_and_hears_no_stream(
    desk, served, page, seeded, complaints
):
    """It even knows a ticket that is good: a hundred times it is refused, and the ticket stays good."""
    (machine, *_) = seeded(machines=1, kind="ubuntu", host="here", observed="PARKED")
    with controlling(desk):
        address = ticket(served, machine).json()["address"]
        before = held(desk)
        html = OPENS.format(address=f"{served.url[4:]}{address}", url=served.url, count=100)
        with site(html) as foreign:
            page.goto(foreign)
            page.wait_for_function("document.title.split(' ').length >= 101")
            said = page.title().split()
    assert said.count("closed") == 100
    assert set(said) == {"closed", "silence"}
    assert held(desk) == before
    assert not served.app.state.feed.listeners
    complaints.clear()  # the browser tells what was refused


def test_seats_are_few():
    assert (VIEWERS, CONSOLES) == (4, 8)
