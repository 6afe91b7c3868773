"""Tokens: who may open the dashboard and what they may do there."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from collector.dash import acts
from collector.dash.access.door import keeper_of
from collector.dash.access.keeper import Keeper
from collector.dash.api.asks import Admin, NewToken, OldToken
from collector.dash.api.schemas import Document, told
from collector.dash.pages.show import At

router = APIRouter(prefix="/tokens", tags=["serve"])
Kept = Annotated[Keeper, Depends(keeper_of)]


@router.get("", responses=told("serve", "token-list"))
def token_list(keeper: Kept, who: Admin) -> Document:
    """Whose tokens there are; no token is told."""
    del who
    return Document({"tokens": [token.as_record() for token in keeper.tokens.listed()]})


@router.post("", responses=told("serve", "token-add", 201), status_code=201)
def token_add(at: At, keeper: Kept, who: Admin, wants: NewToken) -> Document:
    """Make a token: it is told in this answer and never again."""
    return Document(acts.let_in(at, who, keeper.tokens, wants.name, wants.role), 201)


@router.post("/remove", responses=told("serve", "token-remove"))
def token_remove(at: At, keeper: Kept, who: Admin, wants: OldToken) -> Document:
    """Take a token away; the sessions that it opened end with it."""
    return Document(acts.shut_out(at, who, keeper.tokens, wants.name, wants.reason))
