"""A shared storage and its episodes as the database knows them."""

from __future__ import annotations

from infra.ids import Ids
from infra.storage import Seal, Storage
from infra.store import Store, published
from infra.store.rows import Place, Published


def index(store: Store, place: Place, seal: Seal, at_ns: int) -> None:
    """The episode of that seal lies there whole."""
    row = Published(place.name, seal.episode, seal.host, seal.log_sha256, seal.log_bytes,
                    seal.blobs, at_ns)  # fmt: skip
    with store.write() as tx:
        published.add(tx, row)


def settled(store: Store, storage: Storage, ids: Ids) -> Place:
    """The storage as the database knows it, its mark seen there.

    Raises Away where it bears another mark or none: what is mounted there is not what was.
    """
    with store.read() as tx:
        place = published.found(tx, storage.name)
    if place is None:
        with store.write() as tx:
            place = published.place(tx, storage.name, ids.new("st"))
    identity = storage.settle(place.identity, is_known=place.marked)
    if not place.marked:
        with store.write() as tx:
            published.marked(tx, place.name, identity)
    return Place(place.name, identity, marked=True)
