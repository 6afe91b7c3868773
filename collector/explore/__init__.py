"""Explorers: policies that choose the next action from what a machine shows."""

from collector.explore.base import Choice, Done, Policy
from collector.explore.walk import Walk

__all__ = ["Choice", "Done", "Policy", "Walk"]
