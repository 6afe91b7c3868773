"""What one corpus holds: composition against its recipe, what was dropped, its shards and licences.

All of it comes from the files by which a corpus describes itself. None is checked against the
manifest here, which names every picture: `trawl corpus verify` does, and when it last did is told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from collector.views import corpus as view
from collector.views.remembered import remembered
from infra.errors import Corrupt, NotFound, TrawlError

COLUMNS: Final = (
    "samples", "tokens", "text_tokens", "image_tokens", "pictures", "sources", "filled",
    "built_ns", "sha256", "verified", "bytes",
)  # fmt: skip


@remembered(16)
def _document(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_bytes())
    if not isinstance(found, dict):
        raise ValueError(path)  # noqa: TRY004 - as what is no JSON at all
    return found


def document(root: Path, name: str) -> dict[str, Any]:
    """A small file of a corpus. Raises NotFound, Corrupt."""
    try:
        return _document(root / name)
    except OSError as error:
        raise NotFound(f"{root.name} holds no {name}", "build it again", name) from error
    except ValueError as error:
        raise Corrupt(f"{name} of {root.name} is not JSON", "trawl corpus verify", name) from error


def listed(home: Path) -> list[dict[str, Any]]:
    """Every corpus in a row; of one that cannot be read, its name and why."""
    rows = []
    for name in view.names(home):
        try:
            rows.append({**_row(home / "corpora" / name), "wrong": ""})
        except TrawlError as error:
            rows.append({**dict.fromkeys(COLUMNS), "name": name, "wrong": str(error)})
        except (OSError, LookupError, TypeError, ValueError, AttributeError) as error:
            wrong = f"its files are not as they were written: {error} (trawl corpus verify {name})"
            rows.append({**dict.fromkeys(COLUMNS), "name": name, "wrong": wrong})
    return rows


def _row(root: Path) -> dict[str, Any]:
    from corpus import beside
    from corpus.shards import manifest

    stats = document(root, "stats.json")
    return {
        "name": root.name,
        **{key: int(stats[key]) for key in ("samples", "tokens", "text_tokens", "image_tokens", "pictures")},
        "sources": len(stats["by_source"]),
        "filled": stats["sequences"]["filled"],
        "built_ns": (root / manifest.SEAL).stat().st_mtime_ns,
        "sha256": manifest.seal(root),
        "verified": beside.last_verified(root),
        "bytes": sum(shard["bytes"] for shard in shards(root)),
    }  # fmt: skip


def shown(home: Path, name: str) -> dict[str, Any]:
    """One corpus. Raises NotFound with the nearest name, Corrupt."""
    root = view.root_of(home, name)
    stats, recipe = document(root, "stats.json"), document(root, "recipe.json")
    return {
        **_row(root),
        "stats": stats,
        "recipe": recipe,
        "categories": categories(stats, recipe),
        "promises": promises(stats, recipe),
        "sources_of": sources(stats),
        "funnel": stats["funnel"],
        "licences": licences(root, stats),
        "shards": shards(root),
    }


def categories(stats: Mapping[str, Any], recipe: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each category's share of the tokens, as planned and as made, and what the recipe says of it."""
    planned: dict[str, int] = {}
    for source in stats["plan"]["sources"]:
        planned[source["category"]] = planned.get(source["category"], 0) + source["planned_tokens"]
    whole = max(1, stats["plan"]["planned_tokens"])
    return [
        {
            "category": name,
            "weight": said["weight"],
            "floor": said["floor"],
            "cap": said["cap"],
            "planned": planned.get(name, 0) / whole,
            **_made(stats["by_category"].get(name)),
        }
        for name, said in recipe["categories"].items()
    ]


def sources(stats: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each source: what there was, what was planned, what was made of it."""
    return [
        {**row, **_made(stats["by_source"].get(row["source"]))} for row in stats["plan"]["sources"]
    ]


def _made(row: Mapping[str, Any] | None) -> dict[str, Any]:
    keys = ("samples", "text_tokens", "image_tokens", "tokens")
    return {**{key: row[key] if row else 0 for key in keys}, "made": row["share"] if row else 0.0}


def promises(stats: Mapping[str, Any], recipe: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the recipe promises of shares, and what the corpus has."""
    whole = max(1, stats["tokens"])
    told = [
        _promise(f"category {name}", said["floor"], said["cap"], _share(stats, "category", name))
        for name, said in recipe["categories"].items()
        if said["floor"] > 0 or said["cap"] < 1
    ]
    images = recipe["image_share"]
    if images["min"] > 0 or images["max"] < 1:
        told.append(_promise("images", images["min"], images["max"], stats["image_tokens"] / whole))
    if recipe["synthetic_max_share"] < 1:
        made = [name for name, said in recipe["sources"].items() if said["synthetic"]]
        share = sum(_share(stats, "source", name) for name in made)
        told.append(_promise("synthetic", 0, recipe["synthetic_max_share"], share))
    for quota in recipe["quotas"]:
        most = quota["max_tokens"]
        least = max(quota["min"], quota["min_tokens"] / whole)
        cap = min(quota["max"], 1.0 if most is None else most / whole)
        label = f"{quota['by']} {quota['of']}"
        told.append(_promise(label, least, cap, _share(stats, quota["by"], quota["of"])))
    return told


def _promise(of: str, least: float, most: float, has: float) -> dict[str, Any]:
    return {"of": of, "least": least, "most": most, "has": has,
            "kept": least - 5e-4 <= has <= most + 5e-4}  # fmt: skip


def _share(stats: Mapping[str, Any], by: str, of: str) -> float:
    from corpus.traits import is_of

    rows = stats.get(f"by_{by}", {})
    return float(sum(row["share"] for name, row in rows.items() if is_of(name, of)))


def licences(root: Path, stats: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each licence with its share, and the file of its text where it has no name."""
    texts = sorted(path.stem for path in (root / "licences").glob("*.txt"))
    return [
        {"licence": name, **row,
         "text": next((t for t in texts if t.startswith(name.rpartition(" ")[2])), "")}
        for name, row in stats["by_licence"].items()
    ]  # fmt: skip


def licence_text(root: Path, sha256: str) -> str:
    """The text of a licence. Raises NotFound."""
    from infra.blobs import named

    try:
        return (root / "licences" / f"{named(sha256)}.txt").read_text("utf-8", "replace")
    except OSError as error:
        raise NotFound(f"{root.name} holds no such licence", subject=sha256) from error


def shards(root: Path) -> list[dict[str, Any]]:
    """Every shard with its size, its hash, its samples and in how many licences these are."""
    stated = document(root, "croissant.json")["distribution"]
    of_licence = document(root, "licences_by_shard.json")
    return [
        {"shard": file["name"], "bytes": int(file["contentSize"].removesuffix(" B")),
         "sha256": file["sha256"], "samples": sum(of_licence.get(file["name"], {}).values()),
         "licences": len(of_licence.get(file["name"], {}))}
        for file in stated
        if file["name"].endswith(".tar")
    ]  # fmt: skip
