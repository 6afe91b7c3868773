"""Collection runs: submit, list, show, cancel, retry, and what was done in them."""

from __future__ import annotations

from fastapi import APIRouter

from collector.dash import acts
from collector.dash.api.asks import Name, Operator, Reason, Submitted
from collector.dash.api.schemas import Document, told
from collector.dash.pages.show import At
from collector.dash.turns import alone
from collector.views import run as view
from infra.store import runs

router = APIRouter(tags=["run"])


@router.get("/runs", responses=told("run", "list"))
def run_list(at: At) -> Document:
    """The newest runs."""
    with at.store.read() as tx:
        return Document({"runs": view.listed(tx)})


@router.post("/runs", responses=told("run", "submit", 201), status_code=201)
def run_submit(at: At, who: Operator, wants: Submitted) -> Document:
    """Plan a run; the controller works it off."""
    return Document(acts.submit(at, who, **wants.model_dump()), 201)


@router.get("/runs/{run}", responses=told("run", "show"))
def run_show(at: At, run: Name) -> Document:
    """One run and its episodes."""
    with at.store.read() as tx:
        return Document(view.shown(tx, at.settings.home, run))


@router.post("/runs/{run}/cancel", responses=told("run", "cancel"))
def run_cancel(at: At, who: Operator, run: Name, why: Reason) -> Document:
    """Stop a run: its running episodes close as interrupted after their present step."""
    return Document(acts.cancel(at, who, run, why.reason))


@router.post("/runs/{run}/retry", responses=told("run", "retry"))
def run_retry(at: At, who: Operator, run: Name, why: Reason) -> Document:
    """Queue an ended run's failed, lost and interrupted episodes again."""
    return Document(acts.retry(at, who, run, why.reason))


@router.get("/runs/{run}/actions", responses=told("run", "actions"))
def run_actions(at: At, run: Name) -> Document:
    """How often each action was used in a run, zeros among them."""
    with at.store.read() as tx:
        runs.get(tx, run)
    return Document(view.actions(at.settings.home, run))


@router.get("/actions", responses=told("run", "actions"))
def run_actions_all(at: At) -> Document:
    """How often each action was used in all recordings of this home, zeros among them."""
    with alone("a count of actions"):
        return Document(view.actions(at.settings.home))


@router.get("/tasks", responses=told("run", "tasks"))
def run_tasks() -> Document:
    """The goals that the explorer `tasks` draws from."""
    return Document({"tasks": view.tasks()})
