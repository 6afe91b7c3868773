"""A browser on pages that a test plants: two servers, so that there are two origins."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from envs.actions import Action, Goto
from envs.base import ActResult
from envs.types import Element, Tree
from envs.web import WebEnv, WebSettings


class Pages:
    """Serves what was planted, and remembers who asked for what."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.asked: list[str] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                owner.asked.append(self.path)
                found = owner.pages.get(self.path)
                if self.path.startswith("/to?"):
                    self.send_response(302)
                    self.send_header("Location", self.path[4:])
                else:
                    self.send_response(200 if found is not None else 404)
                body = (found or "").encode()
                kind = "application/zip" if self.path.endswith(".zip") else "text/html"
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def plant(self, html: str, path: str = "") -> str:
        path = path or f"/p{len(self.pages)}"
        self.pages[path] = f"<!doctype html><meta charset=utf-8><body>{html}"
        return self.origin + path

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()


class Bench:
    """A machine, planted pages, and a way to look behind them."""

    def __init__(self, env: WebEnv, here: Pages, elsewhere: Pages) -> None:
        self.env, self.here, self.elsewhere = env, here, elsewhere
        self._steps = itertools.count()

    def act(self, action: Action) -> ActResult:
        return self.env.act(action, f"s{next(self._steps)}", 1)

    def open(self, html: str) -> Tree:
        result = self.act(Goto(self.here.plant(html)))
        assert result.outcome == "applied", result
        return self.env.tree()

    def js(self, expression: str) -> Any:
        page = self.env._live().front().page
        return self.env._run(page.evaluate(expression), 10.0, "the test")

    def rect(self, selector: str) -> list[int]:
        said = self.js(
            f"(() => {{ const r = document.querySelector({selector!r}).getBoundingClientRect();"
            " return [r.left, r.top, r.right, r.bottom].map(v => Math.round(v * devicePixelRatio));"
            "})()"
        )
        return [int(v) for v in said]


def named(tree: Tree, role: str, name: str | None = None) -> Element:
    found = [e for e in tree.elements if e.role == role and (name is None or e.name == name)]
    assert len(found) == 1, f"{role} {name!r}: {[(e.role, e.name) for e in tree.elements]}"
    return found[0]


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    yield from opened(observe_s=8.0, act_s=8.0)


def opened(observe_s: float, act_s: float) -> Iterator[Bench]:
    here, elsewhere = Pages(), Pages()
    allow = (here.origin, elsewhere.origin)
    settings = WebSettings(start="widgets", allow=allow, observe_s=observe_s, act_s=act_s)
    env = WebEnv(settings)
    try:
        yield Bench(env, here, elsewhere)
    finally:
        env.close()
        here.close()
        elsewhere.close()
