"""Nothing outside the allowed origins is reached, whatever a page tries."""

from __future__ import annotations

import time

import pytest

from envs import actions as act
from envs.web import WebEnv, WebSettings
from tests.envs.web.conftest import Bench, Pages, named

pytestmark = pytest.mark.browser


def test_requests_to_other_origins_never_leave(bench: Bench) -> None:
    forbidden = Pages()
    try:
        target = forbidden.plant("<p>never</p>", "/hit")
        port = forbidden.http.server_address[1]
        bench.here.pages["/to?" + target] = ""
        bench.open(
            f"<img src='{target}'><script src='{target}'></script><iframe src='{target}'></iframe>"
            f"<link rel=preload as=image href='http://localhost:{port}/hit'>"
            f"<link rel=stylesheet href='{target}'><img src='/to?{target}'>"
            f"<script>fetch('{target}').catch(() => 0); navigator.sendBeacon('{target}', 'x');"
            f"new WebSocket('ws://127.0.0.1:{port}/hit'); new EventSource('{target}');"
            f"new Worker(URL.createObjectURL(new Blob(['fetch(\"{target}\")'])));"
            f"fetch('http://[::1]:{port}/hit').catch(() => 0);"
            f"fetch('http://2130706433:{port}/hit').catch(() => 0)</script>"
        )
        time.sleep(0.5)
        bench.open(f"<a href='{target}'>Out</a>")
        box = named(bench.env.tree(), "link").box
        assert box is not None
        bench.act(act.Click(*box.centre))
        time.sleep(0.3)
        assert forbidden.asked == []
        assert bench.env.health()["requests_refused"]
    finally:
        forbidden.close()


def test_downloads_are_refused(bench: Bench) -> None:
    bench.here.plant("PK", "/x.zip")
    tree = bench.open("<a href='/x.zip' download>Take</a>")
    box = named(tree, "link").box
    assert box is not None
    assert bench.act(act.Click(*box.centre)).outcome == "applied"
    assert named(bench.env.tree(), "link").name == "Take"
    assert bench.env.health()["downloads_refused"] == 1


def test_a_start_address_is_allowed_because_it_was_named() -> None:
    pages = Pages()
    try:
        env = WebEnv(WebSettings(start=pages.plant("<h1>Named</h1>")))
        try:
            assert named(env.tree(), "heading").name == "Named"
            assert env.info.extra["site"] == "127.0.0.1"
        finally:
            env.close()
    finally:
        pages.close()
