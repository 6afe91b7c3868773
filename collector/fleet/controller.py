"""The one process that owns the machines of this host.

It adopts what an earlier one left, keeps the pools full, runs episodes on as many machines at
once as the settings say, and answers a socket.
SIGTERM or SIGINT closes running episodes as interrupted and leaves the resting machines. When the
fleet is down, or this host is to leave it, every machine is removed first; a fleet that is down is
read from the database, so that every host of it goes. Its death by any other way loses nothing that
was acknowledged.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

import structlog

from collector.fleet import capacity, scrape, service
from collector.fleet.backend import Backend
from collector.fleet.backends import Backends
from collector.fleet.ending import Endings
from collector.fleet.gauges import Gauges
from collector.fleet.hands import Hands
from collector.fleet.holding import Holding
from collector.fleet.last_screen import LastScreens
from collector.fleet.meters import KindMeter, metered
from collector.fleet.naming import NameTaken, Naming, home_id
from collector.fleet.publisher import publisher_of
from collector.fleet.reconciler import HERE, Reconciler
from collector.fleet.silence import Silence
from collector.fleet.thumbnails import MOST, WIDTHS, Thumbnails
from collector.fleet.wakes import Wakes
from collector.fleet.worker import Assignment, Collects, Ended, Worker
from infra.clock import Clock, Deadline
from infra.errors import Conflict, TrawlError, UsageError
from infra.ids import Ids
from infra.metrics import Metrics
from infra.settings import Settings
from infra.store import hosts, machines, open_store, pools

IDLE_S: Final = 1.0
"""A pass at least so often, whatever events say."""
STOP_S: Final = 25.0
"""Running episodes have so long to close after SIGTERM."""
PUBLISHER_STOP_S: Final = 2.0
"""What is under way to the storage may end so long; the next controller goes on with it."""
GOES: Final = "the fleet goes down, or its controller here"
log = structlog.get_logger("controller")


class Controller:
    """Reconciler, workers and socket of one host."""

    def __init__(
        self,
        settings: Settings,
        collect: Collects,
        metrics: Metrics,
        clock: Clock,
        ids: Ids,
        host: str = HERE,
    ) -> None:
        self._settings, self._clock, self._metrics = settings, clock, metrics
        self._store = open_store(settings, metrics.db_busy().inc)
        self._gauges = Gauges(
            self._store,
            self._metrics,
            clock,
            {"home": settings.home, "cache": settings.cache},
            settings.disk_floor_bytes,
        )
        self._stop, self._down, self._wake = threading.Event(), threading.Event(), Wakes(clock)
        self._drained: Deadline | None = None
        """Where this host is to leave: until when its episodes may go on."""
        self._is_gone = False
        self._backends = Backends(self._opened)
        self._host = host
        screens = LastScreens(settings.home)
        self._reconciler = Reconciler(
            self._store, self._backends, clock, ids, host,
            lambda: capacity.Capacity.now(settings),
            Endings(self._store, self._backends, clock, screens),
        )  # fmt: skip
        self._naming = Naming(self._store, clock, host, home_id(settings.home, ids))
        self._silence = Silence(self._store, clock, host)
        self._worker = Worker(self._store, self._backends, collect, clock, ids, host, screens)
        self._thumbnails = Thumbnails(self._backends, clock)
        self._hands = Hands(self._store, self._backends, clock, ids, host)
        self._publisher = publisher_of(settings, self._store, self._metrics, clock, ids)
        self._holding = Holding(self._store, clock, host, lambda: capacity.refusal(settings))

    def _opened(self, kind: str) -> Backend:
        meter = KindMeter(self._metrics, kind)
        backend = open_backend(kind, self._settings, self._clock, self._wake.set, meter.hostile)
        return metered(backend, meter)

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to end."""
        return self._stop.is_set()

    def _is_ready(self) -> bool:
        return not (self._stop.is_set() or self._goes())

    def _goes(self) -> bool:
        """Whether it ends when this host has no machine any more."""
        return self._down.is_set() or self._drained is not None

    def _interrupts(self) -> bool:
        """Whether running episodes are to end now."""
        is_late = self._drained is not None and self._drained.is_past()
        return self._stop.is_set() or self._down.is_set() or is_late

    def stop(self) -> None:
        """Close running episodes as interrupted and end."""
        self._stop.set()
        self._wake.set()

    def run(self) -> None:
        """Own the host until stopped."""
        self._naming.keep()
        if (self._settings.home / "hypervisor").exists():
            self._backends("ubuntu")  # whatever runs there is looked at, even if no row knows it
        self._reconciler.adopt()
        workers = [
            threading.Thread(target=self._work, name=f"worker-{n}")
            for n in range(self._settings.running)
        ]
        socket_path = self._settings.home / "run" / "controller.sock"
        answering = threading.Thread(
            target=service.serve, args=(socket_path, self._operations(), self._stop)
        )
        scraped = threading.Thread(
            target=scrape.serve,
            args=(self._settings.metrics_port, self._gauges.exposition, self._is_ready, self._stop),
        )
        for thread in (*workers, answering, scraped):
            thread.start()
        log.info("controller.ready")
        self._reconcile(workers)
        for thread in (*workers, answering, scraped):
            thread.join(STOP_S)
        if self._publisher is not None:
            self._publisher.stop(PUBLISHER_STOP_S)
        self._thumbnails.close()
        self._backends.close()
        log.info("controller.ended")

    def _reconcile(self, workers: list[threading.Thread]) -> None:
        """Passes until stopped; where the fleet is down or the host leaves, until nothing is left."""
        while not self._stop.is_set():
            changed = False
            try:
                self._holding.look()
                self._naming.keep()
                self._heed_fleet()
                with self._metrics.one_pass():
                    changed = self._reconciler.tick()
                self._silence.tick()
                if self._publisher is not None:
                    self._publisher.tend()
                if self._goes() and not changed and not self._machines():
                    self._say_goodbye()
                    self.stop()
            except NameTaken as error:
                log.warning("controller.name_taken", **error.as_record())
                self.stop()
            except TrawlError as error:
                log.warning("controller.pass_failed", **error.as_record())
            except Exception:
                log.exception("controller.pass_failed")
            if not changed:
                self._wake.wait(IDLE_S)
        for thread in workers:
            thread.join(STOP_S)
        if not self._is_gone:
            self._hands.let_go(GOES)
            self._reconciler.tick()

    def _heed_fleet(self) -> None:
        """Whether the fleet is down: whoever said so may have said it on another host.

        Where episodes are to end now, so is what people do.
        """
        with self._store.read() as tx:
            is_down = pools.is_down(tx)
        if is_down and not self._down.is_set():
            log.info("controller.fleet_is_down")
        (self._down.set if is_down else self._down.clear)()
        if self._interrupts():
            self._hands.let_go(GOES)

    def _say_goodbye(self) -> None:
        with self._store.write() as tx:
            hosts.leave(tx, self._host, self._clock.now_ns(), for_good=self._drained is not None)
        self._is_gone = True

    def _machines(self) -> int:
        with self._store.read() as tx:
            return len(machines.alive(tx, self._host))

    def _work(self) -> None:
        """Episodes, one after the other, while there are any."""
        while not self._stop.is_set():
            try:
                holds = self._goes() or self._holding.reason
                work = None if holds else self._worker.claim()
                if work is not None:
                    self._perform(work)
                    continue
            except Exception:
                log.exception("worker.failed")
            self._stop.wait(IDLE_S / 2)

    def _perform(self, work: Assignment) -> None:
        log.info("episode.started", run=work.run.id, episode=work.episode.recording)
        ended: Ended = self._worker.perform(
            work, self._interrupts, lambda: self._drained is not None
        )
        log.info("episode.ended", episode=work.episode.recording, status=ended.status,
                 reason=ended.reason)  # fmt: skip
        self._wake.set()

    def _operations(self) -> dict[str, service.Operation]:
        return {"ping": self._ping, "wake": self._woken, "leave": self._leave,
                "screen": self._screen, "screens": self._screens, "view": self._view,
                "take": self._take}  # fmt: skip

    def _ping(self, request: Mapping[str, Any]) -> dict[str, Any]:
        del request
        return {"running": self._settings.running}

    def _woken(self, request: Mapping[str, Any]) -> dict[str, Any]:
        del request
        self._wake.set()
        return {}

    def _leave(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Give this host nothing more, end what it has, then this process."""
        self._drained = Deadline.after(self._clock, float(request.get("drain_s", 0.0)))
        self._reconciler.leaves = True
        self._wake.set()
        return {}

    def _screen(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """A machine's screen as it is now: width, height and raw RGB in base64."""
        import base64

        with self._store.read() as tx:
            machine = machines.get(tx, str(request.get("machine", "")))
        pixels = self._backends(machine.kind).screen(machine.uuid)
        height, width = int(pixels.shape[0]), int(pixels.shape[1])
        rgb = base64.b64encode(pixels.tobytes()).decode("ascii")
        return {"width": width, "height": height, "rgb": rgb}

    def _screens(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """What this host's machines of those UUIDs show, small; none of those in `known` again."""
        wanted = [str(uuid) for uuid in request.get("machines", ())][:MOST]
        known = {str(uuid): str(sha256) for uuid, sha256 in request.get("known", {}).items()}
        width = request.get("width", WIDTHS[0])
        if width not in WIDTHS:
            raise UsageError(f"no screen is {width} wide", f"one of {WIDTHS}")
        with self._store.read() as tx:
            found = [m for m in machines.some(tx, wanted) if m.host == self._host]
        return {"screens": self._thumbnails.of(found, known, width)}

    def _view(self, request: Mapping[str, Any]) -> service.Handed:
        """A descriptor of a machine's VNC server."""
        with self._store.read() as tx:
            machine = machines.get(tx, str(request.get("machine", "")))
        if machine.host != self._host:
            raise Conflict(f"{machine.name} is on host {machine.host}", "look there", machine.name)
        return service.Handed(self._backends(machine.kind).view(machine.uuid))

    def _take(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Wake a resting machine for a person, who holds its lease from now on."""
        lease = self._hands.take(str(request.get("machine", "")), str(request.get("who", "")))
        return {"lease": dataclasses.asdict(lease)}


def open_backend(
    kind: str,
    settings: Settings,
    clock: Clock,
    wake: Callable[[], None],
    hostile: Callable[[], None],
) -> Backend:
    """The backend that runs machines of `kind` here.

    It calls `wake` when one starts or ends, `hostile` for a hostile answer that it puts up with.
    """
    if kind == "ubuntu":
        from collector.fleet.desktop import DesktopBackend

        return DesktopBackend.of_home(settings, clock, wake)
    from collector.fleet.local import LocalBackend

    return LocalBackend(kind, hostile)
