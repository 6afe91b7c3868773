"""A web machine: one browser on our sites, or on what the operator allows, as an `Env`."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import struct
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from envs.acting import Once, performed_by
from envs.actions import Action
from envs.base import ActResult, Capabilities
from envs.hostile import Sieve
from envs.loop import Loop
from envs.types import Box, EnvInfo, Screen, Tree
from envs.web import chromium, origins, uploads
from envs.web.accessible import Spoken
from envs.web.browser import Browser
from envs.web.group import Group
from envs.web.input import Input
from envs.web.origins import Origin
from envs.web.playground import WebPlayground
from envs.web.reading import Holder, PageReader
from envs.web.server import Server
from envs.web.settings import WebSettings
from envs.web.sites import catalogue
from infra import egress
from infra.clock import Clock, Deadline, SystemClock
from infra.errors import DeadlineExceeded, HostileInput, InfraLost, TrawlError
from infra.ids import Ids, RandomIds

T = TypeVar("T")
OPEN_S: Final = 60.0
CLOSE_S: Final = 5.0
AGAIN_S: Final = 0.05
POPUP: Final = "native-popup"
"""Note of a tree over which the browser draws a picker or a complaint of its own."""
IHDR: Final = struct.Struct(">8sI4sII")


class WebEnv:
    """One browser process group, its sites' server, and the thread that speaks to it."""

    capabilities = Capabilities(
        family="web", hit_test=True, install=True, actions=performed_by("web")
    )

    def __init__(
        self, settings: WebSettings, clock: Clock | None = None, ids: Ids | None = None
    ) -> None:
        """Start it and open its first page. Raises Unavailable, UsageError, NotFound."""
        chromium.refuse_root()
        chromium.find()
        self._policy = egress.Policy.of(settings.network)
        start, allowed = _start(settings, self._policy)
        self._settings, self._clock = settings, clock or SystemClock()
        self._allowed = allowed
        self._once = Once(self.capabilities.actions, self._clock)
        self._machine_id = (ids or RandomIds()).uuid()
        self._reader = PageReader()
        self._shown: frozenset[str] = frozenset()
        self._holders: dict[str, Holder] = {}
        self._popups: list[Box] = []
        self._closed = False
        self._base = Path(tempfile.mkdtemp(prefix="trawl-web-"))
        self._uploads = uploads.fill(self._base / "uploads", settings.language)
        self._server = Server()
        self._loop = Loop(f"web-{self._machine_id[:8]}")
        self._proxy: egress.Proxy | None = None
        self._browser: Browser | None = None
        self._group: Group | None = None
        try:
            self._open(start)
        except BaseException:
            self.close()
            raise

    def _open(self, start: str) -> None:
        hosts = origins.hosts(self._allowed, self._server.port)
        launched = Browser.launch(
            self._settings, hosts, self._base, os.getpid(), self._open_network()
        )
        self._browser = self._loop.run(launched, OPEN_S, "opening the browser")
        self._group = Group.read(self._base)
        self._input = Input(self._browser, self._settings.scale, self._uploads, self._may_open)
        self._run(self._input.open(start), OPEN_S, "opening the first page")

    def _open_network(self) -> int | None:
        """Start the machine's proxy where its settings name a network; the port it listens at."""
        if not self._policy.allow:
            return None
        self._proxy = egress.Proxy(self._policy, self._machine_id)
        return self._loop.run(self._proxy.listen(), OPEN_S, "opening the network")

    @property
    def info(self) -> EnvInfo:
        """The host, the browser, and the page it shows."""
        browser = self._browser
        release = platform.freedesktop_os_release()
        return EnvInfo(
            platform="web",
            width=self._settings.width,
            height=self._settings.height,
            scale=self._settings.scale,
            os_id=release.get("ID", ""),
            os_version=release.get("VERSION_ID", ""),
            machine_id=self._machine_id,
            extra={
                "browser": f"Chromium {browser.version}" if browser else "",
                "site": self._site(),
                "url": browser.address() if browser else "",
                "pages": self._pages(),
                "seed": self._settings.seed,
                "theme": self._settings.theme,
                "locale": self._settings.locale,
                "uploads": sorted(p.name for p in self._uploads.iterdir()) if browser else [],
            },
        )

    def _pages(self) -> list[str]:
        """The addresses that may be visited from here: our sites, where it started on one."""
        settings = self._settings
        if "://" in settings.start:
            return []
        return catalogue.addresses(settings.seed, settings.theme, settings.language)

    def tree(self) -> Tree:
        """The elements that show now, ids kept as long as their document lives."""
        start = self._clock.now_ns()
        tab = self._live().front
        reading = self._patiently(lambda: self._reader.read(tab()), "reading the page")
        self._holders = reading.holders
        site = catalogue.site_of(reading.url) or Path(reading.url).name or "web"
        common = {"app": site, "window": reading.title[:200], "toolkit": "html"}
        sieve = Sieve(self._settings.width, self._settings.height)
        tree = sieve.tree(
            ({**row, **common} for row in reading.rows),
            "dom",
            start,
            self._clock.now_ns(),
            truncated=reading.truncated,
        )
        self._shown = frozenset(element.id for element in tree.elements)
        self._popups = [Box(*sides) for sides in reading.popups]
        return replace(tree, notes=(*tree.notes, POPUP)) if self._popups else tree

    def screen(self) -> Screen:
        """The page as it is drawn, every pixel of it."""
        import cv2

        tab = self._live().front
        png = self._patiently(lambda: tab().png(), "taking the screen")
        taken_ns = self._clock.now_ns()
        self._check_size(png)
        pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
        if pixels is None:
            raise HostileInput("the browser's screenshot is no picture", "", "web")
        rgb = cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)
        return Screen(np.asarray(rgb, np.uint8), taken_ns, self._settings.scale)

    def hit(self, x: int, y: int) -> str | None:
        """The innermost element of the last tree on top at that pixel.

        None also where a picker of the browser's own may lie over the page.
        """
        if not (0 <= x < self._settings.width and 0 <= y < self._settings.height):
            return None
        if any(box.contains(x, y) for box in self._popups):
            return None
        if not self._shown:
            self.tree()
        return self._patiently(lambda: self._hit(x, y), "asking what is on top")

    def spoken(self) -> list[Spoken]:
        """What the browser itself tells assistive programs of the main document, and where it is."""
        tab, scale = self._live().front, self._settings.scale
        return self._patiently(lambda: tab().spoken(scale), "asking for what it tells")

    def act(self, action: Action, step_id: str, fence: int) -> ActResult:
        """Perform it at most once per step id; see `envs.base.Acts`."""
        self._live()
        size = (self._settings.width, self._settings.height)
        return self._once.perform(action, step_id, fence, size, self._do)

    def health(self) -> dict[str, str | int | float]:
        """A live answer from the page, and what the browser holds."""
        browser = self._live()
        before = self._clock.monotonic_s()
        self._patiently(lambda: browser.front().ping(), "asking how it is")
        took = self._clock.monotonic_s() - before
        group = self._group
        return {
            "pid": group.pid if group else 0,
            "processes": len([*group.members()]) if group else 0,
            "rss_bytes": group.rss_bytes() if group else 0,
            "tabs": len(browser.tabs),
            "answer_ms": round(took * 1000, 1),
            "url": browser.address(),
            **browser.counts,
            **{
                f"egress_{what}": n
                for what, n in (self._proxy.counts if self._proxy else {}).items()
            },
        }

    def put_file(self, name: str, data: bytes) -> None:
        """Add a file that `upload_file` may give to a page."""
        uploads.put(self._uploads, name, data)

    def get_file(self, name: str) -> bytes:
        """Read back a file of the upload directory."""
        return uploads.get(self._uploads, name)

    def playground(self) -> WebPlayground:
        """A page whose answers are known, in the tab in front."""
        browser = self._live()

        def run(work: Callable[[Any], Awaitable[Any]]) -> Any:
            return self._run(work(browser.front().page), self._settings.act_s, "the playground")

        return WebPlayground(run, self._settings.scale)

    def close(self) -> None:
        """End every process of the browser, its server and its directory; twice is fine."""
        if self._closed:
            return
        self._closed = True
        if self._group is None:
            self._group = Group.read(self._base)
        if self._group is not None:
            self._group.end(CLOSE_S)
        self._stop_driver()
        self._close_network()
        self._loop.close()
        self._server.close()
        shutil.rmtree(self._base, ignore_errors=True)

    def _close_network(self) -> None:
        """End the proxy with what it carries."""
        if self._proxy is not None:
            with contextlib.suppress(TrawlError):
                self._loop.run(self._proxy.close(), CLOSE_S, "closing the network")

    def _stop_driver(self) -> None:
        """Have the driver end; kill it where it does not, and let the loop see its end."""
        from playwright.async_api import Error

        if self._browser is None:
            return
        for _ in range(2):
            try:
                self._loop.run(self._browser.stop(), CLOSE_S, "closing the browser")
            except (TrawlError, Error):
                if self._group is not None:
                    self._group.end_driver()
            else:
                return

    # --- how -------------------------------------------------------------------------------

    def _live(self) -> Browser:
        """The browser. Raises InfraLost when it is gone."""
        if self._closed or self._browser is None:
            raise InfraLost("the browser was closed", "open another machine", "web")
        self._browser.alive()
        return self._browser

    def _do(self, action: Action) -> str:
        self._run(self._input.perform(action), self._settings.act_s, action.name)
        return "playwright"

    def _run(self, work: Any, within_s: float, what: str) -> Any:
        """Have the loop do it once; what the driver raises becomes ours, outcome unknown."""
        from playwright.async_api import Error

        try:
            watched = self._browser.unless_lost(work) if self._browser else work
            return self._loop.run(watched, within_s, what)
        except Error as error:
            self._live()
            raise DeadlineExceeded(f"{what}: {str(error).splitlines()[0][:300]}") from error

    def _patiently(self, ask: Callable[[], Awaitable[T]], what: str) -> T:
        """Ask until a page stands still long enough to answer. Raises DeadlineExceeded."""
        deadline = Deadline.after(self._clock, self._settings.observe_s)
        while True:
            try:
                answer: T = self._run(_awaited(ask), max(0.1, deadline.left_s()), what)
            except DeadlineExceeded:
                self._live()
                if deadline.is_past():
                    raise
                self._clock.sleep(AGAIN_S)
            else:
                return answer

    async def _hit(self, x: int, y: int) -> str | None:
        tab = self._live().front()
        point = ((x + 0.5) / self._settings.scale, (y + 0.5) / self._settings.scale)
        chain = await tab.ask("chain", *point)
        while chain and chain[0] in self._holders:
            holder = self._holders[chain[0]]
            inner = await tab.ask(
                "chain", point[0] - holder.dx, point[1] - holder.dy, frame=holder.inside
            )
            chain = [*inner, *chain]
            if not inner or inner[0] not in self._holders:
                break
        return next((str(i) for i in chain if i in self._shown), None)

    def _check_size(self, png: bytes) -> None:
        """Raise HostileInput for a picture of another size than the screen's."""
        if len(png) < IHDR.size:
            raise HostileInput("the browser's screenshot is cut short", "", "web")
        _, _, _, width, height = IHDR.unpack(png[: IHDR.size])
        if (width, height) != (self._settings.width, self._settings.height):
            raise HostileInput(f"the browser's screenshot is {width}x{height}", "", "web")

    def _may_open(self, origin: Origin) -> bool:
        named = origin in self._allowed or self._policy.allows(origin.host, origin.port)
        return origin.is_ours or named

    def _site(self) -> str:
        start = self._settings.start
        return start if start in catalogue.names() else Origin.of(start).host


async def _awaited(ask: Callable[[], Awaitable[T]]) -> T:
    return await ask()


def _start(settings: WebSettings, policy: egress.Policy) -> tuple[str, tuple[Origin, ...]]:
    """The first page's address, and the origins reached directly besides our sites."""
    allowed = tuple(Origin.of(url) for url in settings.allow)
    if "://" in settings.start:
        origin = Origin.of(settings.start)
        direct = not (origin.is_ours or policy.allows(origin.host, origin.port))
        return settings.start, (*allowed, origin) if direct else allowed
    site = catalogue.find(settings.start)
    return site.address(settings.seed, settings.theme, settings.language), allowed
