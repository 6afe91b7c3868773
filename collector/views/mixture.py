"""Mixtures before they are built: recipes, and what was last planned of each.

Planning reads every source, so that it is not done for somebody who looks: what `trawl corpus plan`
found last is told, or else the plan that a corpus was built by.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from collector.views import corpus as corpora
from collector.views import holding
from infra.errors import NotFound


def recipes(home: Path) -> list[dict[str, Any]]:
    """The recipes that are shipped, planned or built, by name."""
    from corpus import beside, recipe

    shipped, planned = set(recipe.shipped()), set(beside.plans(home / "corpora"))
    built = set(corpora.names(home))
    return [
        {"name": name, "shipped": name in shipped, "planned": name in planned, "built": name in built}
        for name in sorted(shipped | planned | built)
    ]  # fmt: skip


def shown(home: Path, name: str) -> dict[str, Any]:
    """A recipe and its last plan, None where there is none. Raises NotFound with the nearest name."""
    from corpus import beside

    known = {row["name"]: row for row in recipes(home)}
    if name not in known:
        raise NotFound.among("recipe", name, known, "trawl corpus plan FILE")
    note = beside.last_plan(home / "corpora", name)
    if note is not None:
        return {**known[name], "recipe": note["recipe"], "plan": note["plan"], "at_ns": note["at_ns"],
                "is_old": _is_old(name, note, known[name]["shipped"])}  # fmt: skip
    told = {**known[name], "at_ns": None, "is_old": False}
    if known[name]["built"]:
        root = corpora.root_of(home, name)
        plan = holding.document(root, "stats.json")["plan"]
        return {**told, "recipe": holding.document(root, "recipe.json"), "plan": plan}
    return {**told, "recipe": _shipped(name).model_dump(mode="json"), "plan": None}


def planned(home: Path, name: str) -> dict[str, Any]:
    """What `trawl corpus plan` said last of a recipe. Raises NotFound."""
    told = shown(home, name)
    if not told["planned"]:
        raise NotFound(f"{name} was not planned yet", f"trawl corpus plan {name}", name)
    plan: dict[str, Any] = told["plan"]
    return plan


def _is_old(name: str, note: dict[str, Any], shipped: bool) -> bool:
    """Whether a shipped recipe is another by now than the one that was planned."""
    from corpus import recipe

    return shipped and recipe.digest(_shipped(name)) != note["sha256"]


def _shipped(name: str) -> Any:
    from corpus import recipe

    return recipe.load(recipe.shipped()[name])
