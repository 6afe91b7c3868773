"""What desktop machines start from: recipes as data, and images built from them by hash.

An image is a directory `images/<name>-<hash12>` in the cache: a disk, a kernel, an initrd and a
manifest with the hash of each and the version of every package. The hash in its name is that of
everything it was built from, so that building it again is a look-up. Nothing here runs as root.
"""

from __future__ import annotations

from infra.images.building import build
from infra.images.image import Image, every, find, verify
from infra.images.recipes import Recipe, recipe, recipes

__all__ = ["Image", "Recipe", "build", "every", "find", "recipe", "recipes", "verify"]
