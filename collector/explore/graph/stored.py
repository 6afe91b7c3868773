"""A run's graph on disk: `runs/RUN/graph.jsonl`, a line for each node and edge as they are met.

It can be made again from the recordings, so nothing waits for the disk; a last line that a crash
cut is left out when it is read, and written over.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from collector.explore.graph.graph import Edge, Node, Place, StateGraph
from collector.explore.graph.signature import State

NAME: Final = "graph.jsonl"


def path_of(home: Path, run: str) -> Path:
    """Where the graph of a run lies."""
    return home / "runs" / run / NAME


def opened(path: Path) -> StateGraph:
    """The graph at `path`, which grows there from now on; an empty one where there is none."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    known, whole = _read(path)
    if path.exists() and path.stat().st_size != whole:
        with path.open("r+b") as torn:
            torn.truncate(whole)

    def heard(news: Node | Edge) -> None:
        with path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(_record(news), ensure_ascii=False) + "\n")

    graph = StateGraph(heard)
    _refill(graph, known)
    return graph


def read(path: Path) -> StateGraph:
    """The graph at `path` as it is now; empty where there is none."""
    graph = StateGraph()
    _refill(graph, _read(path)[0])
    return graph


def _record(news: Node | Edge) -> dict[str, Any]:
    if isinstance(news, Edge):
        return {"edge": asdict(news)}
    state = news.state
    return {
        "node": news.id, "windows": state.windows, "things": sorted(state.things),
        "picture": state.picture, "place": asdict(news.place),
    }  # fmt: skip


def _read(path: Path) -> tuple[list[dict[str, Any]], int]:
    """The whole lines, and how many bytes they take."""
    records: list[dict[str, Any]] = []
    whole = 0
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return records, 0
    for line in data.splitlines(keepends=True):
        try:
            record = json.loads(line)
        except ValueError:
            break
        if not line.endswith(b"\n") or not isinstance(record, dict):
            break
        records.append(record)
        whole += len(line)
    return records, whole


def _refill(graph: StateGraph, records: list[dict[str, Any]]) -> None:
    for record in records:
        if "edge" in record:
            graph.restore_edge(Edge(**record["edge"]))
        else:
            state = State(tuple(record["windows"]), frozenset(record["things"]), record["picture"])
            graph.restore_node(state, Place(**record["place"]))
