"""Nobody gets in without a token, nobody does more than their role, no other site's page does anything."""

from __future__ import annotations

import stat
from typing import Annotated

import httpx
import pytest
import structlog
from fastapi import APIRouter, Depends

from collector.dash import pages, running
from collector.dash.access import ROLES, Who, audit, buckets, keeper, needs
from collector.dash.access.door import within
from collector.dash.access.gate import BODY_BYTES, HEADERS, address_of
from collector.dash.access.sessions import SESSION_S, Sessions
from collector.dash.access.tokens import Tokens
from infra.clock import FakeClock
from infra.errors import Conflict, NotFound, Unavailable
from infra.store import events
from tests.collector.dash.serving import OURS, serving

probe = APIRouter()


@probe.get("/probe")
def look(who: Annotated[Who, Depends(needs("viewer"))]) -> dict[str, str]:
    return {"name": who.name}


@probe.post("/probe")
def change(who: Annotated[Who, Depends(needs("operator"))]) -> dict[str, str]:
    return {"name": who.name}


@probe.post("/probe/breaks")
def breaks() -> None:
    raise RuntimeError("password=hunter2")


@pytest.fixture
def served(desk, monkeypatch):
    monkeypatch.setattr(pages, "routers", lambda: [probe])
    with serving(desk) as started:
        yield started


def test_a_stranger_is_shown_the_door_and_then_the_page(served):
    with served.client(None) as peer:
        shown = peer.get("/probe?a=1", headers={"Accept": "text/html"})
        assert (shown.status_code, shown.headers["location"]) == (
            303,
            "/login?next=%2Fprobe%3Fa%3D1",
        )
        form = {"token": served.token("viewer"), "next": "/probe"}
        entered = peer.post("/login", data=form, follow_redirects=True)
        assert entered.json() == {"name": "the viewer"}
        peer.post("/logout")
        assert peer.get("/probe").status_code == 303


def test_a_session_is_no_concern_of_scripts_and_other_sites(served):
    with served.client(None) as peer:
        cookie = peer.post("/login", data={"token": served.token()}).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert served.token() not in cookie


def test_what_programs_ask_for_is_refused_by_a_status(served):
    with served.client(None) as peer:
        for path in ("/api/v1/machines", "/stream", "/metrics"):
            refused = peer.get(path)
            assert refused.status_code == 401
            assert refused.json()["error"]["kind"] == "denied"
            assert refused.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_what_those_below_it_may_and_no_more(served, role):
    may = ROLES.index(role) >= ROLES.index("operator")
    with served.client(role) as peer:
        assert peer.get("/probe").status_code == 200
        assert peer.post("/probe").status_code == (200 if may else 403)


def test_a_program_shows_its_token_in_every_request(served):
    told = {"Authorization": f"Bearer {served.token('operator')}"}
    with httpx.Client(base_url=served.url) as peer:
        assert peer.post("/probe", headers=told).status_code == 200
        assert peer.post("/probe", headers={"Authorization": "Bearer tw-wrong"}).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {},
    ],
    ids=str,
)
def test_what_another_sites_page_sends_is_refused(served, headers):
    with httpx.Client(base_url=served.url, cookies=dict([served.session()])) as peer:
        assert peer.post("/probe", headers=headers).status_code == 403
        assert (
            peer.post("/login", data={"token": served.token()}, headers=headers).status_code == 403
        )
        assert peer.post("/probe", headers=OURS).status_code == 200
        assert peer.post("/probe", headers={"Origin": served.url}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::2]:80"])
def test_it_answers_to_no_name_but_its_own(served, host):
    with served.client() as peer:
        assert peer.get("/probe", headers={"Host": host}).status_code in {400, 421}
        assert peer.get("/probe", headers={"Host": "localhost:9"}).status_code == 200


def broken(peer):
    """An answer to what fails unforeseen: the log has the error, the answer has not."""
    with structlog.testing.capture_logs() as said:
        answer = peer.post("/probe/breaks")
    assert [(line["event"], line["path"]) for line in said] == [("dash.failed", "/probe/breaks")]
    return answer


def test_every_answer_has_the_strict_headers_also_the_refusals_and_what_breaks(served):
    with served.client() as peer:
        answers = [
            peer.get("/probe"), peer.get("/nothing"), peer.get("/login"), peer.put("/probe"),
            peer.get("/probe", headers={"Host": "evil.example"}), broken(peer),
            peer.get("/static/nothing.js"),
        ]  # fmt: skip
    assert [a.status_code for a in answers] == [200, 404, 303, 405, 421, 500, 404]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert "server" not in answer.headers
    assert "hunter2" not in answers[5].text


def test_a_wrong_token_is_tried_five_times_a_minute(served):
    with served.client(None) as peer:
        codes = [peer.post("/login", data={"token": f"tw-{n}"}).status_code for n in range(8)]
        assert codes == [401] * 5 + [429] * 3
        limited = peer.post("/login", data={"token": served.token()})
        assert limited.status_code == 429
        assert 0 < int(limited.headers["retry-after"]) <= 12
        told = {"Authorization": "Bearer tw-guess"}
        assert peer.get("/probe", headers=told).status_code == 429


def test_a_program_with_an_old_token_keeps_nobody_else_of_its_address_out(served):
    old = {"Authorization": "Bearer tw-taken-away"}
    with httpx.Client(base_url=served.url) as program:
        assert {program.get("/probe", headers=old).status_code for _ in range(9)} == {401}
    with served.client(None) as peer:
        assert peer.post("/login", data={"token": served.token()}).status_code == 303


