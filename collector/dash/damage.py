"""Files that builds wrote and pages read: one of another shape is damage, and is said to be.

What writes them is checked, what reads them takes them at their word: so a missing key or a list in
an object's place shows only where it is used. The log has the place.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final

import structlog
from fastapi import Request, Response
from fastapi.routing import APIRoute
from jinja2 import UndefinedError

from infra.errors import Corrupt

SHAPES: Final = (
    LookupError, TypeError, ValueError, AttributeError, OSError, ArithmeticError, UndefinedError,
)  # fmt: skip
"""What is raised where a document is not what its reader takes it for."""
HINT: Final = "trawl corpus verify NAME, or trawl ground build: the log says which file"
log = structlog.get_logger("dash")
Answers = Callable[[Request], Coroutine[Any, Any, Response]]


class OfFiles(APIRoute):
    """`APIRouter(route_class=OfFiles)`: its handlers raise Corrupt for what they cannot read."""

    def get_route_handler(self) -> Answers:
        """The route's handler, its errors in our words."""
        answers = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await answers(request)
            except SHAPES as error:
                path = request.scope["path"]
                log.exception("dash.damaged", path=path)
                raise Corrupt(
                    "a file that this reads is not as it was written", HINT, path
                ) from error

        return told
