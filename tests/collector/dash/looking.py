"""What a page shows to who looks: where it is too wide, what stands in somebody's way, how long it holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from collector.dash import pages
from collector.dash.pages import navigation
from infra import settings

WIDTHS: Final = (360, 1024, 1920)
GRAVE: Final = ("serious", "critical")
PAGES: Final = tuple(
    entry.href for group in navigation.groups(pages.NAMES) for entry in group.entries
)
"""Every page of the navigation."""
HOSTILE: Final = {
    "markup": (
        '"><img src=x onerror="window.pwned=1"><script>window.pwned=1</script>',
        "<img src=x",
    ),
    "template": ("{{ 7*7 }}${7*7}</title></style>&lt;b&gt;'`", "{{ 7*7 }}${7*7}</title>"),
    "bidi": ("\u202egnp.exe\u202c \u2066a\u2069 \x1b[31mred\x07 \u200bzero", "gnp.exe"),
    "long": ("👩\u200d👩\u200d👧🏳️\u200d🌈 " + "x" * 10_000, "xxxxxxxxxx"),
    "address": ("javascript:window.pwned=1//", "javascript:window.pwned=1//"),
}
"""What guests may call things, and what of it a person reads."""


def of_machine(name: str) -> str:
    """The page of one machine."""
    return f"/machines/{quote(name, safe='')}"


def axe_script() -> Path:
    """The script that looks for barriers; infra/test.sh brings it."""
    found = sorted((settings.load().cache / "tools").glob("axe-core-*/axe.min.js"))
    assert found, "axe-core is missing: bash infra/test.sh browser brings it"
    return found[-1]


def barriers(page: Any) -> list[str]:
    """The grave findings of axe-core about the page that is open: what, how often, and the first place."""
    page.evaluate(axe_script().read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{page.url} {v['id']} {len(v['nodes'])}: {v['nodes'][0]['html'][:160]} {v['nodes'][0]['failureSummary'][:200]}"
        for v in found["violations"]
        if v["impact"] in GRAVE
    ]


def overflow_px(page: Any) -> int:
    """By how much the page is wider than its window."""
    script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(page.evaluate(script))


def too_wide(page: Any) -> list[tuple[int, int]]:
    """The widths of a window that the page is wider than, and by how much."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if (by_px := overflow_px(page)) > 0:
            found.append((width, by_px))
    return found


def longest_task_ms(page: Any, acting: Any) -> float:
    """The longest task of the page's main thread while `acting()`, in its own processor time."""
    session = page.context.browser.new_browser_cdp_session()
    told: list[dict[str, Any]] = []
    session.on("Tracing.dataCollected", lambda said: told.extend(said["value"]))
    done: list[bool] = []
    session.on("Tracing.tracingComplete", lambda _: done.append(True))
    categories = {
        "includedCategories": ["disabled-by-default-devtools.timeline", "toplevel", "__metadata"]
    }
    session.send("Tracing.start", {"traceConfig": categories, "transferMode": "ReportEvents"})
    acting()
    session.send("Tracing.end")
    while not done:
        page.wait_for_timeout(20)
    session.detach()
    threads = {
        (e["pid"], e["tid"])
        for e in told
        if e.get("name") == "thread_name" and e["args"].get("name") == "CrRendererMain"
    }
    tasks = [
        e.get("tdur", 0) / 1000
        for e in told
        if "RunTask" in e.get("name", "") and (e["pid"], e["tid"]) in threads
    ]
    assert tasks, json.dumps([e.get("name") for e in told[:50]])
    return max(tasks)
