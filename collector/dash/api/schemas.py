"""The command line's schemas as the API's: one description of each document."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.responses import Response

from infra import documents

PLACE: Final = Path(__file__).parents[2] / "cli" / "schemas"


class Document(Response):
    """A document as `--json` prints it."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """As bytes."""
        return documents.text(content).encode()


def told(noun: str, verb: str, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """What a route answers: the document of `trawl NOUN VERB --json`, or one of its noun's alone."""
    return {status: {"description": f"{noun} {verb}", "content": content(noun, verb)}}


def content(noun: str, verb: str) -> dict[str, Any]:
    """That document, for OpenAPI."""
    reference = {"$ref": f"#/components/schemas/{noun}.{verb}"}
    return {"application/json": {"schema": reference}}


def describe(app: FastAPI) -> None:
    """Publish the schemas, and that a token opens the API, with the routes."""
    routes = app.openapi

    @cache
    def whole() -> dict[str, Any]:
        said = routes()
        parts = said.setdefault("components", {})
        parts.setdefault("schemas", {}).update(_schemas())
        parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        return {**said, "security": [{"token": []}]}

    app.openapi = whole  # type: ignore[method-assign]


def _schemas() -> dict[str, Any]:
    """Every definition of every noun, by `NOUN.VERB`."""
    found = {}
    for path in sorted(PLACE.glob("*.json")):
        noun, text = path.stem, path.read_text(encoding="utf-8")
        renamed = text.replace('"#/$defs/', f'"#/components/schemas/{noun}.')
        for name, schema in json.loads(renamed)["$defs"].items():
            found[f"{noun}.{name}"] = schema
    return found
