"""Our own sources, parsed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final = ("collector", "corpus", "envs", "grounding", "infra")


@dataclass(frozen=True)
class Module:
    """One Python file: its path below the clone, its text, its tree."""

    path: str
    text: str
    tree: ast.Module

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Every call by its dotted name, import aliases resolved."""
        aliases = dict(self.aliases())
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and (name := dotted(node.func)):
                head, _, rest = name.partition(".")
                whole = aliases.get(head, head) + (f".{rest}" if rest else "")
                yield whole, node

    def aliases(self) -> Iterator[tuple[str, str]]:
        """What each imported name stands for."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield (
                        alias.asname or alias.name.split(".")[0],
                        (alias.asname and alias.name) or (alias.name.split(".")[0]),
                    )
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    yield alias.asname or alias.name, f"{node.module}.{alias.name}"

    def imports(self) -> set[str]:
        """The modules it names in import statements, wherever they stand."""
        found = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
        return found


def dotted(node: ast.expr) -> str:
    """`a.b.c` for names and attributes of names, else empty."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (base := dotted(node.value)):
        return f"{base}.{node.attr}"
    return ""


@cache
def modules(*tops: str) -> tuple[Module, ...]:
    """Every Python file below those directories, in order."""
    found = []
    for top in tops or PACKAGES:
        for path in sorted((ROOT / top).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            found.append(Module(str(path.relative_to(ROOT)), text, ast.parse(text, str(path))))
    return tuple(found)


def in_guest(module: Module) -> bool:
    """Whether it runs inside a guest, where there is no `infra`."""
    return module.path.startswith("envs/guest/")
