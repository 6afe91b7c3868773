"""What happens is told to whoever listens: once, in order, from where they had heard; the slow are let go."""

from __future__ import annotations

import asyncio
import json
import re
import resource
import socket
import threading
import time
from contextlib import contextmanager

import pytest
from fastapi import APIRouter, Request

from collector.dash import pages, server
from collector.dash.live import feed, stream
from collector.dash.live.feed import BATCH, WAITING, Feed, Frame, Listener, frame
from collector.dash.live.topics import Message
from collector.dash.pages import show
from collector.dash.pages.show import At
from infra.errors import Unavailable
from infra.store import events, machines
from tests.collector.dash.serving import serving

TEMPLATE = """\
{% extends "base.html" %}
{% block title %}Live{% endblock %}
{% block stream %}machines{% endblock %}
{% block main %}
<ul id="all" data-fragment>
{% for m in found %}<li data-key="{{ m.uuid }}"><b data-field="state" data-state="{{ m.observed }}">{{ m.observed }}</b>
 <i data-field="reason">{{ m.reason }}</i></li>{% endfor %}
</ul>
<p id="count" data-fragment>{{ found | length }} machines</p>
{% endblock %}
"""
probe = APIRouter()


@probe.get("/live")
def live(request: Request, at: At):
    with at.store.read() as tx:
        return show.show(request, "live.html", found=machines.alive(tx))


@pytest.fixture
def served(desk, tmp_path, monkeypatch):
    import jinja2

    real = show._environment()
    made = real.overlay(
        loader=jinja2.ChoiceLoader([jinja2.DictLoader({"live.html": TEMPLATE}), real.loader])
    )
    monkeypatch.setattr(show, "_environment", lambda: made)
    monkeypatch.setattr(pages, "routers", lambda: [probe])
    with serving(desk) as running:
        yield running


def happen(desk, count=1, kind="odd", subject="fleet", reason="number"):
    with desk.store.write() as tx:
        for number in range(count):
            events.add(tx, number, kind, subject, f"{reason} {number}")
        tx.flush()
        return events.last_id(tx)


class Heard:
    """Reads a stream event by event."""

    def __init__(self, answer):
        self._lines = answer.iter_lines()

    def next(self, *names):
        """The next event of those names: its name, id and data."""
        while True:
            said = {}
            for line in self._lines:
                if not line:
                    break
                name, _, value = line.partition(": ")
                said[name] = value
            if said.get("event") in names:
                return said["event"], said.get("id"), json.loads(said["data"])


@contextmanager
def listening(served, query, **headers):
    with (
        served.client("viewer") as peer,
        peer.stream("GET", f"/stream?{query}", headers=headers) as answer,
    ):
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Heard(answer)


def test_what_happens_is_told_within_half_a_second(desk, served):
    with listening(served, "topics=events") as heard:
        heard.next("beat")
        start_s = time.monotonic()
        last = happen(desk)
        name, told, data = heard.next("events")
        assert time.monotonic() - start_s < 5  # how long it takes is measured by a bench
    assert (name, int(told), data["id"], data["reason"]) == ("events", last, last, "number 0")


def test_a_machine_is_told_once_a_look_as_it_is_now(desk, served, seeded):
    (machine, *_) = seeded(machines=3)
    with listening(served, "topics=machines,fleet") as heard:
        heard.next("beat")
        with desk.store.write() as tx:
            for state in ("RESUMING", "READY"):
                machine = machines.move(tx, machine, state, f"now {state}", desk.clock.now_ns())
        assert heard.next("machines", "fleet") == ("fleet", None, {"key": "fleet"})
        _, told, data = heard.next("machines", "fleet")
    assert told
    assert (data["key"], data["state"], data["reason"]) == (machine.uuid, "READY", "now READY")


def test_a_stream_goes_on_exactly_where_it_was_heard(desk, served):
    last = happen(desk, 3)
    for query, header in ((f"after={last - 2}", {}), ("after=0", {"Last-Event-ID": str(last - 1)})):
        with listening(served, f"topics=events&{query}", **header) as heard:
            assert [heard.next("events")[2]["id"] for _ in range(2)] == [last - 1, last]
            last = happen(desk)
            assert heard.next("events")[2]["id"] == last


