"""Images: what desktop machines start from, and which recipes were not built yet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from infra import images
from infra.images import Image


def listed(cache: Path) -> dict[str, Any]:
    """The images that were built, the newest first, and the recipes without one."""
    built = [record(image) for image in images.every(cache)]
    missing = sorted({r.name for r in images.recipes()} - {row["name"] for row in built})
    return {"built": built, "not_built": missing}


def record(image: Image) -> dict[str, Any]:
    """An image in one row."""
    return {
        "name": image.name,
        "sha256": image.sha256,
        "directory": str(image.directory),
        "os": f"{image.manifest.os_id} {image.manifest.os_version}",
        "agent": image.manifest.agent,
        "packages": len(image.manifest.packages),
        "bytes": sum(p.stat().st_size for p in (image.disk, image.kernel, image.initrd)),
    }
