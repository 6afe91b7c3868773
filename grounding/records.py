"""A screen's dense grounding record: the form all other grounding forms are derived from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from envs.recording.types import Header
from grounding import elements, text
from grounding.elements import Harvest
from grounding.scene import Node, once
from grounding.view import View
from grounding.windows import window_of, windows


def record(sample_id: str, header: Header, view: View) -> dict[str, Any]:
    """The record of one kept screen."""
    scene, harvest = view.scene, view.found
    kept = {node.id for node in harvest.kept}
    env = header.env
    tree = scene.tree
    listed = windows(scene)
    among = {window.id: place for place, window in enumerate(listed)}
    return {
        "id": sample_id,
        "image": view.image,
        "image_size": [scene.screen.width, scene.screen.height],
        "platform": env.platform,
        "os": {"id": env.os_id, "version": env.os_version},
        "windows": [window.as_record() for window in listed],
        "elements": [
            {
                **_of_itself(node),
                "parent": _kept_parent(node, harvest.twins, kept),
                "audited": tree.audited,
                "expressions": [expression.as_record() for expression in view.said[node.id]],
                "window": window_of(node, among),
            }
            for node in harvest.kept
        ],
        "capture": {
            "t_tree": tree.t_start_ns,
            "t_shot": scene.observation.screen.t_ns,
            "stable": scene.observation.stable,
            "tree_source": tree.source,
        },
        "dropped": dict(sorted(harvest.dropped.items())),
        "provenance": {**provenance(header), "applications": _applications(harvest)},
    }


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


@once
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
