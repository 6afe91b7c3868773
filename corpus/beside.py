"""What is known of a corpus and is no part of it: when it was verified, what was last planned.

A corpus holds nothing of the time, so this lies beside it. It is told to people and read by no
build; where the disk takes no note, none is left.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from corpus.recipe import Recipe, digest
from corpus.shards import manifest
from infra.files import publish


def verified(root: Path, faults: int, at_ns: int) -> None:
    """Every byte of the corpus at `root` was read then, with so many faults."""
    note = {"at_ns": at_ns, "faults": faults, "sha256": manifest.seal(root)}
    _publish(_place(root, "verified"), note)


def last_verified(root: Path) -> dict[str, Any] | None:
    """When what lies at `root` was last verified; None where that was another build, or never."""
    note = _read(_place(root, "verified"))
    return note if note is not None and note["sha256"] == manifest.seal(root) else None


def planned(corpora: Path, recipe: Recipe, plan: dict[str, Any], at_ns: int) -> None:
    """This is what a build of the recipe would have taken then."""
    note = {"at_ns": at_ns, "sha256": digest(recipe), "recipe": recipe.model_dump(mode="json")}
    _publish(_place(corpora / recipe.name, "plan"), {**note, "plan": plan})


def last_plan(corpora: Path, name: str) -> dict[str, Any] | None:
    """What was last planned under that name; None where nothing was."""
    return _read(_place(corpora / name, "plan"))


def plans(corpora: Path) -> list[str]:
    """The names under which something was planned."""
    return sorted(path.name[1 : -len(".plan.json")] for path in corpora.glob(".*.plan.json"))


def _place(root: Path, what: str) -> Path:
    return root.with_name(f".{root.name}.{what}.json")


def _publish(path: Path, note: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # what was found is true without it
        publish(path, json.dumps(note, ensure_ascii=False).encode("utf-8", "replace"))


def _read(path: Path) -> dict[str, Any] | None:
    try:
        note: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return note
