"""Episodes cut at goals: the task it was, or what a free exploration turned out to do."""

from grounding.goals.cut import Cut, cuts

__all__ = ["Cut", "cuts"]
