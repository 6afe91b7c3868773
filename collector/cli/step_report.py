"""One recorded step in full: the action, its element, and what it made appear, vanish or change."""

from __future__ import annotations

from typing import Any

from collector.cli import render


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
