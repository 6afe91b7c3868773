"""The fleet, explorers, episodes and the operators' surfaces."""

from infra.names import claim

claim()

from infra import __version__  # noqa: E402 - nothing of ours is read before the names are known

__all__ = ["__version__"]
__distribution__ = "trawl"
