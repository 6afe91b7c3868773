"""One tab: its screenshot, and answers from our own script in the page's isolated world.

The script shares the page's elements but not its JavaScript: what a page does to its prototypes
or globals does not reach it. It is put into a document when first asked, and evaluated under a
time limit of the engine itself.
"""

from __future__ import annotations

import asyncio
import base64
import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from envs.web.accessible import Spoken, spoken
from infra.errors import HostileInput
from infra.limits import GUEST_FRAME_BYTES

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, CDPSession, Page

WORLD: Final = "trawl"
SCRIPT_MS: Final = 4000
PARTS: Final = ("roles.js", "names.js", "states.js", "walk.js")
MISSING: Final = "trawlReader is not defined"


@functools.cache
def script() -> str:
    """The reader, as one expression."""
    here = Path(__file__).parent / "page"
    parts = "\n".join((here / name).read_text(encoding="utf-8") for name in PARTS)
    return f'(() => {{ "use strict";\n{parts}\n}})()'


class Tab:
    """A page with the session we speak to it by."""

    def __init__(self, context: BrowserContext, page: Page, session: CDPSession) -> None:
        self.page = page
        self.dialogs = 0
        self.opened = 0
        """Windows its page has opened so far."""
        self.still = asyncio.Event()
        """Set while no document is on its way into its main frame."""
        self.still.set()
        self._context = context
        self._session = session
        self._frame_sessions: dict[str, CDPSession] = {}

    @classmethod
    async def attach(cls, context: BrowserContext, page: Page, metrics: dict[str, Any]) -> Tab:
        """The tab of a page that the browser opened.

        A screenshot has the device's pixels only for the session that set their number.
        """
        session = await context.new_cdp_session(page)
        await session.send("Emulation.setDeviceMetricsOverride", metrics)
        tab = cls(context, page, session)
        await tab._listen()
        return tab

    async def _listen(self) -> None:
        """Hear from the browser when a document is asked for, and when a window opens."""
        await self._session.send("Page.enable")
        main = await _main_frame(self._session)

        def loading(event: dict[str, Any], begins: bool) -> None:
            if event.get("frameId") == main:
                self.still.clear() if begins else self.still.set()

        def opened(_: dict[str, Any]) -> None:
            self.opened += 1

        self._session.on("Page.frameStartedLoading", lambda event: loading(event, begins=True))
        self._session.on("Page.frameStoppedLoading", lambda event: loading(event, begins=False))
        self._session.on("Page.windowOpen", opened)

    async def ask(self, call: str, *arguments: Any, frame: str = "") -> Any:
        """What `trawlReader.call(…)` answers in that frame (the main one by default), from JSON."""
        words = ", ".join(json.dumps(a) for a in arguments)
        answer = await self._evaluate(f"trawlReader.{call}({words})", frame, by_value=True)
        said = answer.get("value")
        if not isinstance(said, str) or len(said) > GUEST_FRAME_BYTES:
            raise HostileInput(f"the page's answer to {call} is no text or too long", "", "web")
        try:
            return json.loads(said)
        except (ValueError, RecursionError) as error:
            raise HostileInput(f"the page's answer to {call} is no JSON", "", "web") from error

    async def node(self, call: str, *arguments: Any, frame: str = "") -> str | None:
        """A handle on the element that `trawlReader.call(…)` returns, None for null."""
        words = ", ".join(json.dumps(a) for a in arguments)
        answer = await self._evaluate(f"trawlReader.{call}({words})", frame, by_value=False)
        return answer.get("objectId")

    async def frame_of(self, element: str, frame: str = "") -> str | None:
        """The id of the frame inside an opaque frame element that was read last."""
        handle = await self.node("frame", element, frame=frame)
        if handle is None:
            return None
        session = await self._session_of(frame)
        described = await session.send("DOM.describeNode", {"objectId": handle})
        found = described["node"].get("frameId")
        return str(found) if found else None

    async def set_files(self, handle: str, files: list[str]) -> None:
        """Give a file field of the main frame these files, as a person's choice would."""
        await self._session.send("DOM.setFileInputFiles", {"files": files, "objectId": handle})

    async def choose(self, handle: str, index: int) -> None:
        """Choose an option of a list box by its index, as a person's choice would."""
        await self._session.send(
            "Runtime.callFunctionOn",
            {
                "objectId": handle,
                "functionDeclaration": "function (i) { this.focus(); this.selectedIndex = i; "
                "for (const kind of ['input', 'change']) "
                "this.dispatchEvent(new Event(kind, {bubbles: true, composed: true})); }",
                "arguments": [{"value": index}],
            },
        )

    async def spoken(self, scale: float) -> list[Spoken]:
        """What the browser tells assistive programs of the main document. Raises HostileInput."""
        return await spoken(self._session, scale)

    async def history(self) -> tuple[int, int]:
        """How many pages lie behind and ahead in this tab; the blank one it began with is none."""
        said = await self._session.send("Page.getNavigationHistory")
        at, entries = int(said["currentIndex"]), said["entries"]
        blank = at > 0 and entries[0]["url"] == "about:blank"
        return at - blank, len(entries) - 1 - at

    async def ping(self) -> None:
        """Return when the page's own thread has answered."""
        await self._evaluate("'here'", "", by_value=True)

    async def painted(self) -> None:
        """Return after the page has drawn its next frame."""
        await self._evaluate(
            "new Promise(done => requestAnimationFrame(() => setTimeout(() => done(''))))",
            "",
            by_value=True,
        )

    async def png(self) -> bytes:
        """The visible part of the page, lossless; quick to write and not small."""
        taken = await self._session.send(
            "Page.captureScreenshot",
            {"format": "png", "optimizeForSpeed": True, "captureBeyondViewport": False},
        )
        return base64.b64decode(taken["data"])

    async def _evaluate(self, expression: str, frame: str, *, by_value: bool) -> dict[str, Any]:
        session = await self._session_of(frame)
        where = frame or await _main_frame(session)
        world = await session.send(
            "Page.createIsolatedWorld", {"frameId": where, "worldName": WORLD}
        )
        request = {
            "expression": expression,
            "contextId": world["executionContextId"],
            "returnByValue": by_value,
            "awaitPromise": True,
            "timeout": SCRIPT_MS,
        }
        answer = await session.send("Runtime.evaluate", request)
        if MISSING in str(answer.get("exceptionDetails", "")):
            await session.send("Runtime.evaluate", {**request, "expression": script()})
            answer = await session.send("Runtime.evaluate", request)
        if "exceptionDetails" in answer:
            said = answer["exceptionDetails"].get("exception", {}).get("description", "")
            raise HostileInput(f"the page broke our reader: {said[:300]}", "", "web")
        return dict(answer["result"])

    async def _session_of(self, frame: str) -> CDPSession:
        """The session a frame answers on: its own where it lives in another process."""
        if not frame:
            return self._session
        if frame not in self._frame_sessions:
            self._frame_sessions = await self._remote_frames()
        return self._frame_sessions.get(frame, self._session)

    async def _remote_frames(self) -> dict[str, CDPSession]:
        from playwright.async_api import Error

        found = {}
        for frame in self.page.frames[1:]:
            try:
                session = await self._context.new_cdp_session(frame)
                found[await _main_frame(session)] = session
            except Error:  # it shares its parent's process, or has just gone
                continue
        return found


async def _main_frame(session: CDPSession) -> str:
    tree = await session.send("Page.getFrameTree")
    return str(tree["frameTree"]["frame"]["id"])
