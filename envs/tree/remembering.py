"""What a mirror knew when its machine was frozen, so that a fork's mirror starts from it.

A fork is its template to the bit: the same programs under the same names on the same bus, the same
objects at the same places. Only what became doubtful since has to be asked.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any, Final

import msgpack
import zstandard

from envs.tree.atspi import Key
from envs.tree.model import Node, Program
from envs.tree.toolkits import TOOLKITS, UNKNOWN, Toolkit
from envs.types import Box
from infra.errors import Corrupt

MOST_BYTES: Final = 64 << 20
_NODE: Final = tuple(field.name for field in dataclasses.fields(Node))
_PROGRAM: Final = ("bus", "name", "toolkit", "introduced", "whole_known", "truncated", "text_chars")
SHAPE: Final = repr((_NODE, _PROGRAM))
"""What is remembered of each; a memory of another shape is not read."""
_KEYS: Final = frozenset({"key", "parent", "label", "plug"})


def packed(programs: Iterable[Program]) -> bytes:
    """The programs and all their nodes, compressed."""
    rows = [_program_row(program) for program in programs if not program.stale]
    return zstandard.compress(msgpack.packb({SHAPE: rows}), 10)


def unpacked(data: bytes) -> dict[str, Program]:
    """The programs by their names on the bus. Raises Corrupt."""
    try:
        raw = zstandard.ZstdDecompressor().decompress(data, max_output_size=MOST_BYTES)
        held = msgpack.unpackb(raw)
        programs = [_program(row) for row in held[SHAPE]]
    except (zstandard.ZstdError, ValueError, KeyError, TypeError, IndexError) as error:
        raise Corrupt(f"what the mirror remembered cannot be read: {error}") from error
    return {program.bus: program for program in programs}


def _program_row(program: Program) -> dict[str, Any]:
    return {
        **{name: getattr(program, name) for name in _PROGRAM},
        "way": next((name for name, way in TOOLKITS.items() if way is program.way), ""),
        "plugs": sorted(program.plugs),
        "nodes": [_node_row(node) for node in program.nodes.values()],
        "cells": [[k[0], sorted(k[1]), v] for k, v in program.cell_actions.items()],
    }


def _node_row(node: Node) -> list[Any]:
    row: list[Any] = []
    for name in _NODE:
        value = getattr(node, name)
        if isinstance(value, frozenset):
            value = sorted(value)
        elif isinstance(value, Box):
            value = value.as_list()
        row.append(value)
    return row


def _program(row: dict[str, Any]) -> Program:
    way: Toolkit = TOOLKITS.get(row["way"], UNKNOWN)
    program = Program(**{name: row[name] for name in _PROGRAM}, way=way)
    for held in row["nodes"]:
        program.add(_node(held))
    program.plugs = set(row["plugs"])
    for kind, interfaces, actions in row["cells"]:
        known = None if actions is None else tuple(actions)
        program.cell_actions[kind, frozenset(interfaces)] = known
    return program


def _node(held: list[Any]) -> Node:
    values: dict[str, Any] = dict(zip(_NODE, held, strict=True))
    for name in _KEYS:
        values[name] = _key(values[name])
    values["interfaces"] = frozenset(values["interfaces"])
    values["actions"] = tuple(values["actions"])
    values["box"] = None if values["box"] is None else Box(*values["box"])
    return Node(**values)


def _key(value: list[str] | None) -> Key | None:
    return None if value is None else (value[0], value[1])
