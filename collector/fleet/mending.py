"""Episodes of one home put on the shared storage at somebody's word, every byte there compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from collector.fleet.indexing import index, settled
from collector.fleet.publishing import lock_path, publish
from envs.recording import reader
from infra.clock import Clock
from infra.errors import UsageError
from infra.files import exclusive
from infra.ids import Ids
from infra.settings import Settings
from infra.storage import Seal, Storage
from infra.store import open_store


def mend(settings: Settings, names: Iterable[str], clock: Clock, ids: Ids) -> Iterator[Seal]:
    """Publish those episodes of this home now; whatever differs on the storage is put again.

    Raises UsageError where no storage is configured, Conflict while the controller publishes, Away,
    and what `publish` raises.
    """
    url = settings.storage.get_secret_value()
    if not url:
        raise UsageError("no storage is configured", "set TRAWL_STORAGE", "storage")
    storage = Storage(url, settings.host)
    with exclusive(lock_path(settings.home), "publishing"), open_store(settings) as store:
        place = settled(store, storage, ids)
        for name in names:
            directory = reader.find(settings.home, name)
            seal = publish(directory, storage, settings.host, lambda: None, mend=True)
            index(store, place, seal, clock.now_ns())
            yield seal
