"""One browser with its tabs: started under a supervisor, answering for what pages spring on it.

Dialogs are answered at once (alerts accepted, questions declined, leaving allowed), popups become
tabs, downloads and file choosers are declined, a page that never stops asking loses its tab.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections import Counter
from collections.abc import Awaitable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from envs.web import chromium, supervisor
from envs.web.settings import WebSettings
from envs.web.tab import Tab
from infra.errors import InfraLost, Unavailable

if TYPE_CHECKING:
    from playwright.async_api import Browser as Driven
    from playwright.async_api import BrowserContext, Dialog, Page, Playwright

T = TypeVar("T")
TABS: Final = 12
REPLACE_S: Final = 5.0
DIALOGS: Final = 25
"""Most dialogs of one document; then its tab is closed and an empty one takes its place."""


class Browser:
    """The tabs of one browser, one of them in front."""

    def __init__(
        self,
        driver: Playwright,
        driven: Driven,
        context: BrowserContext,
        metrics: dict[str, Any],
    ) -> None:
        self.version = driven.version
        self.counts: Counter[str] = Counter()
        self.tabs: list[Tab] = []
        self.adopted = 0
        """Pages taken in so far, also those refused for their number."""
        self._driver, self._driven, self._context = driver, driven, context
        self._metrics = metrics
        self._front: Tab | None = None
        self._lost = ""
        self._changing = asyncio.Lock()
        self._taken_in = asyncio.Event()
        self._gone = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        context.on("page", lambda page: self._later(self._adopt(page)))
        context.on("requestfailed", lambda _: self.counts.update(["requests_refused"]))
        driven.on("disconnected", lambda _: self._lose("the browser ended"))

    @classmethod
    async def launch(
        cls,
        settings: WebSettings,
        hosts: dict[str, str],
        base: Path,
        owner: int,
        egress_port: int | None = None,
    ) -> Browser:
        """Start a browser in `base`. Raises Unavailable when it does not come up."""
        from playwright.async_api import Error, async_playwright

        driver = await async_playwright().start()
        flags = chromium.arguments(base, hosts, settings.locale, egress_port)
        command = [str(chromium.find()), *flags]
        try:
            driven = await driver.chromium.launch(
                executable_path=sys.executable,
                ignore_default_args=True,
                args=_supervised(command, base, owner),
                env=_environment(base),
                chromium_sandbox=True,
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
            context = await driven.new_context(**_context_options(settings))
            browser = cls(driver, driven, context, _metrics(settings))
            await browser.new_tab()
        except BaseException as error:
            await driver.stop()
            if not isinstance(error, Error):
                raise
            lines = [line for line in str(error).splitlines() if line.strip()]
            raise Unavailable(
                f"Chromium did not start: {' / '.join(lines[:3])[:600]}",
                "trawl doctor says what this host lacks",
                "chromium",
            ) from error
        return browser

    def alive(self) -> None:
        """Raise InfraLost when the browser or the page in front is gone."""
        if self._lost:
            raise InfraLost(self._lost, "open another machine", "web")

    def front(self) -> Tab:
        """The tab in front. Raises InfraLost."""
        self.alive()
        if self._front is None:
            raise InfraLost("the browser has no tab", "open another machine", "web")
        return self._front

    def address(self) -> str:
        """The address of the page in front; empty where there is none."""
        return self._front.page.url if self._front else ""

    async def new_tab(self) -> Tab:
        """An empty tab, in front."""
        page = await self._context.new_page()
        await self._adopt(page)
        return self.front()

    async def focus(self, index: int) -> None:
        """Bring a tab to the front."""
        self._front = self.tabs[index]
        await self._front.page.bring_to_front()

    async def adopt_until(self, adopted: int, within_s: float) -> None:
        """Return when so many pages have been taken in, or after `within_s`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while self.adopted < adopted:
                    self._taken_in.clear()
                    await self._taken_in.wait()

    async def unless_lost(self, work: Awaitable[T]) -> T:
        """The result of `work`. Raises InfraLost as soon as the browser or its page is gone."""
        task = asyncio.ensure_future(work)
        lost = asyncio.ensure_future(self._gone.wait())
        try:
            await asyncio.wait({task, lost}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                self.alive()
            return await task
        finally:
            lost.cancel()
            task.cancel()

    async def close_front(self) -> None:
        """Close the tab in front; its left neighbour comes forward."""
        await self._drop(self.front())

    async def stop(self) -> None:
        """End the driver; the browser's own processes are its group's affair."""
        self._lose("the browser was closed")
        await self._driver.stop()

    async def _adopt(self, page: Page) -> None:
        """Make a page that was opened a tab in front, once."""
        async with self._changing:
            if page.is_closed() or any(tab.page is page for tab in self.tabs):
                return
            if len(self.tabs) >= TABS:
                self.counts["tabs_refused"] += 1
                self._take_in()
                await page.close()
                return
            tab = await Tab.attach(self._context, page, self._metrics)
            page.on("dialog", lambda dialog: self._later(self._answer(tab, dialog)))
            page.on("close", lambda _: self._forget(tab))
            page.on("crash", lambda _: self._lose("the page crashed"))
            page.on("filechooser", lambda _: self.counts.update(["choosers_declined"]))
            page.on("download", lambda _: self.counts.update(["downloads_refused"]))
            page.on("domcontentloaded", lambda _: setattr(tab, "dialogs", 0))
            self.tabs.append(tab)
            self._front = tab
            await page.bring_to_front()
            self._take_in()

    def _take_in(self) -> None:
        self.adopted += 1
        self._taken_in.set()

    async def _drop(self, tab: Tab) -> None:
        """Close a tab; its left neighbour comes forward, an empty one where there is none."""
        before = self.adopted
        self._forget(tab)
        if not self.tabs:
            await self.adopt_until(before + 1, REPLACE_S)
        elif self._front is not None:
            await self._front.page.bring_to_front()
        await tab.page.close()

    def _forget(self, tab: Tab) -> None:
        """A tab has gone, by us or by its own script."""
        if tab not in self.tabs:
            return
        place = self.tabs.index(tab)
        self.tabs.remove(tab)
        if self._front is tab:
            self._front = self.tabs[max(0, place - 1)] if self.tabs else None
            if self._front is None and not self._lost:
                self._later(self._replace())

    async def _replace(self) -> None:
        if not self.tabs:
            await self.new_tab()

    async def _answer(self, tab: Tab, dialog: Dialog) -> None:
        """Answer a dialog at once: the page stands still until then."""
        self.counts[f"dialogs_{dialog.type}"] += 1
        tab.dialogs += 1
        if tab.dialogs > DIALOGS and tab in self.tabs:
            self.counts["tabs_closed"] += 1
            await self._drop(tab)
            return
        if dialog.type in {"alert", "beforeunload"}:
            await dialog.accept()
        else:
            await dialog.dismiss()

    def _later(self, work: Any) -> None:
        """Do something an event asks for, when the event has been taken in."""
        task = asyncio.get_running_loop().create_task(_quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _lose(self, reason: str) -> None:
        self._lost = self._lost or reason
        self._gone.set()


async def _quietly(work: Any) -> None:
    """Pages close while they are being answered; that is no error of ours."""
    from playwright.async_api import Error

    try:
        await work
    except Error:
        return


def _supervised(command: list[str], base: Path, owner: int) -> list[str]:
    """The interpreter's arguments that run `command` under the supervisor."""
    own = str(Path(supervisor.__file__))
    return ["-I", own, str(owner), supervisor.started(owner), str(base), "--", *command]


def _environment(base: Path) -> dict[str, str | float | bool]:
    """The browser's environment: a home of its own, and nothing of ours but where programs are."""
    kept = {name: os.environ[name] for name in ("PATH", "TZ") if name in os.environ}
    home = str(base / "home")
    return {
        **kept,
        "HOME": home,
        "XDG_CONFIG_HOME": home,
        "XDG_CACHE_HOME": home,
        "LANG": "C.UTF-8",
    }


def _context_options(settings: WebSettings) -> dict[str, Any]:
    width, height = settings.viewport
    return {
        "viewport": {"width": width, "height": height},
        "screen": {"width": width, "height": height},
        "device_scale_factor": settings.scale,
        "locale": settings.locale,
        "timezone_id": "UTC",
        "color_scheme": settings.theme,
        "reduced_motion": "reduce",
        "accept_downloads": False,
        "service_workers": "block",
        "permissions": [],
    }


def _metrics(settings: WebSettings) -> dict[str, Any]:
    width, height = settings.viewport
    return {
        "width": width,
        "height": height,
        "deviceScaleFactor": settings.scale,
        "mobile": False,
        "screenWidth": width,
        "screenHeight": height,
    }
