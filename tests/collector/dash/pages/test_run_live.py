"""A run's page goes on with its run, without being loaded again."""

from __future__ import annotations

import pytest

from infra.store import runs
from tests.collector.dash.recorded import RUN, ran

pytestmark = pytest.mark.browser


def test_a_run_that_goes_on_is_seen_to_go_on(desk, page):
    ran(desk, ("ep-1", "completed", ""), planned=2)
    page.goto(f"/runs/{RUN}")
    page.evaluate("window.unchanged = true")
    assert "1/2" in page.inner_text("#figures")
    with desk.store.write() as tx:
        episode = runs.claim(tx, ["ubuntu"], "ep-2", desk.clock.now_ns())
        assert episode is not None
        runs.end(tx, episode, "failed", "the machine <b>broke</b>", desk.clock.now_ns())
    page.locator("#figures", has_text="2/2").wait_for(timeout=8000)
    assert "the machine <b>broke</b>" in page.inner_text("#course")
    assert "ep-2" in page.inner_text("#episodes")
    assert page.evaluate("window.unchanged")
