"""A recording's actions done again on a fresh machine of its kind, and where that went elsewhere."""

from collector.replay.compare import Report, StepReport, compare
from collector.replay.replay import replay

__all__ = ["Report", "StepReport", "compare", "replay"]
