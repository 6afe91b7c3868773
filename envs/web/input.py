"""How each action is done in a browser: Playwright's pointer and keys, in CSS pixels.

A page that refuses something it can be asked about first (no such option, no file field there)
raises ActionRejected before anything happens.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from envs import actions as act
from envs.acting import LONGEST_WAIT_S
from envs.keyboard import canonical, is_typable, key_of
from envs.web.browser import Browser
from envs.web.origins import Origin
from envs.web.tab import Tab
from infra.errors import ActionRejected, TrawlError, UsageError

if TYPE_CHECKING:
    from playwright.async_api import Page

NOTCH_CSS_PX: Final = 100
"""How far one notch of a wheel scrolls a page."""
TYPED_CHARS: Final = 400
"""Longer text goes in at once, as a paste does, and not key by key."""
LOAD_S: Final = 6.0
LOAD_MS: Final = LOAD_S * 1000
WINDOW_S: Final = 2.0
PAINT_S: Final = 0.6
KEYS: Final = {
    "alt": "Alt", "altright": "AltGraph", "backspace": "Backspace", "capslock": "CapsLock",
    "ctrl": "Control", "ctrlright": "ControlRight", "delete": "Delete", "down": "ArrowDown",
    "end": "End", "enter": "Enter", "esc": "Escape", "home": "Home", "insert": "Insert",
    "left": "ArrowLeft", "menu": "ContextMenu", "pagedown": "PageDown", "pageup": "PageUp",
    "printscreen": "PrintScreen", "right": "ArrowRight", "shift": "Shift",
    "shiftright": "ShiftRight", "space": "Space", "tab": "Tab", "up": "ArrowUp", "win": "Meta",
}  # fmt: skip
"""Playwright's names of our keys; function keys only change their case."""
PLACES: Final = {
    "`": "Backquote", "-": "Minus", "=": "Equal", "[": "BracketLeft", "]": "BracketRight",
    "\\": "Backslash", ";": "Semicolon", "'": "Quote", ",": "Comma", ".": "Period", "/": "Slash",
}  # fmt: skip


