"""What is kept is looked after through the dashboard: verified, published, packed for who helps.

Each is done for one at a time and leaves its line in the log.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from collector.dash.access import Who, audit
from collector.dash.desk import Desk
from collector.dash.turns import alone
from infra.progress import Silent


class Bundle(NamedTuple):
    """An archive and what it is called."""

    name: str
    data: bytes


def verify(at: Desk, who: Who, name: str, reason: str) -> dict[str, Any]:
    """Read every byte of a corpus. Raises NotFound, Corrupt, Conflict while another is read."""
    from collector.views import corpus as view
    from corpus import beside
    from corpus.shards import manifest

    root = view.root_of(at.settings.home, name)
    with alone("the verification of a corpus"):
        faults = manifest.verify(root, Silent())
    now_ns = at.clock.now_ns()
    beside.verified(root, len(faults), now_ns)
    with at.store.write() as tx:
        audit.note(tx, who, "corpus.verify", name, reason, at_ns=now_ns, faults=len(faults))
    if faults:
        raise view.differing(name, faults)
    return view.whole(root)


def publish(at: Desk, who: Who, name: str, reason: str) -> list[dict[str, Any]]:
    """Put an episode on the shared storage. Raises as `mending.mend` does."""
    from collector.fleet.mending import mend
    from collector.views import episode as view

    with alone("the publishing of an episode"):
        done = list(mend(at.settings, [name], at.clock, at.ids))
    with at.store.write() as tx:
        audit.note(tx, who, "episode.publish", name, reason, at_ns=at.clock.now_ns())
    return view.published(done)


def bundle(at: Desk, who: Who, reason: str, *, quick: bool) -> Bundle:
    """The archive of `trawl support-bundle`; `quick` starts no program to look at it."""
    from collector import support
    from collector.views import doctor
    from infra.doctor import examine, installation_probes

    def found() -> list[dict[str, Any]]:
        if quick:
            return [check.as_record() for check in examine(installation_probes(), Silent())]
        checks: list[dict[str, Any]] = doctor.looked()["checks"]
        return checks

    now_ns = at.clock.now_ns()
    with alone("a support bundle"):
        with at.store.write() as tx:
            audit.note(tx, who, "support-bundle", "support-bundle", reason, at_ns=now_ns)
        made = support.parts(at.settings, found)
        data = support.archive(made, support.redactor(at.settings), now_ns)
    return Bundle(support.file_name(now_ns), data)
