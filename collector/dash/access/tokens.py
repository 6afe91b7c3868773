"""Tokens: what a person or a program shows to be let in.

A token has 256 random bits, so its hash alone is kept, without salt or stretching, in a file that
is this user's alone. The file is read again when it was replaced: what was taken away no longer
opens anything.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
import stat
import unicodedata
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from collector.dash.access.who import ROLES, Role, Who
from infra.errors import Conflict, Corrupt, NotFound, Unavailable, UsageError
from infra.files import exclusive, publish, sha256_bytes

MARK: Final = "tw-"
"""How a token begins, so that it can be told where it does not belong (see `infra.redaction`)."""
TOKEN_CHARS: Final = 200
"""What is longer is no token."""
NAME_CHARS: Final = 64
HASH: Final = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token."""

    id: str
    name: str
    role: Role
    sha256: str

    @property
    def who(self) -> Who:
        """Whom it lets in."""
        return Who(self.name, self.role)

    def as_record(self) -> dict[str, str]:
        """Whose it is; nothing by which it could be told."""
        return {"name": self.name, "role": self.role, "id": self.id}


class Tokens:
    """The tokens of one home; safe between threads and processes."""

    def __init__(self, place: Path) -> None:
        self.path: Final = place / "tokens.json"
        self._kept: tuple[tuple[int, int], list[Token]] = ((0, 0), [])

    def listed(self) -> list[Token]:
        """Every token, by name. Raises Corrupt, and Unavailable where others may read the file."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return []
        if stat.S_IMODE(found.st_mode) & 0o077:
            raise Unavailable(f"{self.path} is open to others", f"chmod 600 {self.path}")
        seen = (found.st_ino, found.st_mtime_ns)
        if self._kept[0] != seen:
            self._kept = (seen, _parsed(self.path))
        return self._kept[1]

    def find(self, token: str) -> Token | None:
        """Whose this is; every kept hash is compared, each in constant time."""
        if len(token) > TOKEN_CHARS:
            return None
        said = sha256_bytes(token.encode("utf-8", "surrogatepass"))
        fitting = [kept for kept in self.listed() if hmac.compare_digest(kept.sha256, said)]
        return fitting[0] if fitting else None

    def by_id(self, token_id: str) -> Token | None:
        """The token of that id, if it is still good."""
        return next((kept for kept in self.listed() if kept.id == token_id), None)

    def add(self, name: str, role: str) -> str:
        """Make a token; it is told here and never again. Raises Conflict, UsageError."""
        if role not in ROLES:
            raise UsageError(f"no role is {role!r}", f"known: {', '.join(ROLES)}", role)
        if not name or len(name) > NAME_CHARS or not name.isprintable():
            raise UsageError(f"a name has 1 to {NAME_CHARS} printable characters", subject=name)
        plain = " ".join(unicodedata.normalize("NFKC", name).split())
        if name != plain:  # it would look like another's, to whom its acts were put down
            raise UsageError(
                "a name has single spaces, and none at its ends", f"such as {plain!r}", name
            )
        token = MARK + secrets.token_urlsafe(32)
        with self._changing():
            if any(kept.name == name for kept in self.listed()):
                raise Conflict(f"{name} has a token", f"trawl serve token remove {name}", name)
            made = Token(secrets.token_hex(8), name, role, sha256_bytes(token.encode()))
            self._write([*self.listed(), made])
        return token

    def remove(self, name: str) -> None:
        """Take a token away, and every session that it opened. Raises NotFound."""
        with self._changing():
            kept = self.listed()
            if all(token.name != name for token in kept):
                raise NotFound.among("token", name, [token.name for token in kept])
            self._write(token for token in kept if token.name != name)

    def _changing(self) -> AbstractContextManager[None]:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return exclusive(self.path.with_name("tokens.lock"), "the tokens' file")

    def _write(self, tokens: Iterable[Token]) -> None:
        kept = [asdict(token) for token in sorted(tokens, key=lambda token: token.name)]
        publish(self.path, json.dumps({"tokens": kept}, indent=1).encode(), mode=0o600)


def _parsed(path: Path) -> list[Token]:
    try:
        return [_token(**record) for record in json.loads(path.read_bytes())["tokens"]]
    except (ValueError, KeyError, TypeError) as error:
        raise Corrupt(f"{path} is not what was written", "move it away", str(path)) from error
    except OSError as error:
        raise Unavailable(f"{path} cannot be read: {error.strerror}", f"chmod 600 {path}",
                          str(path)) from error  # fmt: skip


def _token(id: str, name: str, role: Role, sha256: str) -> Token:  # noqa: A002 - its name in the file
    """A token as it was written. Raises ValueError, TypeError."""
    if role not in ROLES or HASH.fullmatch(sha256) is None or not (id and name):
        raise ValueError(role)
    return Token(id, name, role, sha256)
