"""Hosts: list, cordon, uncordon, forget. Joining and leaving happen on the host itself."""

from __future__ import annotations

from fastapi import APIRouter

from collector.dash import acts
from collector.dash.api.asks import Admin, Name, Operator, Reason
from collector.dash.api.schemas import Document, told
from collector.dash.pages.show import At
from collector.views import host as view

router = APIRouter(prefix="/hosts", tags=["host"])


@router.get("", responses=told("host", "list"))
def host_list(at: At) -> Document:
    """Every host: when it last spoke, what it has, how many machines."""
    with at.store.read() as tx:
        return Document({"hosts": view.listed(tx, at.clock.now_ns())})


@router.post("/{name}/cordon", responses=told("host", "cordon"))
def host_cordon(at: At, who: Operator, name: Name) -> Document:
    """Give a host no new machines."""
    return Document(acts.cordon(at, who, name, cordoned=True))


@router.post("/{name}/uncordon", responses=told("host", "uncordon"))
def host_uncordon(at: At, who: Operator, name: Name) -> Document:
    """Give a host its share again."""
    return Document(acts.cordon(at, who, name, cordoned=False))


@router.post("/{name}/forget", responses=told("host", "forget"))
def host_forget(at: At, who: Admin, name: Name, why: Reason) -> Document:
    """Give up a host that is gone: its machines are lost now, its episodes queued again."""
    return Document(acts.forget(at, who, name, why.reason))
