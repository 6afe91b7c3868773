"""The kinds of personal data and secrets, surest first: a pattern, and what proves a match.

A checksum is asked for where the kind has one. What standards set aside for examples is nobody's:
example.com and the names of RFC 2606, addresses that are not global, telephone numbers 555-01xx,
the test numbers of card networks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from corpus.operators.personal import proofs

WINDOW: Final = 80


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its mark, its pattern and the group that is masked, and what proves a match."""

    name: str
    pattern: re.Pattern[str]
    is_real: Callable[[re.Match[str]], bool]
    needs: tuple[str, ...] = ()
    """Texts without any of these hold none of this kind."""
    group: str | int = 0
    hint: re.Pattern[str] | None = None
    """What `needs` is, where it takes a pattern; one that begins with a set of characters is quick."""

    anchor: str = ""
    """What every match holds; it is looked for, and then for what may stand before it."""
    before: re.Pattern[str] | None = None

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """What the pattern finds in `text`, in order of place."""
        if self.hint is not None and self.hint.search(text) is None:
            return iter(())
        if self.needs and not any(need in text for need in self.needs):
            return iter(())
        return self._about_anchors(text) if self.anchor else self.pattern.finditer(text)

    def _about_anchors(self, text: str) -> Iterator[re.Match[str]]:
        assert self.before is not None
        done, at = 0, text.find(self.anchor)
        while at >= 0:
            opening = self.before.search(text, max(done, at - WINDOW), at)
            match = self.pattern.match(text, opening.start()) if opening else None
            if match is not None:
                yield match
            done = max(at + 1, match.end() if match else 0)
            at = text.find(self.anchor, done)


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII | re.VERBOSE)


FREE: Final = r"(?<![\w.,+/=#@:-])"
"""Nothing before it that would make it part of a longer number or name."""
DIGITS: Final = re.compile(r"[0-9](?:[^0-9]{0,2}[0-9]){5}")
GROUPS: Final = re.compile(r"[0-9A-Fa-f](?:\.[0-9]{1,3}\.|:[0-9A-Fa-f]{0,4}:)")
ENDS: Final = r"(?![\w/=@-]|[.,:]\w)"

KINDS: Final = (
    Kind(
        "PRIVATE_KEY",
        _re(
            r"-----BEGIN\ (?P<what>(?:[A-Z0-9]{1,20}\ ){0,4}PRIVATE\ KEY(?:\ BLOCK)?)-----"
            r"(?P<body>(?:[\w+/=:,.\s\\()]|-(?!-)){0,16384}?)(?:-----END\ (?P=what)-----|\Z)"
        ),
        proofs.is_key_body,
        ("PRIVATE KEY",),
    ),
    Kind(
        "TOKEN",
        _re(
            r"(?<![A-Za-z0-9_-])(?:(?:AKIA|ASIA)(?P<a>[0-9A-Z]{16})"
            r"|gh[pousr]_(?P<b>[A-Za-z0-9]{36,255})|github_pat_(?P<c>\w{22,255})"
            r"|glpat-(?P<d>[\w-]{20,64})|xox[abeprs]-(?P<e>[\w-]{10,255})|AIza(?P<f>[\w-]{35})"
            r"|[rs]k_live_(?P<g>[A-Za-z0-9]{16,255})|sk-(?:proj-|ant-)?(?P<h>[\w-]{24,255})"
            r"|npm_(?P<i>[A-Za-z0-9]{36})|pypi-(?P<j>[\w-]{50,255})|hf_(?P<k>[A-Za-z0-9]{30,64})"
            r"|eyJ[\w-]{10,2048}\.(?P<l>eyJ[\w-]{10,4096}\.[\w-]{10,1024})"
            r"|SG\.(?P<m>[\w-]{22}\.[\w-]{43})|dop_v1_(?P<n>[a-f0-9]{64}))(?![A-Za-z0-9_-])"
        ),
        proofs.is_random,
        ("AKIA", "ASIA", "gh", "glpat-", "xox", "AIza", "k_live_", "sk-", "npm_", "pypi-", "hf_",
         "eyJ", "SG.", "dop_v1_"),
    ),
    Kind(
        "PASSWORD",
        _re(r"[a-z][a-z0-9+.-]{1,20}://(?P<held>[^\s/:@<>\[\]{}'\"]{1,64}:(?P<secret>[^\s/:@<>\[\]{}'\"]{3,128}))@[\w.-]"),
        proofs.is_password,
        group="held",
        anchor="://",
        before=_re(r"[a-z][a-z0-9+.-]{1,20}\Z"),
    ),
    Kind(
        "EMAIL",
        _re(
            r"(?<!\w)(?P<local>[A-Za-z0-9][\w.+%-]{0,63})@"
            r"(?P<domain>(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}(?P<top>[A-Za-z]{2,24}))"
            r"(?![\w-]|\.\w|:/)"
        ),
        proofs.is_address,
        anchor="@",
        before=_re(r"[A-Za-z0-9][\w.+%-]{0,63}\Z"),
    ),
    Kind(
        "IBAN",
        _re(FREE + r"[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30}|(?:\ [A-Z0-9]{4}){2,7}(?:\ [A-Z0-9]{1,4})?)" + ENDS),
        proofs.is_iban,
        hint=DIGITS,
    ),
    Kind(
        "NATIONAL_ID",
        _re(
            FREE + r"(?:(?P<cn>[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])"
            r"|(?P<us>(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4})"
            r"|(?P<es>\d{8}-?[A-HJ-NP-TV-Z])"
            r"|(?P<fr>[12]\ ?\d\d\ ?(?:0[1-9]|1[0-2])\ ?\d\d\ ?\d{3}\ ?\d{3}\ ?\d\d)"
            r"|(?P<gb>[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\ \d\d\ \d\d\ \d\d\ [A-D]))" + ENDS
        ),
        proofs.is_national,
        hint=DIGITS,
    ),
    Kind("CARD", _re(FREE + r"\d(?:[ -]?\d){12,18}" + ENDS), proofs.is_card, hint=DIGITS),
    Kind(
        "PHONE",
        _re(
            FREE + r"(?:\+(?P<world>[1-9]\d{0,2}(?:[\ .-]?(?:\(\d{1,4}\)|\d{1,4})){2,6})"
            r"|(?P<us>(?:1[ .-])?(?:\([2-9]\d\d\)\ ?|[2-9]\d\d(?P<gap>[-.]))[2-9]\d\d[-.]\d{4})"
            r"|(?P<cn>1[3-9]\d(?P<step>[\ -]?)\d{4}(?P=step)\d{4})"
            r"|(?P<land>(?:\(0[1-9]\d{1,2}\)|0[1-9]\d{1,2}-)\d{7,8}))" + ENDS
        ),
        proofs.is_phone,
        hint=DIGITS,
    ),
    Kind(
        "IP",
        _re(
            r"(?<![\w.:/@-])(?:(?P<four>(?:\d{1,3}\.){3}\d{1,3})(?![\w-]|\.\d|/\d)"
            r"|(?P<six>(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{0,4})(?![\w:.]))"
        ),
        proofs.is_public_address,
        hint=GROUPS,
    ),
)  # fmt: skip
