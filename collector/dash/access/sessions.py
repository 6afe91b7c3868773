"""Sessions: a cookie that says which token opened it and until when, signed with a key of the home.

Nothing is stored but which ones were left before their time. A session ends when it is left, with
its time, with its token, and with the key, in every process of the home at once.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from collector.dash.access.tokens import Token, Tokens
from collector.dash.access.who import Who
from infra.clock import Clock
from infra.errors import Corrupt, Unavailable
from infra.files import sha256_bytes

SESSION_S: Final = 12 * 3600
KEY_BYTES: Final = 32
PARTS: Final = 3
"""Of what a session says: its token, until when, and a number of its own."""


class Sessions:
    """Opens sessions and knows them again. Raises Corrupt for a key that is none, Unavailable."""

    def __init__(self, place: Path, tokens: Tokens, clock: Clock) -> None:
        self._tokens, self._clock = tokens, clock
        self._key = _key(place / "key")
        self._left = place / "left"
        self.cookie: Final = f"trawl-{sha256_bytes(self._key)[:8]}"
        """Its name: browsers keep the cookies of all ports of a host together."""

    def open(self, token: Token) -> str:
        """A session for whoever showed this token."""
        said = f"{token.id}.{self._now_s() + SESSION_S}.{secrets.token_hex(8)}"
        return f"{said}.{self._mac(said)}"

    def who(self, session: str) -> Who | None:
        """Whose session this is, if it is one of ours and has not ended."""
        token_id, mark = self._read(session)
        if not mark or (self._left / mark).exists():
            return None
        token = self._tokens.by_id(token_id)
        return token.who if token else None

    def leave(self, session: str) -> None:
        """End a session before its time; who has a copy of it has nothing. Raises Unavailable."""
        _, mark = self._read(session)
        if not mark:
            return
        try:
            self._left.mkdir(mode=0o700, exist_ok=True)
            (self._left / mark).touch(mode=0o600)
            for old in self._left.iterdir():
                if int(old.name.partition(".")[0]) <= self._now_s():
                    old.unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable(f"the session cannot be ended: {error.strerror}",
                              "trawl serve token remove NAME ends it", str(self._left)) from error  # fmt: skip

    def _read(self, session: str) -> tuple[str, str]:
        """The token of a session that is ours and not over, and what marks it; else nothing."""
        said, _, mac = session.rpartition(".")
        if not said or not mac.isascii() or not hmac.compare_digest(self._mac(said), mac):
            return "", ""
        token_id, *mark = said.split(".")
        if len(mark) != PARTS - 1 or int(mark[0]) <= self._now_s():
            return "", ""
        return token_id, ".".join(mark)

    def _now_s(self) -> int:
        return self._clock.now_ns() // 1_000_000_000

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
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Unavailable(f"{path} is open to others", "remove it: everybody signs in again",
                          str(path))  # fmt: skip
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise Corrupt(f"{path} is no key", "remove it: everybody signs in again", str(path))
    return key