class Input:
    """Performs actions in the tab in front of one browser."""

    def __init__(
        self, browser: Browser, scale: float, uploads: Path, allowed: Callable[[Origin], bool]
    ) -> None:
        self._browser = browser
        self._scale = scale
        self._uploads = uploads
        self._allowed = allowed

    async def open(self, url: str) -> None:
        """Open the first page."""
        await self._do(act.Goto(url))

    async def perform(self, action: act.Action) -> None:
        """Do it, and wait for the page or the window that it leads to. Raises ActionRejected."""
        tab = self._browser.front()
        opened, adopted = tab.opened, self._browser.adopted
        await self._do(action)
        await self._drawn()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(tab.still.wait(), LOAD_S)
        if new := tab.opened - opened:
            await self._browser.adopt_until(adopted + new, WINDOW_S)
            await self._drawn()

    async def _drawn(self) -> None:
        """The page in front has drawn a frame, or is busy with something else."""
        from playwright.async_api import Error

        with contextlib.suppress(Error, TimeoutError, TrawlError):
            await asyncio.wait_for(self._browser.front().painted(), PAINT_S)

    @functools.singledispatchmethod
    async def _do(self, action: act.Action) -> None:
        raise ActionRejected(f"a web machine does not perform {action.name!r}", "", action.name)

    # --- pointer ---------------------------------------------------------------------------

    @_do.register
    async def _click(self, action: act.Click) -> None:
        keys = [_key(name) for name in action.modifiers]
        await self._press_at(action.x, action.y, action.button, action.clicks, keys)

    @_do.register
    async def _double_click(self, action: act.DoubleClick) -> None:
        await self._press_at(action.x, action.y, "left", 2)

    @_do.register
    async def _triple_click(self, action: act.TripleClick) -> None:
        await self._press_at(action.x, action.y, "left", 3)

    @_do.register
    async def _right_click(self, action: act.RightClick) -> None:
        await self._press_at(action.x, action.y, "right", 1)

    @_do.register
    async def _middle_click(self, action: act.MiddleClick) -> None:
        await self._press_at(action.x, action.y, "middle", 1)

    @_do.register
    async def _move_to(self, action: act.MoveTo) -> None:
        await self._page.mouse.move(*self._css(action.x, action.y))

    @_do.register
    async def _mouse_down(self, action: act.MouseDown) -> None:
        await self._page.mouse.down(button=action.button)

    @_do.register
    async def _mouse_up(self, action: act.MouseUp) -> None:
        await self._page.mouse.up(button=action.button)

    @_do.register
    async def _drag(self, action: act.Drag) -> None:
        if not action.path:
            raise ActionRejected("a drag without a path", "", "drag")
        page = self._page
        first = action.path[0]
        await page.mouse.move(*self._css(first.x, first.y))
        await page.mouse.down(button=action.button)
        at_ms = first.t_ms
        for point in action.path[1:]:
            await asyncio.sleep(min(max(0, point.t_ms - at_ms), 1000) / 1000)
            at_ms = point.t_ms
            await page.mouse.move(*self._css(point.x, point.y), steps=3)
        await page.mouse.up(button=action.button)

    @_do.register
    async def _scroll(self, action: act.Scroll) -> None:
        page = self._page
        await page.mouse.move(*self._css(action.x, action.y))
        await page.mouse.wheel(action.dx * NOTCH_CSS_PX, -action.dy * NOTCH_CSS_PX)

    # --- keyboard --------------------------------------------------------------------------

    @_do.register
    async def _write(self, action: act.Write) -> None:
        keyboard = self._page.keyboard
        if action.clear:
            await keyboard.press("Control+KeyA")
            await keyboard.press("Delete")
        if len(action.text) <= TYPED_CHARS and is_typable(action.text):
            await keyboard.type(action.text)
        elif action.text:
            await keyboard.insert_text(action.text)
        if action.submit:
            await keyboard.press("Enter")

    @_do.register
    async def _press(self, action: act.Press) -> None:
        keys = [_key(name) for name in action.keys]
        for _ in range(action.presses):
            for key in keys:
                await self._page.keyboard.press(key)

    @_do.register
    async def _hotkey(self, action: act.Hotkey) -> None:
        keys = [_key(name) for name in action.keys]
        await self._held(keys, _nothing)

    @_do.register
    async def _key_down(self, action: act.KeyDown) -> None:
        await self._page.keyboard.down(_key(action.key))

    @_do.register
    async def _key_up(self, action: act.KeyUp) -> None:
        await self._page.keyboard.up(_key(action.key))

    @_do.register
    async def _hold_key(self, action: act.HoldKey) -> None:
        await self._held([_key(action.key)], functools.partial(_pause, action.duration_s))

    # --- browser ---------------------------------------------------------------------------

    @_do.register
    async def _select_option(self, action: act.SelectOption) -> None:
        tab = self._browser.front()
        target = await self._target(tab, action.x, action.y, "select", "list box")
        wanted = [
            index
            for index, (value, text, disabled) in enumerate(target["options"])
            if action.value in {value, str(text).strip()} and not disabled
        ]
        if not wanted:
            raise ActionRejected(f"the list box has no option {action.value!r}", "", "value")
        handle = await tab.node("targetElement", *self._css(action.x, action.y))
        if handle is None:
            raise ActionRejected("the list box has gone", "", "select_option")
        await tab.choose(handle, wanted[0])

    @_do.register
    async def _upload_file(self, action: act.UploadFile) -> None:
        path = self._uploads / action.file_name
        if path.parent != self._uploads or not path.is_file():
            names = sorted(p.name for p in self._uploads.iterdir())
            raise ActionRejected(
                f"no file {action.file_name!r} to upload", f"there are: {', '.join(names)}", "web"
            )
        tab = self._browser.front()
        await self._target(tab, action.x, action.y, "file", "file field")
        handle = await tab.node("targetElement", *self._css(action.x, action.y))
        if handle is None:
            raise ActionRejected("the file field has gone", "", "upload_file")
        await tab.set_files(handle, [str(path)])

    @_do.register
    async def _goto(self, action: act.Goto) -> None:
        from playwright.async_api import Error

        if action.url != "about:blank":
            self._check(action.url)
        try:
            await self._page.goto(action.url, wait_until="load", timeout=LOAD_MS)
        except Error as error:
            _unless_said(error)

    @_do.register
    async def _go_back(self, action: act.GoBack) -> None:
        del action
        await self._travel(-1)

    @_do.register
    async def _go_forward(self, action: act.GoForward) -> None:
        del action
        await self._travel(1)

    @_do.register
    async def _new_tab(self, action: act.NewTab) -> None:
        del action
        await self._browser.new_tab()

    @_do.register
    async def _tab_focus(self, action: act.TabFocus) -> None:
        if not 0 <= action.index < len(self._browser.tabs):
            raise ActionRejected(f"no tab {action.index}, there are {len(self._browser.tabs)}")
        await self._browser.focus(action.index)

    @_do.register
    async def _tab_close(self, action: act.TabClose) -> None:
        del action
        if len(self._browser.tabs) == 1:
            raise ActionRejected("the last tab stays open")
        await self._browser.close_front()

    @_do.register
    async def _wait(self, action: act.Wait) -> None:
        await asyncio.sleep(max(0.0, min(action.seconds, LONGEST_WAIT_S)))

    # --- how -------------------------------------------------------------------------------

    @property
    def _page(self) -> Page:
        return self._browser.front().page

    def _css(self, x: int, y: int) -> tuple[float, float]:
        """The middle of a screen pixel in CSS pixels."""
        return (x + 0.5) / self._scale, (y + 0.5) / self._scale

    async def _press_at(
        self, x: int, y: int, button: act.Button, clicks: int, keys: list[str] | None = None
    ) -> None:
        page = self._page
        point = self._css(x, y)

        async def presses() -> None:
            await page.mouse.move(*point)
            for count in range(1, clicks + 1):
                await page.mouse.down(button=button, click_count=count)
                await page.mouse.up(button=button, click_count=count)

        await self._held(keys or [], presses)

    async def _held(self, keys: list[str], work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` while these keys are down; they come up again whatever happens."""
        keyboard = self._page.keyboard
        down: list[str] = []
        try:
            for key in keys:
                await keyboard.down(key)
                down.append(key)
            await work()
        finally:
            for key in reversed(down):
                await keyboard.up(key)

    async def _target(self, tab: Tab, x: int, y: int, kind: str, what: str) -> dict[str, Any]:
        target = await tab.ask("target", *self._css(x, y))
        if not isinstance(target, dict) or target.get("kind") != kind:
            raise ActionRejected(f"no {what} at ({x}, {y})", "", kind)
        if target.get("disabled"):
            raise ActionRejected(f"the {what} at ({x}, {y}) is disabled", "", kind)
        return target

    def _check(self, url: str) -> None:
        """Raise ActionRejected for an address this machine may not open."""
        try:
            origin = Origin.of(url)
        except UsageError as error:
            raise ActionRejected(error.message, error.hint, url) from error
        if not self._allowed(origin):
            raise ActionRejected(
                f"{origin.scheme}://{origin.host} is not among the allowed origins",
                "name it in `allow` when opening the machine",
                url,
            )

    async def _travel(self, steps: int) -> None:
        """Go along this tab's history. Raises ActionRejected at its end."""
        from playwright.async_api import Error

        tab = self._browser.front()
        behind, ahead = await tab.history()
        if (behind if steps < 0 else ahead) < 1:
            raise ActionRejected(f"there is no page further {'back' if steps < 0 else 'forward'}")
        go = tab.page.go_back if steps < 0 else tab.page.go_forward
        try:
            await go(wait_until="load", timeout=LOAD_MS)
        except Error as error:
            _unless_said(error)


def _unless_said(error: Exception) -> None:
    """Raise what is no answer to a navigation.

    An address that does not answer shows the browser's own page for that; one that loads for long
    is loading; a page may go elsewhere by itself. In all three the navigation was asked for.
    """
    said = str(error)
    if not any(word in said for word in ("net::", "Timeout", "interrupted by another")):
        raise error


def _key(name: str) -> str:
    """Playwright's name of a key. Raises ActionRejected for none of ours.

    A plain character is named by its place on the keyboard, so that a shift held down by another
    action counts; a shifted one by itself, which presses no shift but types it.
    """
    key = canonical(name)
    if key is None:
        raise ActionRejected(f"no key named {name!r}", "", "key")
    made = key_of(name)
    if made is not None and made.shift:
        return name
    if key.isalpha() and len(key) == 1:
        return f"Key{key.upper()}"
    if key.isdigit():
        return f"Digit{key}"
    return PLACES.get(key) or KEYS.get(key, key.upper())


async def _nothing() -> None:
    return


async def _pause(seconds: float) -> None:
    await asyncio.sleep(max(0.0, min(seconds, LONGEST_WAIT_S)))
