"""Fault 34: no token, a wrong one, one that was taken away; and where a token could leak to."""

from __future__ import annotations

import pytest
import structlog

from tests.collector.dash.fixtures import desk, seeded, served
from tests.faults.foreign import held, routes

__all__ = ["desk", "seeded", "served"]
OPEN = {"/login", "/logout", "/healthz", "/readyz", "/favicon.ico"}


def taken_away(served):
    """A token, and a session that it opened, of somebody who is let in no more."""
    token, session = served.token("admin"), served.session("admin")
    served.app.state.keeper.tokens.remove("the admin")
    return token, session


@pytest.mark.parametrize("how", ["none", "wrong", "taken away", "session taken away", "forged"])
def test_every_route_is_closed_to_who_shows_no_good_token(desk, served, seeded, how, monkeypatch):
    seeded(machines=1)
    monkeypatch.setattr(served.app.state.keeper, "_failures", Boundless())
    token, (name, session) = taken_away(served)
    headers, cookies = {
        "none": ({}, {}),
        "wrong": ({"Authorization": "Bearer tw-guess"}, {}),
        "taken away": ({"Authorization": f"Bearer {token}"}, {}),
        "session taken away": ({}, {name: session}),
        "forged": ({}, {name: session[:-1] + ("0" if session[-1] != "0" else "1")}),
    }[how]
    before = held(desk)
    with served.client(None) as peer:
        peer.headers.update(headers)
        peer.cookies.update(cookies)
        for method, path in routes(desk):
            if path not in OPEN:
                refused = peer.request(method, path)
                assert refused.status_code in {303, 401}, (method, path, refused.status_code)
                assert refused.headers.get("location", "/login").startswith("/login")
    assert held(desk) == before


class Boundless:
    """Whoever tries may try again at once: how often is another test."""

    def wait_s(self, _):
        return 0.0

    def take(self, _):
        return 0.0


def test_a_token_is_in_no_address_answer_log_line_or_database(desk, served, seeded):
    seeded(machines=1)
    token = served.token("operator")
    with structlog.testing.capture_logs() as said, served.client(None) as peer:
        wrong = peer.post("/login", data={"token": token + "x", "next": "/events"})
        entered = peer.post("/login", data={"token": token, "next": "/events"})
        page = peer.get("/events")
        broken = peer.get(
            "/api/v1/machines",
            params={"where": token},
            headers={"Authorization": f"Bearer {token}"},
        )
    secret = token.removeprefix("tw-")
    assert entered.headers["location"] == "/events"
    for answer in (wrong, entered, page):
        assert secret not in answer.text
        assert secret not in str(answer.headers)
        assert answer.headers["referrer-policy"] == "no-referrer"
    assert broken.status_code == 400
    assert secret not in str(said)
    assert secret not in "".join(held(desk))
    kept = [
        path
        for path in (desk.settings.home / "dash").iterdir()
        if secret in path.read_text("latin-1")
    ]
    assert kept == []