def test_of_one_subject_only_its_own_is_told(desk, served):
    with listening(served, "topics=events&key=m1") as heard:
        heard.next("beat")
        happen(desk, 4, subject="m2")
        last = happen(desk, subject="m1")
        assert heard.next("events")[2]["id"] == last


def test_who_missed_too_much_is_told_to_come_anew(desk, served):
    last = happen(desk, BATCH + 2)
    for after in (1, last + 5):
        with listening(served, f"topics=events&after={after}") as heard:
            assert heard.next("events", "reload") == ("reload", str(last), {})
    with listening(served, "topics=events&after=2") as heard:
        assert heard.next("events", "reload")[2]["id"] == 3


def test_silence_is_told_from_peace_by_a_beat(served, monkeypatch):
    monkeypatch.setattr(stream, "BEAT_S", 0.05)
    with listening(served, "topics=events") as heard:
        assert [heard.next("beat")[2] for _ in range(3)] == [{}, {}, {}]


def test_a_stream_ends_so_that_its_session_is_looked_at_again(served, monkeypatch):
    monkeypatch.setattr(stream, "LIVES_S", 0.0)
    with served.client("viewer") as peer, peer.stream("GET", "/stream") as answer:
        assert b"retry: 1000" in answer.read()


def test_nobody_listens_to_what_there_is_not_or_beyond_the_most(served, monkeypatch):
    with served.client("viewer") as peer:
        assert "machines" in peer.get("/stream?topics=machine").json()["error"]["hint"]
        assert peer.get("/stream?after=-1").status_code == 422
        monkeypatch.setattr(stream, "MOST_STREAMS", 0)
        refused = peer.get("/stream")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")


def test_one_person_listens_so_often_at_once_however_fast_they_ask(served, monkeypatch):
    monkeypatch.setattr(stream, "EACH", 3)
    peers = [stalled(served) for _ in range(9)]
    try:
        codes = sorted(peer.recv(12)[9:].decode() for peer in peers)
        assert codes == ["200"] * 3 + ["503"] * 6
        with served.client("admin") as other, other.stream("GET", "/stream") as heard:
            assert heard.status_code == 200
    finally:
        for peer in peers:
            peer.close()
    until_s = time.monotonic() + 20
    while served.app.state.feed.streams:
        assert time.monotonic() < until_s, "a seat was not given back"
        time.sleep(0.02)


def test_listeners_are_let_go_when_the_server_ends(desk):
    with serving(desk) as running, listening(running, "topics=events") as heard:
        heard.next("beat")
        start_s = time.monotonic()
        running.stop()
        assert list(heard._lines) is not None
        assert time.monotonic() - start_s < server.END_S + 5


def test_only_the_last_of_a_batch_has_the_id():
    told = [Message("a", "k", "1"), Message("b", "k", "2"), Message("a", "l", "3")]
    assert frame(told, frozenset("ab"), "", 9) == Frame(
        9, b"event: a\ndata: 1\n\nevent: b\ndata: 2\n\nid: 9\nevent: a\ndata: 3\n\n"
    )
    assert frame(told, frozenset("b"), "k", 9) == Frame(9, b"id: 9\nevent: b\ndata: 2\n\n")
    assert frame(told, frozenset("b"), "l", 9) is None


def test_who_does_not_keep_up_is_let_go_and_the_others_hear_on(desk):
    async def told():
        read = Feed(desk.store, desk.clock)
        slow, quick = Listener(frozenset({"events"}), ""), Listener(frozenset({"events"}), "")
        for listener in (slow, quick):
            await read.join(listener)
        for number in range(WAITING + 1):
            read._tell(number, [Message("events", "k", "{}")])
            assert (await quick.frames.get()).last == number
        return read.listeners, slow.frames.get_nowait(), slow.frames.empty(), {quick}

    listeners, end, is_empty, kept = asyncio.run(told())
    assert (listeners, end, is_empty) == (kept, None, True)


