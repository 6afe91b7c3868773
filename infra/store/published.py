"""What lies on shared storages: an index of it, which can be made again from their seals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select, update

from infra.store import events
from infra.store.convert import row
from infra.store.engine import Tx
from infra.store.models import PublishedTable, StorageTable
from infra.store.rows import Place, Published

AT_ONCE: Final = 500
"""So many names stand in one question."""


def place(tx: Tx, name: str, identity: str) -> Place:
    """The storage of that name; one that is new gets `identity`, whoever asks first."""
    known = tx.get(StorageTable, name)
    if known is None:
        known = StorageTable(name=name, identity=identity, marked=False)
        tx.add(known)
        tx.flush()
    return row(Place, known)


def found(tx: Tx, name: str) -> Place | None:
    """The storage of that name, None where nobody has published there."""
    known = tx.get(StorageTable, name)
    return None if known is None else row(Place, known)


def marked(tx: Tx, name: str, identity: str) -> None:
    """The storage of that name bears that mark from now on."""
    tx.execute(
        update(StorageTable).where(StorageTable.name == name).values(identity=identity, marked=True)
    )


def add(tx: Tx, new: Published) -> None:
    """A recording lies there whole; said again it changes nothing."""
    if tx.get(PublishedTable, (new.storage, new.recording)) is not None:
        return
    tx.add(PublishedTable(**{name: getattr(new, name) for name in Published.__slots__}))
    events.add(tx, new.at_ns, "episode.published", new.recording, storage=new.storage,
               host=new.host, blobs=new.blobs)  # fmt: skip


def known(tx: Tx, storage: str, recordings: Sequence[str]) -> set[str]:
    """Which of these recordings lie there."""
    there: set[str] = set()
    for start in range(0, len(recordings), AT_ONCE):
        query = select(PublishedTable.recording).where(
            PublishedTable.storage == storage,
            PublishedTable.recording.in_(recordings[start : start + AT_ONCE]),
        )
        there.update(tx.scalars(query))
    return there


def listed(tx: Tx, storage: str) -> list[Published]:
    """Everything that lies there, oldest first."""
    query = select(PublishedTable).where(PublishedTable.storage == storage)
    return [row(Published, p) for p in tx.scalars(query.order_by(PublishedTable.recording))]
