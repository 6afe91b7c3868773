"""What a step did, read off the screens before and after it, as one thing that can be named."""

from grounding.effects.found import Found, found
from grounding.effects.shown import Shown
from grounding.effects.steps import Effects

__all__ = ["Effects", "Found", "Shown", "found"]
