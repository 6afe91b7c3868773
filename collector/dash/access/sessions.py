"""Sessions: a cookie that says which token opened it and until when, signed with a key of the home.

Nothing is stored. A session ends with its time, with its token, and with the key.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from collector.dash.access.tokens import Token, Tokens
from collector.dash.access.who import Who
from infra.clock import Clock
from infra.errors import Corrupt
from infra.files import sha256_bytes

SESSION_S: Final = 12 * 3600
KEY_BYTES: Final = 32


class Sessions:
    """Opens sessions and knows them again. Raises Corrupt for a key that is none."""

    def __init__(self, place: Path, tokens: Tokens, clock: Clock) -> None:
        self._tokens, self._clock = tokens, clock
        self._key = _key(place / "key")
        self.cookie: Final = f"trawl-{sha256_bytes(self._key)[:8]}"
        """Its name: browsers keep the cookies of all ports of a host together."""

    def open(self, token: Token) -> str:
        """A session for whoever showed this token."""
        until_s = self._clock.now_ns() // 1_000_000_000 + SESSION_S
        said = f"{token.id}.{until_s}"
        return f"{said}.{self._mac(said)}"

    def who(self, session: str) -> Who | None:
        """Whose session this is, if it is one of ours and has not ended."""
        said, _, mac = session.rpartition(".")
        if not said or not mac.isascii() or not hmac.compare_digest(self._mac(said), mac):
            return None
        token_id, _, until_s = said.partition(".")
        if int(until_s) * 1_000_000_000 <= self._clock.now_ns():
            return None
        token = self._tokens.by_id(token_id)
        return token.who if token else None

    def _mac(self, said: str) -> str:
        return hmac.digest(self._key, said.encode("utf-8", "surrogatepass"), "sha256").hex()


def _key(path: Path) -> bytes:
    """The home's key; made by whoever comes first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".key.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    if not path.exists():
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(secrets.token_bytes(KEY_BYTES))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise Corrupt(f"{path} is no key", "remove it: everybody signs in again", str(path))
    return key
