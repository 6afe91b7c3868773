"""The web machine keeps what every machine must keep, at any scale, language and theme."""

from __future__ import annotations

import pytest

from envs import conformance
from envs.web import open_web
from infra.clock import SystemClock

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "settings",
    [{}, {"start": "mail", "scale": 1.25, "locale": "zh-CN", "theme": "dark"}],
    ids=["plain", "scaled"],
)
def test_the_web_machine_passes_every_check(settings: dict[str, object]) -> None:
    report = conformance.check("web", lambda: open_web(**settings), SystemClock())
    assert report.failures() == []
    assert report.counts["passed"] > 60
    assert {r.detail for r in report.results if r.outcome == "skipped"} == {
        "this machine has no checkpoints",
        "this machine has no branches",
    }
