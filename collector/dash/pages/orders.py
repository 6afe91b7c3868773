"""What an operator orders of machines: written whole or not at all, and said who ordered it.

What takes machines away asks for a typed word first; so does the page without its script.
"""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from collector.dash import acts
from collector.dash.access import Who, needs
from collector.dash.pages.show import At, show
from collector.fleet import query
from collector.fleet.orders import Order
from collector.views import machine as view
from infra.errors import UsageError

router = APIRouter()
TYPED: Final[dict[Order, str]] = {
    "recycle": "Each is replaced by a new one. One at work finishes its episode first.",
    "quarantine": "Each gets no new episode until it is released; a resting one stays as it is,"
    " to be looked at.",
}
"""Orders that a typed word confirms, and what they do."""
WORD_CHARS: Final = 500
NAMES_CHARS: Final = 900_000
"""Names of machines in one field: a form has a thousand fields at most."""
Text = Annotated[str, Form(max_length=WORD_CHARS)]


@router.post("/machines/orders")
def order(
    request: Request,
    at: At,
    who: Annotated[Who, Depends(needs("operator"))],
    order: Annotated[Order, Form()],
    name: Annotated[list[str] | None, Form()] = None,
    names: Annotated[str, Form(max_length=NAMES_CHARS)] = "",
    every: Text = "",
    q: Annotated[str, Form(max_length=query.QUERY_CHARS)] = "",
    reason: Text = "",
    confirm: Annotated[str | None, Form(max_length=WORD_CHARS)] = None,
    back: Text = "",
) -> Response:
    """Give an order, or ask for its word. Raises NotFound, Conflict: then nothing is ordered."""
    chosen = _meant(at, q) if every else list(dict.fromkeys([*(name or ()), *names.split()]))
    if not chosen:
        raise UsageError("no machine was chosen", "tick some, or all that the query means")
    word = chosen[0] if len(chosen) == 1 else f"{order} {len(chosen)}"
    said = (confirm or "").strip()
    if order in TYPED and (said != word or (order == "quarantine" and not reason.strip())):
        return show(request, "confirm.html", order=order, names=chosen, word=word, says=TYPED[order],
                    reason=reason, q=q, back=back, home=_home(chosen, q, back),
                    wrong=confirm is not None and said != word)  # fmt: skip
    acts.order(at, who, order, chosen, reason.strip())
    return RedirectResponse(_home(chosen, q, back, ordered=order, count=str(len(chosen))), 303)


def _meant(at: At, q: str) -> list[str]:
    """The machines that a query means now. Raises UsageError."""
    with at.store.read() as tx:
        return [row["name"] for row in view.listed(tx, at.clock.now_ns(), query.parse(q))]


def _home(names: list[str], q: str, back: str, **words: str) -> str:
    """Where somebody came from."""
    if back == "machine":
        return f"/machines/{quote(names[0], safe='')}"
    said = urlencode({key: word for key, word in {"q": q, **words}.items() if word})
    return f"/machines?{said}" if said else "/machines"
