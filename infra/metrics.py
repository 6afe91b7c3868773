"""What is measured about a fleet, as Prometheus families in a registry that is passed in.

Every value that a label can take is known when `Metrics` is made and is exported as zero from
then on; a value that nobody foresaw is counted as `other`. No label holds the name of a machine,
an address, a title or a text, so the number of series never grows.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Generic, TypeVar, cast, get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.metrics_core import Metric

from infra.clock import Clock
from infra.images import recipes
from infra.store.rows import EpisodeStatus, Observed

Family = TypeVar("Family", bound=MetricWrapperBase)
CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
OTHER: Final = "other"
STATES: Final = tuple(state for state in get_args(Observed) if state not in {"ABSENT", "GONE"})
"""What a machine that is there can be in."""
TRANSITIONS: Final[tuple[str, ...]] = get_args(Observed)
PHASES: Final = ("observe", "decide", "act", "settle", "store")
"""What a step spends its time on."""
STEP_OUTCOMES: Final = ("applied", "rejected", "unknown")
EPISODE_OUTCOMES: Final = tuple(
    status for status in get_args(EpisodeStatus) if status not in {"queued", "running"}
)
LEASE_STATES: Final = ("live", "overdue")
PUBLISHED: Final = ("published", "refused", "away")
DISK_ROLES: Final = ("home", "cache")
FLEET_WIDE: Final = frozenset({
    "trawl_machines", "trawl_machines_desired", "trawl_machines_overdue", "trawl_heartbeat_age_seconds",
    "trawl_machine_transitions", "trawl_steps", "trawl_episodes", "trawl_leases",
    "trawl_lease_expired", "trawl_queue_depth", "trawl_disk_free_bytes", "trawl_disk_floor_bytes",
    "trawl_image_age_seconds", "trawl_event_lag_seconds",
})  # fmt: skip
"""Families that are read from database and host at each scrape."""
IMAGES: Final = tuple(recipe.name for recipe in recipes())
QUICK_S: Final = (0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
STEP_S: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
AGE_S: Final = (0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)


class _OfFleet:
    """A registry without the families that are about one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        """The families, as a registry gives them."""
        return (family for family in self._registry.collect() if family.name in FLEET_WIDE)


class Closed(Generic[Family]):
    """A family whose series all exist from the start; called with label values it is one of them."""

    def __init__(self, family: Family, values: Sequence[Sequence[str]]) -> None:
        self._values = [(*foreseen, OTHER) for foreseen in values]
        self._series: dict[tuple[str, ...], Family] = {
            chosen: family.labels(*chosen) if chosen else family
            for chosen in itertools.product(*self._values)
        }

    def __call__(self, *values: str) -> Family:
        """The series of those label values, in the order that the family names its labels."""
        known = zip(values, self._values, strict=True)
        return self._series[tuple(v if v in allowed else OTHER for v, allowed in known)]


