"""The index of what lies on shared storages, on both databases."""

from __future__ import annotations

from infra.store import Store, events, published
from infra.store.rows import Place, Published

NAME = "s3://bucket/trawl"


def row(recording: str, storage: str = NAME, host: str = "alpha") -> Published:
    return Published(storage, recording, host, "ab" * 32, 5, 2, 7)


def test_a_storage_has_the_identity_that_who_came_first_gave_it(store: Store) -> None:
    with store.read() as tx:
        assert published.found(tx, NAME) is None
    with store.write() as tx:
        assert published.place(tx, NAME, "st-1") == Place(NAME, "st-1", marked=False)
    with store.write() as tx:
        assert published.place(tx, NAME, "st-2").identity == "st-1"
        published.marked(tx, NAME, "st-3")
    with store.read() as tx:
        assert published.found(tx, NAME) == Place(NAME, "st-3", marked=True)


def test_a_recording_is_indexed_once_for_each_storage(store: Store) -> None:
    other = "file:///srv/trawl"
    with store.write() as tx:
        published.place(tx, NAME, "st-1")
        published.place(tx, other, "st-2")
    for _ in range(2):
        with store.write() as tx:
            published.add(tx, row("ep-2"))
            published.add(tx, row("ep-1"))
            published.add(tx, row("ep-1", other))
    with store.read() as tx:
        assert published.listed(tx, NAME) == [row("ep-1"), row("ep-2")]
        assert published.listed(tx, other) == [row("ep-1", other)]
        assert [e.kind for e in events.after(tx, 0)] == ["episode.published"] * 3


def test_more_names_than_one_question_holds_are_asked_for(store: Store) -> None:
    names = [f"ep-{n}" for n in range(2 * published.AT_ONCE + 1)]
    with store.write() as tx:
        published.place(tx, NAME, "st-1")
        for name in (names[0], names[-1]):
            published.add(tx, row(name))
    with store.read() as tx:
        assert published.known(tx, NAME, names) == {names[0], names[-1]}
        assert published.known(tx, "elsewhere", names) == set()
