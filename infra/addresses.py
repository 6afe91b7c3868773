"""Addresses that carry a user and a password, which nothing of ours takes, keeps or shows."""

from __future__ import annotations

import re
from typing import Final

USER: Final = re.compile(r"\s*[a-z][a-z0-9+.-]*:[/\\]*[^/\\?#]*@", re.IGNORECASE)


def names_user(url: str) -> bool:
    """Whether an address has a user, and maybe a password, before its host."""
    return USER.match(url) is not None
