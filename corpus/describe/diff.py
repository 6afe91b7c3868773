"""What distinguishes two corpora: which samples entered, left, were made anew or stand elsewhere.

Two ledgers, ordered by id, are read side by side once; memory holds counts and a few examples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from corpus.describe.licences import entries
from corpus.shards import manifest

EXAMPLES: Final = 5
PLACE: Final = ("shard", "offset", "sequence")
KINDS: Final = ("entered", "left", "changed", "moved", "stayed")
Entry = dict[str, Any]


@dataclass(slots=True)
class Row:
    """The samples of one source that met one fate."""

    kind: str
    category: str
    source: str
    samples: int = 0
    text_tokens: int = 0
    image_tokens: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """One more."""
        self.samples += 1
        self.text_tokens += entry["text_tokens"]
        self.image_tokens += entry["image_tokens"]
        if len(self.examples) < EXAMPLES:
            self.examples.append(entry["id"])


def diff(old: Path, new: Path) -> list[Row]:
    """Rows by kind, category and source, from the corpus `old` to `new`.

    `changed` has another content under the same id, `moved` the same content in another place of
    the order. Raises NotFound where one is no corpus, Corrupt where its manifest was changed.
    """
    for root in (old, new):
        manifest.read(root)
    rows: dict[tuple[str, str, str], Row] = {}
    for before, after in _pairs(entries(old), entries(new)):
        shown = after or before
        assert shown is not None
        key = (_kind(before, after), str(shown["category"]), str(shown["source"]))
        rows.setdefault(key, Row(*key)).add(shown)
    order = {kind: n for n, kind in enumerate(KINDS)}
    return [rows[key] for key in sorted(rows, key=lambda k: (order[k[0]], *k[1:]))]


def _pairs(
    old: Iterator[Entry], new: Iterator[Entry]
) -> Iterator[tuple[Entry | None, Entry | None]]:
    """The entries of both, those of one id together."""
    before, after = next(old, None), next(new, None)
    while before or after:
        if after is None or (before and before["id"].encode() < after["id"].encode()):
            yield before, None
            before = next(old, None)
        elif before is None or after["id"].encode() < before["id"].encode():
            yield None, after
            after = next(new, None)
        else:
            yield before, after
            before, after = next(old, None), next(new, None)


def _kind(before: Entry | None, after: Entry | None) -> str:
    if before is None or after is None:
        return "entered" if before is None else "left"
    if _content(before) != _content(after):
        return "changed"
    return "stayed" if before == after else "moved"


def _content(entry: Entry) -> Entry:
    return {name: value for name, value in entry.items() if name not in PLACE}
