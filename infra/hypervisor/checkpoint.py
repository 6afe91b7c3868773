"""Freezing a machine in memory while it goes on: a template that lives as long as its owner.

Unlike a template on disk it is hashed nowhere and dies with the host's root; it is made in half a
second. The machine pauses, its device state is drained, memory and overlay are copied, and it
goes on. Forks of it refuse to start where a file of it was changed since.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.clock import Clock
from infra.errors import Conflict
from infra.files import sha256_bytes
from infra.hypervisor.blueprint import Blueprint
from infra.hypervisor.domain import Domain
from infra.hypervisor.freezing import drain, manifest
from infra.hypervisor.shape import Place
from infra.hypervisor.template import (
    OVERLAY,
    RAM,
    STATE,
    Note,
    Template,
    copy_quickly,
    note_of,
    save,
)


def checkpoint(domain: Domain, place: Place, clock: Clock, about: Mapping[str, Any]) -> Template:
    """What the machine is now, kept at `place`, which is a machine's that nobody uses.

    Raises Conflict where the machine has no memory file of its own or the place is taken; then,
    and on any other failure, the machine goes on and nothing is left.
    """
    made = Blueprint.load(domain.place)
    if made.memory is None or not made.memory.shared:
        raise Conflict(f"machine {domain.name} cannot be frozen", "fork it freezable", domain.name)
    try:
        domain.pause()
        state = drain(domain.monitor, domain.place.feed, clock)
        copy_quickly(made.memory.file, place.ram)
        copy_quickly(domain.place.overlay, place.overlay)
        files = {RAM: "", STATE: sha256_bytes(state), OVERLAY: ""}
        frozen = manifest(made, files, clock, about)
        save(place.directory, frozen)
    finally:
        domain.resume()
    notes: dict[Path, tuple[Note, str]] = {
        path: (note_of(path), "") for path in (place.ram, place.overlay)
    }
    digest = sha256_bytes(frozen.as_bytes())
    return Template(place.directory, digest, frozen, place.ram, state, notes)
