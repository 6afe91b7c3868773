"""What the dashboard's tests share: a desk over a home of its own, a real server, a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from collector.dash.desk import Desk
from envs.web import chromium
from infra.store.rows import Machine
from tests.collector.dash.seeding import seed
from tests.collector.dash.serving import Served, desk_at, serving

POLICY_WATCH = "addEventListener('securitypolicyviolation', e => console.error('CSP', e.blockedURI, e.violatedDirective))"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk over an empty home."""
    with desk_at(tmp_path) as made:
        yield made


@pytest.fixture
def seeded(desk: Desk) -> Callable[..., list[Machine]]:
    """`seeded(machines=200, events=5000)` fills the desk's database."""
    return lambda machines=0, events=0, **fields: seed(desk, machines, events, **fields)


@pytest.fixture
def served(desk: Desk) -> Iterator[Served]:
    """The desk, served on loopback."""
    with serving(desk) as running:
        yield running


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host without QEMU and Chromium: the doctor starts neither."""
    monkeypatch.setenv("PATH", "/nowhere")


@pytest.fixture(scope="module")
def driven() -> Iterator[Any]:
    """Chromium, headless and in its sandbox; one a module, so that no loop outlives it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=str(chromium.find()), headless=True, chromium_sandbox=True
        )
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What pages complained of: errors and breaches of the policy; a test ends without any."""
    return []


@pytest.fixture
def page(driven: Any, served: Served, complaints: list[str]) -> Iterator[Any]:
    """A tab that is signed in as admin; what its page complains of fails the test."""
    context = driven.new_context(base_url=served.url, viewport={"width": 1024, "height": 768})
    name, value = served.session()
    context.add_cookies([{"name": name, "value": value, "url": served.url, "httpOnly": True,
                          "sameSite": "Strict"}])  # fmt: skip
    context.add_init_script(POLICY_WATCH)
    tab = context.new_page()
    tab.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    yield tab
    context.close()
    assert complaints == []
