"""Our import names are plain words: say so where another distribution has taken one.

Installing a distribution that ships, say, `envs/__init__.py` into the same environment replaces
our file. `claim` finds that before anything stranger happens.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Final

DISTRIBUTION: Final = "trawl"
PACKAGES: Final = ("collector", "corpus", "envs", "grounding", "infra")
MARK: Final = f'__distribution__ = "{DISTRIBUTION}"'
ISOLATE: Final = (
    "install it in an environment of its own: `uv tool install trawl` or `pipx install trawl`"
)


def taken() -> str:
    """The first of our packages that is not ours any more; empty where all are."""
    home = Path(__file__).resolve().parent.parent
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            return name
        origin = Path(spec.origin).resolve()
        if origin.parent.parent != home or MARK not in origin.read_text(encoding="utf-8"):
            return name
    return ""


def complaint(name: str) -> str:
    """Who has taken `name`, and the way out."""
    from importlib import metadata

    others = [d for d in metadata.packages_distributions().get(name, []) if d != DISTRIBUTION]
    who = ", ".join(f"{other} {metadata.version(other)}" for other in others) or "not ours"
    return f"another distribution has overwritten {name!r} ({who}); {ISOLATE}"


def claim() -> None:
    """Raise ImportError where one of our packages was overwritten."""
    if name := taken():
        raise ImportError(complaint(name))
