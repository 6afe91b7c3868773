"""Recordings become grounding samples, trajectories and thoughts. Starts no machine."""

from infra import __version__

__all__ = ["__version__"]
__distribution__ = "trawl"
