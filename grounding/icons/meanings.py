"""What an icon is said to mean: a text, its language, and who said it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from grounding import text

MeaningSource = Literal[
    "a11y", "label", "aria-label", "alt", "title", "tooltip", "description",
    "desktop-name", "desktop-generic-name", "desktop-comment", "menu-directory",
    "mime-comment", "toolkit-label", "naming-specification", "theme-name",
]  # fmt: skip
"""Who said it, the nearest to the screen first."""
RANK: Final = {
    name: rank
    for rank, name in enumerate(
        ("tooltip", "a11y", "aria-label", "title", "alt", "label", "naming-specification",
         "desktop-name", "menu-directory", "mime-comment", "toolkit-label",
         "desktop-generic-name", "description", "desktop-comment", "theme-name")
    )
}  # fmt: skip
MEANING_CHARS: Final = 200
_LANG: Final = re.compile(r"^([a-z]{2,3})(?:[_-][A-Za-z0-9]+)*(?:@[a-z]+)?$")


@dataclass(frozen=True, slots=True)
class Meaning:
    """One meaning. `lang` is a BCP 47 tag as far as the source tells, `und` where it does not."""

    text: str
    lang: str
    source: str

    @property
    def key(self) -> tuple[str, str]:
        """What two meanings share that say the same."""
        return self.lang, self.text.casefold().rstrip(".…").rstrip()

    def as_record(self) -> dict[str, Any]:
        """Plain data."""
        return {"text": self.text, "lang": self.lang, "source": self.source}


def meaning(said: str, lang: str, source: str) -> Meaning | None:
    """A cleaned meaning; None where nothing readable is left or it is longer than a name is."""
    shown = text.clean(said)
    if not shown or len(shown) > MEANING_CHARS or not any(c.isalnum() for c in shown):
        return None
    return Meaning(shown, tag(lang), source)


def tag(locale: str) -> str:
    """A POSIX locale or a language tag as a language tag: `zh_CN` and `zh-Hans-CN` are `zh-CN`."""
    if not _LANG.match(locale):
        return "und"
    plain, _, script = locale.replace("_", "-").partition("@")
    return f"{plain}-{script}" if script else plain


def unite(said: Iterable[Meaning]) -> tuple[Meaning, ...]:
    """Each text of a language once, said by the source nearest to the screen; in a fixed order."""
    kept: dict[tuple[str, str], Meaning] = {}
    for one in sorted(said, key=lambda m: (RANK.get(m.source, len(RANK)), m.lang, m.text)):
        kept.setdefault(one.key, one)
    return tuple(kept.values())
