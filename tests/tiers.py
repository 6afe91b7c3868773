"""The tiers of the suite: unit, browser, machine. Hooks for the conftest.

A real browser or machine that a test wanted and did not get is a failure, never a skip; so is a
module that skips itself. The summary ends with the minutes that each tier took.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from typing import Any, Final

import pytest
from xdist.scheduler import LoadScopeScheduling

ORDER: Final = ("unit", "browser", "machine")
SOAK: Final = "/test_soak.py"


def tier_of(item: pytest.Item) -> str:
    """The tier that a test is marked for."""
    return next((tier for tier in ORDER[1:] if item.get_closest_marker(tier)), ORDER[0])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The quick tiers first, each in its own order."""
    items.sort(key=lambda item: ORDER.index(tier_of(item)))


class Machines(LoadScopeScheduling):
    """Machines one after the other, for they share a template's memory; the soak beside them."""

    def _split_scope(self, nodeid: str) -> str:
        return SOAK if SOAK in nodeid else "machines"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Machines | None:
    """Ours where tests go to workers by scope."""
    return Machines(config, log) if config.getvalue("dist") == "loadscope" else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a real machine's or browser's test into a failure."""
    report = yield
    report.tier = tier_of(item)
    if report.skipped and report.tier != "unit" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} needs the real thing and was skipped: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a module that skips itself into a failure."""
    report = yield
    if report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} skipped itself: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tests and minutes by tier."""
    seconds: Counter[str] = Counter()
    tests: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[report.tier] += report.duration
                tests[report.tier] += report.when == "call"
    terminalreporter.section("minutes by tier")
    for tier in filter(seconds.__contains__, ORDER):
        terminalreporter.write_line(f"{tier:8} {tests[tier]:5} tests {seconds[tier] / 60:6.1f} min")
