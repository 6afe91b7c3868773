"""What each dialect of action code has words for, and what its readers do to the rest.

A word that a dialect's readers drop or mangle counts as missing, so that a sample is refused
with a reason rather than shipped broken. Where a reader was seen to do it, the line says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from infra.errors import UsageError


class Inexpressible(UsageError):
    """The dialect has no safe words for this action; `subject` is the reason."""

    @property
    def reason(self) -> str:
        """Why, as a word that is counted."""
        return self.subject

    @classmethod
    def because(cls, reason: str, what: str) -> Inexpressible:
        """The error for one counted reason."""
        return cls(f"this dialect cannot say {what}", "leave the sample out", reason)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One dialect of action code."""

    name: str
    terminate: str
    """The call that ends an episode; empty where there is none."""
    wait: str
    triple_click: str
    middle_click: bool
    select_option: bool
    scroll: Literal["clicks", "page"]
    """`clicks`: positional notches, up positive. `page`: hundredths, up negative."""
    drag_button: bool
    forbidden_text: str
    """Characters that its readers cannot carry inside typed text."""


AGENTNET: Final = Vocabulary(
    name="agentnet",
    terminate="computer.terminate",
    wait="computer.wait",
    triple_click="computer.tripleClick",
    middle_click=True,
    select_option=False,
    scroll="clicks",  # its readers look for `scroll(` and bare digits
    drag_button=True,
    forbidden_text="",
)
AGUVIS: Final = Vocabulary(
    name="aguvis",
    terminate="terminate",
    wait="",
    triple_click="",  # silently dropped by a reader
    middle_click=False,  # a reader raises
    select_option=False,  # silently dropped by a reader
    scroll="clicks",
    drag_button=True,
    forbidden_text=")\\\n",  # a reader ends the call at the first parenthesis, and unescapes nothing
)
SMOL2OPERATOR: Final = Vocabulary(
    name="smol2operator",
    terminate="",  # it raises on every form
    wait="",
    triple_click="",
    middle_click=False,
    select_option=False,
    scroll="page",  # it takes negative for up, and a hundred times the figure
    drag_button=False,
    forbidden_text=")\\\n",
)
VOCABULARIES: Final = {v.name: v for v in (AGENTNET, AGUVIS, SMOL2OPERATOR)}
