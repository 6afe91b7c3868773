"""The web machine: Chromium through Playwright, on sites of our own or what an operator allows."""

from __future__ import annotations

import dataclasses
import inspect
from typing import Any

from envs.registry import env
from envs.web.machine import WebEnv
from envs.web.settings import WebSettings
from infra.errors import NotFound, UsageError

__all__ = ["WebEnv", "WebSettings", "open_web"]


@env("web")
def open_web(**settings: Any) -> WebEnv:
    """Open one web machine; keywords are the fields of `WebSettings`.

    Raises UsageError with the nearest field for one that does not exist.
    """
    known = [field.name for field in dataclasses.fields(WebSettings)]
    for key in settings:
        if key not in known:
            offer = NotFound.among("setting of a web machine", key, known)
            raise UsageError(offer.message, offer.hint, key)
    lists = {key: tuple(settings.get(key, ())) for key in ("allow", "network")}
    return WebEnv(WebSettings(**(settings | lists)))


# Who asks which settings there are asks the factory's signature.
vars(open_web)["__signature__"] = inspect.signature(WebSettings)
