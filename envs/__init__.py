"""One machine: observe, act, checkpoint; the action space; the recording of what it did."""

from infra import __version__

__all__ = ["__version__"]
__distribution__ = "trawl"