@pytest.mark.parametrize(
    ("one", "other", "are_together"),
    [("10.0.0.1", "10.0.0.1", True), ("10.0.0.1", "10.0.0.2", False), ("2001:db8:1:2::3", "2001:db8:1:2:f::4", True),
     ("2001:db8:1:2::3", "2001:db8:1:3::3", False), ("::ffff:10.0.0.1", "10.0.0.1", True),
     ("x" * 64, "x" * 9000, True)],
)  # fmt: skip
def test_what_one_subscriber_has_of_addresses_is_counted_together(one, other, are_together):
    assert (address_of({"client": (one, 1)}) == address_of({"client": (other, 2)})) is are_together


def test_two_servers_that_start_at_once_have_one_first_token(tmp_path, monkeypatch):
    first = running.first_token(tmp_path).read_text()
    listed, answers = Tokens.listed, iter([[]])  # it looked before the other had written
    monkeypatch.setattr(Tokens, "listed", lambda self: next(answers, None) or listed(self))
    assert running.first_token(tmp_path).read_text() == first


def test_who_asks_without_end_is_told_to_wait(desk, monkeypatch):
    monkeypatch.setattr(keeper, "REQUESTS_S", 0.01)
    monkeypatch.setattr(keeper, "REQUESTS_BURST", 3)
    with serving(desk) as started, started.client() as peer:
        codes = [peer.get("/login").status_code for _ in range(5)]
        looks = peer.get("/static/nothing.js")
    assert codes == [303, 303, 303, 429, 429]
    assert looks.status_code == 404


def test_a_bucket_fills_again_and_forgets_who_was_quiet(monkeypatch):
    monkeypatch.setattr(buckets, "MOST", 2)
    clock = FakeClock()
    held = buckets.Buckets(2, 4, clock)
    assert [held.take("a", 2) for _ in range(3)] == [0, 0, 1]
    clock.sleep(1)
    assert held.wait_s("a") == 0
    assert held.take("a", 2) == 0
    held.take("b")
    held.take("c")
    assert held.take("a", 4) == 0


def test_a_body_is_bounded_whether_it_says_its_length_or_not(served):
    def drip():
        for _ in range(3):
            yield b"x" * (BODY_BYTES // 2)

    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    with served.client(None) as peer:
        assert peer.post("/login", content=b"x" * (BODY_BYTES + 1), headers=kind).status_code == 413
        assert peer.post("/login", content=drip(), headers=kind).status_code in {400, 413}


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd",
             "/static/%00", "/static/..\\app.py"],
)  # fmt: skip
def test_no_path_leads_out_of_what_is_served(served, path):
    with served.client() as peer:
        assert peer.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:x", "evil",
             "/a\r\nSet-Cookie: x", ""],
)  # fmt: skip
def test_the_door_leads_nowhere_else(path):
    assert within(path) == "/"


def test_what_was_done_stands_in_the_log_with_who_did_it(desk, served):
    with served.client(None) as peer:
        peer.post("/login", data={"token": served.token("operator")})
    with desk.store.write() as tx:
        audit.note(tx, Who("ann", "operator"), "drain", "m1", "w" * 900, at_ns=1, machines=1)
    with desk.store.read() as tx:
        came, did = events.newest(tx, 2, kind="audit")
    assert (came.kind, came.subject) == ("audit.login", "the operator")
    assert (did.kind, did.subject, len(did.reason)) == ("audit.drain", "m1", 500)
    assert did.payload == {"by": "ann", "role": "operator", "machines": 1}


def test_a_token_is_kept_as_a_hash_in_a_file_of_ours_alone(tmp_path):
    tokens = Tokens(tmp_path / "dash")
    token = tokens.add("ann", "operator")
    assert token not in tokens.path.read_text()
    assert stat.S_IMODE(tokens.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(tokens.path.parent.stat().st_mode) == 0o700
    assert Tokens(tmp_path / "dash").find(token).who == Who("ann", "operator")
    with pytest.raises(Conflict):
        tokens.add("ann", "viewer")
    with pytest.raises(NotFound, match="bob"):
        tokens.remove("bob")
    tokens.path.chmod(0o644)
    with pytest.raises(Unavailable, match="open to others"):
        tokens.find(token)


def test_a_session_ends_with_its_time_its_token_and_its_key(tmp_path):
    clock, tokens = FakeClock(), Tokens(tmp_path)
    kept = tokens.find(tokens.add("ann", "viewer"))
    sessions = Sessions(tmp_path, tokens, clock)
    session = sessions.open(kept)
    assert sessions.who(session) == Who("ann", "viewer")
    assert Sessions(tmp_path, tokens, clock).who(session) == Who("ann", "viewer")
    changed = session.replace(kept.id, "f" * 16)
    assert [sessions.who(s) for s in (changed, session[:-1], "", "a.b.c", "é.é")] == [None] * 5
    (tmp_path / "key").unlink()
    assert Sessions(tmp_path, tokens, clock).who(session) is None
    clock.sleep(SESSION_S)
    assert sessions.who(session) is None
    again = sessions.open(kept)
    Tokens(tmp_path).remove("ann")
    assert sessions.who(again) is None


@pytest.mark.browser
def test_a_person_signs_in_and_out_with_the_keyboard(page, served, complaints):
    page.context.clear_cookies()
    page.goto("/probe")
    page.keyboard.type("tw-wrong")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    complaints.clear()  # the browser reports the 401
    page.get_by_label("Token").fill(served.token("viewer"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/probe")
    assert "the viewer" in page.content()


@pytest.mark.browser
def test_what_is_not_there_is_said_on_a_page(page, complaints):
    page.goto("/nothing")
    assert page.get_by_role("heading", level=1).inner_text() == "There is no such page"
    complaints.clear()  # the browser reports the 404
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login")
