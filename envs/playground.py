"""A place on a machine whose answers are known, so that the conformance suite can check effects.

Each kind of machine offers one: a form of its own, a page, an editor. It says where a few things
are and tells, by a way other than the screen, what became of them.
"""

from __future__ import annotations

from typing import Literal, Protocol, runtime_checkable

from envs.types import Box

Spot = Literal["field", "button", "list"]


@runtime_checkable
class Playground(Protocol):
    """A text field of several words, a thing to press, and something longer than its box."""

    def prepare(self) -> None:
        """Back to the start: the field empty and focused, nothing pressed, the list at its top."""
        ...

    def box(self, spot: Spot) -> Box:
        """Where that thing is on the screen: the field's text begins at its left top."""
        ...

    def text(self) -> str:
        """What the field holds now, without a last line's end."""
        ...

    def is_pressed(self) -> bool:
        """Whether the button has been pressed since `prepare`."""
        ...


@runtime_checkable
class Playable(Protocol):
    """A machine that offers a playground."""

    def playground(self) -> Playground:
        """Open it on this machine."""
        ...
