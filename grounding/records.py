"""A screen's dense grounding record: the form all other grounding forms are derived from.

An element that comes again on later screens, in the same window and called the same ways, is the
same row, written out once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from envs.recording.types import Header
from grounding import elements, text
from grounding.elements import Harvest
from grounding.referring.things import Expression
from grounding.samples import dump
from grounding.scene import Node, once
from grounding.view import View
from grounding.windows import Window, window_of, windows

Place = tuple[str | None, bool, tuple[Expression, ...], int | None]
"""What a screen adds to an element: its kept parent, whether audited, the expressions, the window."""


class Row(NamedTuple):
    """One element of a record, and the same as JSON."""

    element: dict[str, Any]
    line: bytes


@dataclass(frozen=True, slots=True)
class Record:
    """A record in parts: what stands before its elements, the elements, what stands after them."""

    head: dict[str, Any]
    rows: list[Row]
    tail: dict[str, Any]


def joined(head: bytes, lines: Iterable[bytes], tail: bytes) -> bytes:
    """The JSON of a record of that of its parts."""
    return head[:-1] + b',"elements":[' + b",".join(lines) + b"]," + tail[1:]


def record(sample_id: str, header: Header, view: View) -> Record:
    """The record of one kept screen."""
    listed = windows(view.scene)
    return Record(_head(sample_id, header, view, listed), _rows(view, listed), _tail(header, view))


def _head(sample_id: str, header: Header, view: View, listed: list[Window]) -> dict[str, Any]:
    scene, env = view.scene, header.env
    return {
        "id": sample_id,
        "image": view.image,
        "image_size": [scene.screen.width, scene.screen.height],
        "platform": env.platform,
        "os": {"id": env.os_id, "version": env.os_version},
        "windows": [window.as_record() for window in listed],
    }


def _tail(header: Header, view: View) -> dict[str, Any]:
    scene, harvest, tree = view.scene, view.found, view.scene.tree
    return {
        "capture": {
            "t_tree": tree.t_start_ns,
            "t_shot": scene.observation.screen.t_ns,
            "stable": scene.observation.stable,
            "tree_source": tree.source,
        },
        "dropped": dict(sorted(harvest.dropped.items())),
        "provenance": {**provenance(header), "applications": _applications(harvest)},
    }


def _rows(view: View, listed: list[Window]) -> list[Row]:
    """The kept elements; a row is made where none was of this element among the same things."""
    harvest, audited = view.found, view.scene.tree.audited
    kept = {node.id for node in harvest.kept}
    among = {window.id: place for place, window in enumerate(listed)}
    rows = []
    for node in harvest.kept:
        parent, window = _kept_parent(node, harvest.twins, kept), window_of(node, among)
        said, made = tuple(view.said[node.id]), _made(node)
        row = made.get((parent, audited, said, window))
        if row is None:
            row = made[parent, audited, said, window] = _row(node, parent, audited, said, window)
        rows.append(row)
    return rows


@once
def _made(_: Node) -> dict[Place, Row]:
    """The rows that an element was, by what its screen adds."""
    return {}


def _row(
    node: Node, parent: str | None, audited: bool, said: tuple[Expression, ...], window: int | None
) -> Row:
    element = {
        **_of_itself(node),
        "parent": parent,
        "audited": audited,
        "expressions": [expression.as_record() for expression in said],
        "window": window,
    }
    return Row(element, dump(element))


def _applications(harvest: Harvest) -> dict[str, int]:
    """How many of the kept elements belong to each program."""
    counts = Counter(node.app or "unknown" for node in harvest.kept)
    return dict(sorted(counts.items()))


def provenance(header: Header) -> dict[str, Any]:
    """What a sample is traced by: the episode, the machine, the image, the versions."""
    env = header.env
    return {
        "episode_id": header.episode_id,
        "explorer": header.explorer,
        "seed": header.seed,
        "image": env.image,
        "image_sha256": env.image_sha256,
        "template": env.template,
        "agent_version": env.agent_version,
        "machine_id": env.machine_id,
        "scale": env.scale,
        "versions": dict(sorted(header.versions.items())),
    }


def _of_itself(node: Node) -> dict[str, Any]:
    """What a record says of an element on whatever screen; what its screen adds has a place in it."""
    element = node.element
    named: dict[str, Any] = (
        {"name": node.name, "name_source": element.name_source or "a11y"}
        if node.name
        else {"name": None, "no_name_reason": elements.why_no_name(node)}
    )
    return {
        "id": element.id,
        "role": element.role,
        **named,
        "description": text.clean(element.description)[: text.NAME_CHARS],
        "bbox_px": node.box.as_list(),
        "states": sorted(element.states),
        "actions": list(element.actions),
        "interactable": node.interactable,
        "data_type": elements.data_type(node),
        "parent": None,
        "visible_ratio": round(node.ratio, 3),
    }


def _kept_parent(node: Node, twins: Mapping[str, str], kept: set[str]) -> str | None:
    """The nearest kept element above a node."""
    for above in node.above:
        name = twins.get(above.id, above.id)
        if name in kept and name != node.id:
            return name
    return None
