"""The web machine: Chromium through Playwright, on sites of our own or what an operator allows."""

from __future__ import annotations

from typing import Any

from envs.registry import env
from envs.web.machine import WebEnv
from envs.web.settings import WebSettings

__all__ = ["WebEnv", "WebSettings", "open_web"]


@env("web")
def open_web(**settings: Any) -> WebEnv:
    """Open one web machine; keywords are the fields of `WebSettings`."""
    allow = settings.pop("allow", ())
    return WebEnv(WebSettings(**settings, allow=tuple(allow)))
