"""How much room on disk a corpus will take, known before its first byte."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from corpus.order import Order
from corpus.shards.layout import sizes
from corpus.store import Stock
from infra.errors import Unavailable

LEDGER_LINE_BYTES: Final = 1200
INDEX_BYTES: Final = 160
"""What the index of the shards takes for a member; a sample of one picture has two."""
SPARE: Final = 1.05


def needed(stock: Stock, order: Order) -> int:
    """Bytes of the shards and their index, of the messages and the pictures beside, and of the ledger twice."""
    lines = stock.column("line")[order.rows].astype("i8")
    members = stock.column("members")[order.rows]
    in_shards = int(sizes(members, lines, order.epochs, order.sequences).sum())
    beside = sum(kept.size_bytes for kept in stock.pictures(order.rows).values())
    ledger = 2 * LEDGER_LINE_BYTES * len(order)
    index = INDEX_BYTES * (int(stock.column("pictures")[order.rows].sum()) + len(order))
    return int((in_shards + int(lines.sum()) + beside + ledger + index) * SPARE)


def check(need_bytes: int, place: Path, floor_bytes: int) -> None:
    """Raise Unavailable where the file system of `place` has less room above its floor."""
    free = shutil.disk_usage(place).free - floor_bytes
    if free < need_bytes:
        raise Unavailable(
            f"{need_bytes >> 20} MiB are needed and {max(0, free) >> 20} MiB are free above the floor",
            "make room, or take another file system; a corpus grows with its budget_tokens",
        )
