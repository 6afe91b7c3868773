"""Draws a run's state graph and writes it as one file, without scripts and without a network.

Names come from guests and pages, so that the template escapes all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from collector.explore.graph import Edge, Node, Place, StateGraph
from collector.gallery.graph.layout import NODE, SHOWN, Layout, layout, shown
from collector.gallery.graph.pictures import Thumbnails
from infra.files import publish
from infra.visible import visible

ACTIONS: Final = 8
"""Most actions that are told of one edge."""
NAME_CHARS: Final = 80
Address = Callable[[Place], str]


@dataclass(frozen=True, slots=True)
class Plane:
    """Nodes and ways as records, and the drawing of them."""

    nodes: list[dict[str, Any]]
    ways: list[dict[str, Any]]
    drawing: Markup


@dataclass(frozen=True, slots=True)
class Drawn:
    """A written page: how many of the graph's nodes and edges it shows, and its size."""

    page: Path
    nodes: int
    edges: int
    shown: int
    size_bytes: int

    def as_record(self) -> dict[str, Any]:
        """As `--json` shows it."""
        return {
            "page": str(self.page),
            "nodes": self.nodes,
            "edges": self.edges,
            "shown": self.shown,
            "size_bytes": self.size_bytes,
        }


def draw(graph: StateGraph, run: str, home: Path, out: Path) -> Drawn:
    """Write the page of a run's graph to `out`."""
    seen = plane(graph, Thumbnails(home).of)
    page = {
        "run": run,
        "count": len(graph.nodes),
        "edges": len(graph.edges),
        "recordings": len({n.place.recording for n in graph.nodes if n.place.recording}),
        "nodes": seen.nodes,
        "ways": seen.ways,
        "plane": seen.drawing,
    }
    html = _render("graph.html", page).encode("utf-8", "replace")
    publish(out, html)
    return Drawn(out, len(graph.nodes), len(graph.edges), len(seen.nodes), len(html))


def plane(
    graph: StateGraph, picture_of: Address, href_of: Address = lambda _: "", most: int = SHOWN
) -> Plane:
    """At most so many nodes of a graph and the ways between them, told and drawn.

    `picture_of` gives the address of a small picture of what was seen somewhere, `href_of` that of
    a page about it; empty where there is none.
    """
    kept = shown(graph, most)
    by_id = {node.id: node for node in graph.nodes}
    places = layout(set(kept), graph.edges)
    nodes = [_node(by_id[key], places, picture_of, href_of) for key in kept]
    ways = [_way(pair, edges, places) for pair, edges in sorted(_ways(graph, set(kept)).items())]
    drawing = _render("plane.html", {"layout": places, "size": NODE, "nodes": nodes, "ways": ways})
    return Plane(nodes, ways, Markup(drawing))  # noqa: S704 - the template escaped what is in it


def _ways(graph: StateGraph, kept: set[int]) -> dict[tuple[int, int], list[Edge]]:
    """The edges between two shown nodes, taken together; what stays where it is left out."""
    ways: defaultdict[tuple[int, int], list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        if edge.source in kept and edge.target in kept and edge.source != edge.target:
            ways[edge.source, edge.target].append(edge)
    return ways


def _node(node: Node, places: Layout, picture_of: Address, href_of: Address) -> dict[str, Any]:
    windows = [visible(words.replace("|", " · "))[:NAME_CHARS] for words in node.state.windows]
    x, y = places.places[node.id]
    return {
        "id": node.id,
        "x": x,
        "y": y,
        "name": windows[-1] if windows else "an empty screen",
        "windows": windows,
        "things": len(node.state.things),
        "place": f"{node.place.recording} #{node.place.number}",
        "picture": picture_of(node.place),
        "href": href_of(node.place),
    }


def _way(pair: tuple[int, int], edges: list[Edge], places: Layout) -> dict[str, Any]:
    told = [visible(f"{edge.action}: {edge.on}")[:NAME_CHARS] for edge in edges]
    return {
        "source": pair[0],
        "target": pair[1],
        "curve": _curve(places.places[pair[0]], places.places[pair[1]]),
        "actions": told[:ACTIONS],
        "more": max(0, len(told) - ACTIONS),
    }


def _curve(start: tuple[int, int], end: tuple[int, int]) -> str:
    """A curve from one node's side to another's; one that leads back bows below."""
    width, height = NODE
    if end[0] > start[0]:
        x1, y1, x2, y2 = start[0] + width, start[1] + height // 2, end[0], end[1] + height // 2
        bend = max(30, (x2 - x1) // 2)
        return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
    x1, y1, x2, y2 = start[0] + width // 2, start[1] + height, end[0] + width // 2, end[1] + height
    return f"M{x1} {y1}C{x1} {y1 + 44} {x2} {y2 + 44} {x2} {y2}"


def _render(template: str, page: dict[str, Any]) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("collector.gallery.graph"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(page)
