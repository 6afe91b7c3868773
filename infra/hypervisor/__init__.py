"""Machines on this host through libvirt's embedded QEMU driver. The only module that knows libvirt.

A machine is booted from an image, or forked in a fraction of a second from a frozen template. It
has no network card and no port that listens; it outlives the process that started it, and is found
again by the mark in its metadata.
"""

from __future__ import annotations

from infra.hypervisor.domain import Domain
from infra.hypervisor.host import Host
from infra.hypervisor.private import private_root
from infra.hypervisor.room import accel, has_virtualisation
from infra.hypervisor.shape import Shape
from infra.hypervisor.stats import DomainStats
from infra.hypervisor.template import Template

__all__ = [
    "Domain",
    "DomainStats",
    "Host",
    "Shape",
    "Template",
    "accel",
    "has_virtualisation",
    "private_root",
]
