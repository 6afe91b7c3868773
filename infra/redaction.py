"""Takes secrets out of whatever is about to be written down: keys, addresses, headers, known values.

What comes back is plain: text, numbers, lists and mappings, bounded in length, depth and items.
Every pattern is linear in its input, since guests choose the input.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final
from urllib.parse import quote, unquote

from pydantic import SecretBytes, SecretStr

REDACTED: Final = "[redacted]"
TEXT_CHARS: Final = 8_000
"""Longest string kept; a traceback's end says more than its middle."""
DEPTH: Final = 6
ITEMS: Final = 100
SHORTEST_CHARS: Final = 6
"""A known secret shorter than this is not searched for: it would be found in ordinary words."""
_WORDS: Final = (
    r"(?:token(?!iz)|passw(?:or)?d|passphrase|secret|authorization|cookie|credential"
    r"|api[-_ ]?key|access[-_ ]?key|private[-_ ]?key|session[-_ ]?id)"
)
_KEY: Final = re.compile(rf"(?i){_WORDS}|(?:^|[-_.])(?:auth|bearer|otp|pin)$|[-_.](?:pwd|pass)$")
_TYPED: Final = re.compile(r"(?i)^(?:text|typed|typed[-_ ]?text|keystrokes|clipboard)$")
_USERINFO: Final = re.compile(r"(?i)(\b[a-z][a-z0-9+.-]{0,30}://)([^/\s?#]*)@")
_QUOTED: Final = r"""b?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_RULES: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"(?s)-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,30}-----|\Z)"),
     REDACTED),
    (_USERINFO, rf"\1{REDACTED}@"),
    (re.compile(r"""(?i)((?:authorization|cookie)\\?["']?\s{0,4}[:=]\s{0,4})(?![\\"'])[^\r\n]+"""),
     rf"\1{REDACTED}"),
    (re.compile(rf"""(?i)({_WORDS}[\w-]{{0,40}}(?:(?:\\?["'])?\s{{0,4}}[:=]\s{{0,4}}"""
                rf"""|["'],\s{{0,4}}(?=b?["'])))(?:{_QUOTED}|[^\s,;&)\]}}]+)"""),
     rf"\1{REDACTED}"),
    (re.compile(rf"(?i)(--?[\w-]{{0,40}}?{_WORDS}[\w-]{{0,40}}\s)\S+"), rf"\1{REDACTED}"),
    (re.compile(rf"(?i)(\b(?:typed[-_ ]?)?text=){_QUOTED}"), rf"\1{REDACTED}"),
    (re.compile(r"(?i)\b(bearer|basic)\s{1,4}[A-Za-z0-9._~+/=-]{6,}"), rf"\1 {REDACTED}"),
    (re.compile(r"\b(?:gh[pousr]_|github_pat_|hf_|sk-|xox[abprs]-|AKIA)[A-Za-z0-9_-]{12,}"),
     REDACTED),
    (re.compile(r"\btw-[A-Za-z0-9_-]{40,}"), REDACTED),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"), REDACTED),
)  # fmt: skip


def names_secret(key: str) -> bool:
    """Whether a key of that name holds a secret."""
    return _KEY.search(key) is not None


def secrets_in(named: Mapping[str, object]) -> set[str]:
    """The secrets that settings or an environment hold: by type, by name, and in addresses."""
    found: set[str] = set()
    for key, value in named.items():
        if isinstance(value, SecretStr):
            value = value.get_secret_value()  # noqa: PLW2901 - from here on it is text like others
            found.add(value)
        elif isinstance(value, str) and names_secret(key):
            found.add(value)
        if isinstance(value, str):
            for _, userinfo in _USERINFO.findall(value):
                password = userinfo.partition(":")[2]
                found |= {password, unquote(password)}
    return {secret for secret in found if len(secret) >= SHORTEST_CHARS}


class Redactor:
    """Knows the patterns, and the secrets of this process."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {form for secret in secrets for form in _forms(secret)}
        longest_first = sorted(known, key=lambda form: (-len(form), form))
        self._known = re.compile("|".join(map(re.escape, longest_first))) if known else None

    def text(self, text: str) -> str:
        """`text` without secrets, its middle cut out where it is long."""
        if self._known is not None:
            text = self._known.sub(REDACTED, text)
        for pattern, instead in _RULES:
            text = pattern.sub(instead, text)
        if len(text) > TEXT_CHARS:
            half = TEXT_CHARS // 2
            return f"{text[:half]} … {len(text) - 2 * half} characters cut … {text[-half:]}"
        return text

    def value(self, value: object, depth: int = 0) -> Any:
        """Any value as plain data without secrets."""
        if depth < DEPTH and isinstance(value, Mapping):
            return self._mapping(value, depth)
        if depth < DEPTH and isinstance(value, Sequence | AbstractSet) and not _is_leaf(value):
            return list(self._items(value, depth))
        if value is None or isinstance(value, bool | float):
            return value
        if isinstance(value, int):
            return int(value)
        return self.text(_said(value))

    def _mapping(self, pairs: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for key, value in list(pairs.items())[:ITEMS]:
            shown[self.text(str(key))] = self._under(str(key), value, depth)
        if len(pairs) > ITEMS:
            shown["…"] = f"{len(pairs) - ITEMS} more"
        return shown

    def _items(self, items: Sequence[Any] | AbstractSet[Any], depth: int) -> Iterator[Any]:
        """One after the other; what follows the name of a secret is its value."""
        before: object = None
        for item in list(items)[:ITEMS]:
            follows = isinstance(before, str) and " " not in before and "=" not in before
            yield self._under(str(before) if follows else "", item, depth)
            before = item
        if len(items) > ITEMS:
            yield f"… {len(items) - ITEMS} more"

    def _under(self, key: str, value: object, depth: int) -> Any:
        """The value that a key names; of counts, such as `tokens`, the number is no secret."""
        if value is None or isinstance(value, bool):
            return value
        counts = key.lower().endswith("s") and isinstance(value, int | float)
        if (names_secret(key) and not counts) or _TYPED.search(key):
            return REDACTED
        return self.value(value, depth + 1)


def _is_leaf(value: object) -> bool:
    return isinstance(value, str | bytes | bytearray)


def _said(value: object) -> str:
    """What an object says of itself; bytes only how many they are."""
    if isinstance(value, SecretStr | SecretBytes):
        return REDACTED
    return f"<{len(value)} bytes>" if isinstance(value, bytes | bytearray) else str(value)


def _forms(secret: str) -> set[str]:
    """A secret as it may be spelled: plain, in an address, in a literal."""
    return {secret, quote(secret, safe=""), repr(secret)[1:-1]}
