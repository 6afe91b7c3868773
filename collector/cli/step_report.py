"""One recorded step in full: the action, its element, and what it made appear, vanish or change."""

from __future__ import annotations

from typing import Any

from collector.cli import render
from envs.recording import difference
from envs.recording.types import Recording, Step
from envs.types import Element
from infra.blobs import Blobs
from infra.errors import NotFound


def step_of(recording: Recording, index: int) -> Step:
    """The step of that index. Raises NotFound."""
    if not 0 <= index < len(recording.steps):
        count = len(recording.steps)
        raise NotFound(f"no step {index}: there are {count}, from 0", subject=str(index))
    return recording.steps[index]


def document(step: Step, blobs: Blobs) -> dict[str, Any]:
    """The step and its effect as plain data. Raises NotFound, Corrupt."""
    found = difference.of_step(step, blobs)
    target = step.before.tree.load(blobs).by_id().get(step.element_id or "")
    box = step.effect.box
    return {
        "index": step.index,
        "action": step.action.as_record(),
        "element": None if target is None else _element(target),
        "outcome": step.result.outcome,
        "why": step.why,
        "did_anything": step.effect.did_anything,
        "changed_pixels": step.effect.changed_pixels,
        "changed_box": None if box is None else box.as_list(),
        "appeared": [_element(e) for e in found.appeared],
        "vanished": [_element(e) for e in found.vanished],
        "changed": [
            {**_element(c.after), "aspects": {a: _both(c, a) for a in c.aspects}}
            for c in found.changed
        ],
        "counts": {
            "appeared": found.appeared_count,
            "vanished": found.vanished_count,
            "changed": found.changed_count,
        },
    }


def show(told: dict[str, Any]) -> None:
    """Print a step's document for a person."""
    action, element = told["action"], told["element"]
    on = f" on {element['role']} {element['name']!r}" if element else ""
    render.echo(f"step {told['index']}: {action['name']}{on}, {told['outcome']}")
    render.echo(f"args      {action['args']}")
    render.echo(f"why       {told['why']}")
    render.echo(f"did       {'something' if told['did_anything'] else 'nothing'}")
    render.echo(f"pixels    {told['changed_pixels']} changed, within {told['changed_box']}")
    rows = [
        [kind, e["role"], e["name"], e["id"], _words(e.get("aspects", {}))]
        for kind in ("appeared", "vanished", "changed")
        for e in told[kind]
    ]
    render.table(["what", "role", "name", "element", "how"], rows)
    for kind, count in told["counts"].items():
        if count > len(told[kind]):
            render.echo(f"and {count - len(told[kind])} more {kind}")


def _element(element: Element) -> dict[str, Any]:
    box = None if element.box is None else element.box.as_list()
    return {"id": element.id, "role": element.role, "name": element.name, "box": box}


def _both(change: difference.Change, aspect: str) -> list[Any]:
    """An aspect before and after."""
    return [_plain(getattr(element, aspect)) for element in (change.before, change.after)]


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.as_list() if hasattr(value, "as_list") else value


def _words(aspects: dict[str, list[Any]]) -> str:
    """Each aspect in a few words; of states only those that came and went."""
    said = []
    for name, (old, new) in aspects.items():
        if name == "states":
            came, went = set(new) - set(old), set(old) - set(new)
            said.append(
                " ".join([*(f"+{s}" for s in sorted(came)), *(f"-{s}" for s in sorted(went))])
            )
        else:
            said.append(f"{name} {str(old)[:40]!r} → {str(new)[:40]!r}")
    return ", ".join(said)
