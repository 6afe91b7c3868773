"""Single machines: list, show, screen, and the orders that are given to them."""

from __future__ import annotations

from fastapi import APIRouter, Response

from collector.dash import acts
from collector.dash.api.asks import Name, Operator, Ordered, Words
from collector.dash.api.schemas import Document, told
from collector.dash.pages.show import At
from collector.fleet import query
from collector.fleet.orders import Order
from collector.views import machine as view
from collector.views import screen

router = APIRouter(prefix="/machines", tags=["machine"])
PNG = {"description": "a picture", "content": {"image/png": {}}}


@router.get("", responses=told("machine", "list"))
def machine_list(at: At, where: Words = "") -> Document:
    """Every machine that a query means, such as `state:parked pool:ubuntu -host:h2`."""
    meant = query.parse(where)
    with at.store.read() as tx:
        return Document({"machines": view.listed(tx, at.clock.now_ns(), meant)})


@router.get("/{name}", responses=told("machine", "show"))
def machine_show(at: At, name: Name) -> Document:
    """One machine: its state, its lease, what happened to it."""
    with at.store.read() as tx:
        return Document(view.show(tx, at.settings.home, name, at.clock.now_ns()))


@router.get("/{name}/screen", response_class=Response, responses={200: PNG})
def machine_screen(at: At, name: Name) -> Response:
    """What a machine shows now; of one in quarantine, what it showed last."""
    return Response(screen.now(at.store, at.settings, name).png, media_type="image/png")


@router.post("/{verb}", responses=told("machine", "drain"))
def machine_order(at: At, who: Operator, verb: Order, wants: Ordered) -> Document:
    """Recycle, drain, release or quarantine machines: all of them or none."""
    return Document(acts.order(at, who, verb, wants.names, wants.reason))
