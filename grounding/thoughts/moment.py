"""What a teacher may know of a step: the goal, the past, the screen before it, and the action.

The screen after it and what came of the action are not here, so that no thought can know them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Lang = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Target:
    """The element an action goes to, as its screen names it."""

    role: str
    role_en: str
    role_zh: str
    name: str
    kind: str
    phrase: str = ""
    """Words that pick it out where role and name alone do not."""

    def role_word(self, lang: Lang) -> str:
        """What people call its role."""
        return self.role_zh if lang == "zh" else self.role_en


@dataclass(frozen=True, slots=True)
class Moment:
    """One step as it stands before the action."""

    index: int
    lang: Lang
    goal: str
    app: str
    window: str
    names: tuple[str, ...]
    """Names that can be seen, in reading order."""
    count: int
    """How many elements can be used."""
    action: dict[str, Any]
    target: Target | None
    times_before: int
    """How often this element was acted upon earlier in the episode."""
    is_page: bool
    """The window is a page in a browser that fills the screen."""
    seed: str
    """Decides between phrases that say the same."""
    free: bool = True
    """Nobody set a goal: the screen is explored."""


@dataclass(frozen=True, slots=True)
class Thought:
    """A teacher's words for one step."""

    observation: str
    thought: str
    action_text: str
