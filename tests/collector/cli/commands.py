"""Every command of the command line, as words."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import typer

from collector.cli.main import NOUNS

Words = tuple[str, ...]


def speaking_json() -> set[Words]:
    """The commands that take `--json`."""
    return {words for words, command in _every() if "as_json" in {p.name for p in command.params}}


def _every() -> Iterator[tuple[Words, Any]]:
    for noun in NOUNS:
        module = importlib.import_module(f"collector.cli.{noun.replace('-', '_')}")
        yield from _below((noun,), typer.main.get_command(module.app))


def _below(words: Words, command: Any) -> Iterator[tuple[Words, Any]]:
    verbs = getattr(command, "commands", {})
    if not verbs or command.invoke_without_command:
        yield words, command
    for verb, below in verbs.items():
        yield from _below((*words, verb), below)
