"""Where a fork comes from, and what its template tells it about its desktop.

The template keeps them in its manifest (`about`); a fork is found again with its blueprint.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from infra.hypervisor import Domain
from infra.hypervisor.blueprint import Blueprint
from infra.hypervisor.template import read


@dataclass(frozen=True, slots=True)
class Desktop:
    """What stands on a template's desktop."""

    programs: tuple[str, ...] = ()
    """The desktop ids of the programs that are open, in the order they were opened."""
    stacking: tuple[str, ...] = ()
    """Its windows, the latest used first, as the mirror names them."""
    remembered: bytes = b""
    """All that the mirror held when it was frozen."""
    session: dict[str, str] = field(default_factory=dict)
    """What it was started with."""
    look: dict[str, Any] = field(default_factory=dict)
    """How it was made to look since; empty where it is as it was started."""

    def now(self, stacking: tuple[str, ...], remembered: bytes) -> Desktop:
        """The same desktop after something was done with it."""
        return replace(self, stacking=stacking, remembered=remembered)

    def as_record(self) -> dict[str, Any]:
        """The facts as plain data, for the template's manifest."""
        return {**asdict(self), "remembered": b64encode(self.remembered).decode("ascii")}

    @classmethod
    def parse(cls, about: Mapping[str, Any]) -> Desktop:
        """What a template's manifest says; empty where it says nothing."""
        lists = {key: about.get(key, ()) for key in ("programs", "stacking")}
        kept = {k: tuple(map(str, v)) for k, v in lists.items() if isinstance(v, (list, tuple))}
        remembered = about.get("remembered", "")
        session = about.get("session", {})
        started = {str(k): str(v) for k, v in session.items()} if isinstance(session, dict) else {}
        worn = about.get("look", {})
        look = {str(k): v for k, v in worn.items()} if isinstance(worn, dict) else {}
        return cls(**kept, remembered=b64decode(str(remembered)), session=started, look=look)


@dataclass(frozen=True, slots=True)
class Facts:
    """The image and template of a machine; `template` is empty for one that was booted."""

    image: str
    image_sha256: str
    template: str
    desktop: Desktop

    @classmethod
    def of(cls, domain: Domain) -> Facts:
        """The facts of a machine. Raises Corrupt, NotFound where its template is gone."""
        made = Blueprint.load(domain.place)
        origin, about = made.origin, {}
        if origin.template:
            about = read(Path(made.backing).parent)[0].about
        return cls(origin.image, origin.sha256, origin.template, Desktop.parse(about))
