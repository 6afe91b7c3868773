"""The fleet: what is wanted, what there is, and the acts that change it."""

from __future__ import annotations

from fastapi import APIRouter

from collector.dash import acts
from collector.dash.api.asks import Admin, File, Operator, Reason, Scale
from collector.dash.api.schemas import Document, told
from collector.dash.pages.show import At
from collector.fleet import client
from collector.views import fleet as view
from infra.store import hosts, pools

router = APIRouter(prefix="/fleet", tags=["fleet"])


@router.get("", responses=told("fleet", "status"))
def fleet_status(at: At) -> Document:
    """Machines by pool and state, and whether the controller answers."""
    is_up = client.is_up(at.settings)
    with at.store.read() as tx:
        return Document(view.status(tx, at.clock.now_ns(), is_up=is_up))


@router.post("/plan", responses=told("fleet", "plan"))
def fleet_plan(at: At, file: File) -> Document:
    """What `up` would change; touches nothing."""
    from collector.fleet import asked, wanted
    from collector.fleet import plan as planning

    wants = wanted.parse(file.toml, acts.FLEET_FILE, at.settings.image)
    with at.store.read() as tx:
        changes = planning.changes(
            wants, pools.listed(tx), asked.there(tx), hosts.listed(tx), at.clock.now_ns()
        )
    return Document({"pools": [change.as_record() for change in changes]})


@router.post("/up", responses=told("fleet", "up", 202), status_code=202)
def fleet_up(at: At, who: Admin, file: File) -> Document:
    """Want what a fleet file says and nothing else; its machines come by and by."""
    return Document(acts.up(at, who, file.toml), 202)


@router.post("/scale", responses=told("fleet", "scale", 202), status_code=202)
def fleet_scale(at: At, who: Operator, wants: Scale) -> Document:
    """Want so many machines of one pool."""
    return Document(acts.scale(at, who, wants.pool, wants.count), 202)


@router.post("/down", responses=told("fleet", "down", 202), status_code=202)
def fleet_down(at: At, who: Admin, why: Reason) -> Document:
    """Want nothing: runs are cancelled, machines end; answers with what is left now."""
    return Document(acts.down(at, who, why.reason), 202)
