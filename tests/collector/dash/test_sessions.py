"""A session ends where it is left, for whoever has its cookie; what opens it lies closed to others."""

from __future__ import annotations

import json

import httpx
import pytest
import structlog

from collector.dash.access.sessions import SESSION_S, Sessions
from collector.dash.access.tokens import Tokens
from collector.dash.live import stream
from infra.clock import FakeClock
from infra.errors import Corrupt, Unavailable, UsageError

PAGE = {"Accept": "text/html"}


@pytest.fixture
def tokens(tmp_path):
    return Tokens(tmp_path)


@pytest.fixture
def kept(tokens):
    return tokens.find(tokens.add("ann", "viewer"))


def test_a_copy_of_a_cookie_is_worth_nothing_once_its_session_was_left(served):
    with served.client() as peer, served.client(None) as thief:
        thief.cookies.update(peer.cookies)
        assert thief.get("/api/v1/machines").status_code == 200
        peer.post("/logout")
        assert thief.get("/api/v1/machines").status_code == 401


def test_of_two_sessions_that_one_token_opened_at_once_the_other_goes_on(tmp_path, tokens, kept):
    sessions = Sessions(tmp_path, tokens, FakeClock())
    left, other = sessions.open(kept), sessions.open(kept)
    sessions.leave(left)
    sessions.leave("nobody's.1.2.3")
    assert sessions.who(left) is None
    assert sessions.who(other) == kept.who


def test_a_session_that_was_left_is_over_in_every_process_and_forgotten_when_it_would_be(
    tmp_path, tokens, kept
):
    clock = FakeClock()
    here, there = Sessions(tmp_path, tokens, clock), Sessions(tmp_path, tokens, clock)
    session = here.open(kept)
    here.leave(session)
    assert there.who(session) is None
    clock.sleep(SESSION_S)
    there.leave(there.open(kept))
    assert len(list((tmp_path / "left").iterdir())) == 1
    assert there.who(session) is None


def test_where_leaving_cannot_be_written_down_it_is_not_said_to_be_done(tmp_path, tokens, kept):
    sessions = Sessions(tmp_path, tokens, FakeClock())
    (tmp_path / "left").write_text("no directory")
    with pytest.raises(Unavailable, match="cannot be ended"):
        sessions.leave(sessions.open(kept))


def test_a_stream_ends_with_the_session_that_opened_it(served, monkeypatch):
    monkeypatch.setattr(stream, "BEAT_S", 0.1)
    with served.client() as peer, peer.stream("GET", "/stream?topics=events") as heard:
        chunks = heard.iter_raw()
        assert next(chunks)
        with served.client(None) as other:
            other.cookies.update(peer.cookies)
            other.post("/logout")
        assert sum(1 for _ in chunks) < 10


@pytest.mark.parametrize(
    "name", ["ann ", " ann", "ann  lee", "ann\u3000lee", "\uff41nn", "ann\u00a0"]
)
def test_nobody_is_let_in_under_a_name_that_looks_like_anothers(tokens, kept, name):
    with pytest.raises(UsageError, match=r"printable|single spaces"):
        tokens.add(name, "viewer")


def test_a_key_that_others_can_read_signs_nothing(tmp_path, tokens):
    Sessions(tmp_path, tokens, FakeClock())
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(Unavailable, match="open to others"):
        Sessions(tmp_path, tokens, FakeClock())


@pytest.mark.parametrize(
    "changed",
    [{"role": "root"}, {"sha256": "é"}, {"sha256": None}, {"id": ""}, {"name": None}, {"more": 1}],
    ids=str,
)
def test_a_file_of_tokens_that_says_what_none_has_is_refused_whole(tokens, kept, changed):
    said = json.loads(tokens.path.read_text())
    said["tokens"][0] |= changed
    tokens.path.write_text(json.dumps(said))
    with pytest.raises(Corrupt, match="not what was written"):
        Tokens(tokens.path.parent).listed()


@pytest.mark.parametrize("spoil", [
    lambda path: path.chmod(0o644),
    lambda path: path.write_text("{"),
    lambda path: (path.unlink(), path.mkdir(0o700)),
], ids=["open", "garbage", "directory"])  # fmt: skip
def test_while_nobody_can_be_known_the_log_says_why_and_a_stranger_is_not_told(served, spoil):
    with served.client() as peer:
        assert peer.get("/api/v1/machines").status_code == 200
        spoil(served.app.state.keeper.tokens.path)
        with structlog.testing.capture_logs() as said:
            refused = peer.get("/machines", headers=PAGE)
        assert refused.status_code == 503
        assert "content-security-policy" in refused.headers
        assert "tokens.json" not in refused.text
        assert "tokens.json" in said[0]["message"]
        assert httpx.get(f"{served.url}/healthz").status_code == 200


def test_whoever_comes_to_see_why_nothing_can_be_written_is_let_in(served, desk, monkeypatch):
    def refused():
        raise Unavailable("database or disk is full", "make room on its disk")

    monkeypatch.setattr(type(desk.store), "write", lambda _: refused())
    with served.client(None) as peer, structlog.testing.capture_logs() as said:
        entered = peer.post("/login", data={"token": served.token("viewer"), "next": "/hosts"})
        assert (entered.status_code, entered.headers["location"]) == (303, "/hosts")
        assert peer.get("/hosts").status_code == 200
    assert [(line["event"], line["who"]) for line in said] == [
        ("dash.login_not_noted", "the viewer")
    ]
