"""Explorers: policies that choose the next action from what a machine shows."""

from collector.explore.base import Choice, Policy
from collector.explore.walk import Walk

__all__ = ["Choice", "Policy", "Walk"]