class Metrics:
    """All families of one process over the given kinds of machine; safe to share between threads."""

    def __init__(self, kinds: Iterable[str], clock: Clock) -> None:
        # one more series for each counter otherwise, that no rule of ours reads
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._clock = clock
        self.registry: Final = CollectorRegistry()
        self.kinds: Final = tuple(dict.fromkeys(kinds))
        self._machines(self.kinds)
        self._passes()
        self._work(self.kinds)
        self._surroundings(self.kinds)

    def _machines(self, kinds: tuple[str, ...]) -> None:
        self.machines = self._gauge(
            "machines", "machines that are there, by state", kind=kinds, state=STATES
        )
        self.machines_desired = self._gauge(
            "machines_desired", "machines that the pools ask for", kind=kinds
        )
        self.machines_overdue = self._gauge(
            "machines_overdue", "machines past the deadline of their state", kind=kinds
        )
        self.machine_transitions = self._counter(
            "machine_transitions_total", "changes of state",
            **{"from": TRANSITIONS, "to": TRANSITIONS},
        )  # fmt: skip
        self.heartbeat_age = self._histogram(
            "heartbeat_age_seconds",
            "age of each machine's last sign of life, at each scrape",
            AGE_S,
        )

    def _passes(self) -> None:
        """The reconciler, and how long it has not got through."""
        self.reconcile = self._histogram(
            "reconcile_seconds", "time that one pass of the reconciler takes", QUICK_S
        )
        self.reconcile_lag = self._gauge(
            "reconcile_lag_seconds", "time since a pass of the reconciler last got through"
        )
        self.hypervisor_calls_hung = self._gauge(
            "hypervisor_calls_hung", "hypervisor calls past their deadline that have not come back"
        )
        self._passed_s = self._clock.monotonic_s()
        self.reconcile_lag().set_function(lambda: self._clock.monotonic_s() - self._passed_s)

    def _work(self, kinds: tuple[str, ...]) -> None:
        self.step = self._histogram(
            "step_seconds", "time of a step, by what it was spent on", STEP_S,
            kind=kinds, phase=PHASES,
        )  # fmt: skip
        self.steps = self._counter(
            "steps_total", "steps committed", kind=kinds, outcome=STEP_OUTCOMES
        )
        self.episodes = self._counter(
            "episodes_total", "attempts at an episode that ended",
            kind=kinds, outcome=EPISODE_OUTCOMES,
        )  # fmt: skip
        self.leases = self._gauge("leases", "leases that nobody released", state=LEASE_STATES)
        self.lease_expired = self._counter(
            "lease_expired_total", "leases that ended later than they were granted for"
        )
        self.queue_depth = self._gauge("queue_depth", "episodes that wait for a machine")

    def _surroundings(self, kinds: tuple[str, ...]) -> None:
        self.disk_free = self._gauge(
            "disk_free_bytes", "free space of the file system", role=DISK_ROLES
        )
        self.disk_floor = self._gauge("disk_floor_bytes", "free space below which new work stops")
        self.image_age = self._gauge(
            "image_age_seconds", "age of an image that a pool wants", image=IMAGES
        )
        self.hostile_inputs = self._counter(
            "hostile_inputs_total", "answers that exceeded a bound or broke their format",
            kind=kinds,
        )  # fmt: skip
        self.redaction_failures = self._counter(
            "redaction_failures_total", "log lines withheld since they could not be redacted"
        )
        self.db_busy = self._counter(
            "db_busy_total", "transactions given up since the database was busy"
        )
        self.publications = self._counter(
            "publications_total", "episodes put on the shared storage, or why not",
            outcome=PUBLISHED,
        )  # fmt: skip
        self.unpublished_episodes = self._gauge(
            "unpublished_episodes", "episodes of this host that wait for the shared storage"
        )
        self.event_lag = self._gauge(
            "event_lag_seconds", "age of the oldest event that was not counted yet"
        )

    @contextmanager
    def one_pass(self) -> Iterator[None]:
        """Time one pass of the reconciler; only one that does not raise ends the lag."""
        start_s = self._clock.monotonic_s()
        yield
        self._passed_s = self._clock.monotonic_s()
        self.reconcile().observe(self._passed_s - start_s)

    def exposition(self) -> bytes:
        """Every series in Prometheus' text format."""
        return generate_latest(self.registry)

    def of_fleet(self) -> bytes:
        """The series that are about the whole fleet, whichever process tells them."""
        return generate_latest(cast("CollectorRegistry", _OfFleet(self.registry)))

    def _gauge(self, name: str, says: str, **labels: Sequence[str]) -> Closed[Gauge]:
        family = Gauge(f"trawl_{name}", says, tuple(labels), registry=self.registry)
        return Closed(family, list(labels.values()))

    def _counter(self, name: str, says: str, **labels: Sequence[str]) -> Closed[Counter]:
        family = Counter(f"trawl_{name}", says, tuple(labels), registry=self.registry)
        return Closed(family, list(labels.values()))

    def _histogram(
        self, name: str, says: str, bounds: Sequence[float], **labels: Sequence[str]
    ) -> Closed[Histogram]:
        family = Histogram(
            f"trawl_{name}", says, tuple(labels), registry=self.registry, buckets=bounds
        )
        return Closed(family, list(labels.values()))
