"""What all floors stand on: settings, errors, clock, files, blobs, database, hypervisor, images.

This floor imports none of the others.
"""

from typing import Final

__all__ = ["__version__"]
__distribution__ = "trawl"
__version__: Final = "0.1.0"
"""The version of the distribution `trawl`, stated here and nowhere else."""