@pytest.mark.parametrize("error", [Unavailable("it is away"), ValueError("no JSON")], ids=repr)
def test_a_log_that_cannot_be_read_ends_no_stream_and_is_not_passed_off_as_peace(
    desk, served, monkeypatch, error
):
    monkeypatch.setattr(feed, "AWAY_S", 0.05)
    monkeypatch.setattr(stream, "BEAT_S", 0.05)
    with listening(served, "topics=events") as heard:
        heard.next("beat")
        look = served.app.state.feed.look

        def away(*_):
            raise error

        monkeypatch.setattr(served.app.state.feed, "look", away)
        last = happen(desk)
        until_s = time.monotonic() + 20
        while not served.app.state.feed.is_away:
            assert time.monotonic() < until_s
        time.sleep(0.5)  # ten beats
        monkeypatch.setattr(served.app.state.feed, "look", look)
        said = [heard.next("beat", "events")]
        while said[-1][0] == "beat":
            said.append(heard.next("beat", "events"))
        assert said[-1][2]["id"] == last
        assert len(said) < 10


def stalled(served):
    """A listener that never reads what it is sent."""
    peer = socket.socket()
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    peer.connect(("127.0.0.1", int(served.url.rsplit(":", 1)[1])))
    name, value = served.session("viewer")
    peer.sendall(
        f"GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {name}={value}\r\n\r\n".encode()
    )
    return peer


def test_memory_is_flat_with_a_hundred_listeners_that_read_nothing(desk, served, monkeypatch):
    monkeypatch.setattr(server, "STALLED_S", 1.0)
    peers = [stalled(served) for _ in range(100)]
    try:
        until_s = time.monotonic() + 30
        while len(served.app.state.feed.listeners) < 100 and time.monotonic() < until_s:
            time.sleep(0.05)
        assert len(served.app.state.feed.listeners) == 100
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        until_s = time.monotonic() + 120
        while served.app.state.feed.listeners and time.monotonic() < until_s:
            happen(desk, BATCH, reason="w" * 300)
            time.sleep(0.1)
        assert not served.app.state.feed.listeners
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10  # KiB
    finally:
        for peer in peers:
            peer.close()


@pytest.mark.browser
def test_a_change_is_on_the_page_and_what_is_made_of_it_too(desk, page, seeded):
    (machine, *_) = seeded(machines=3)
    page.goto("/live")
    first = page.locator(f"[data-key='{machine.uuid}'] b")
    with desk.store.write() as tx:
        machine = machines.move(
            tx, machine, "READY", "<img src=x onerror=alert(1)>", desk.clock.now_ns()
        )
    page.locator("b[data-state=READY]").wait_for()
    assert first.inner_text() == "READY"
    assert page.locator("i").first.inner_text() == "<img src=x onerror=alert(1)>"
    with desk.store.write() as tx:
        machines.move(tx, machine, "GONE", "it went", desk.clock.now_ns())
    first.wait_for(state="detached")
    page.get_by_text("2 machines").wait_for()


@pytest.mark.browser
def test_a_page_says_that_it_is_stale_and_catches_up_when_the_server_is_back(
    desk, served, page, seeded, complaints
):
    made = seeded(machines=2)
    page.clock.install()
    page.goto("/live")
    page.locator("[data-key]").first.wait_for()
    port = int(served.url.rsplit(":", 1)[1])
    served.stop()
    page.clock.run_for(16_000)
    assert re.match(r"stale since \d", page.locator("#stale").inner_text())
    with desk.store.write() as tx:
        machines.move(tx, made[0], "LOST", "while nobody listened", desk.clock.now_ns())
    with serving(desk, port):
        page.locator("b[data-state=LOST]").wait_for()
        assert page.locator("#stale").is_hidden()
        assert page.locator("[data-key]").count() == 2
        page.goto("about:blank")
    complaints.clear()  # the browser tells each connection that was refused


def test_threads_of_a_server_end_with_it(desk):
    before = threading.active_count()
    with serving(desk) as running, running.client() as peer:
        peer.get("/login")
    assert threading.active_count() <= before + 1
