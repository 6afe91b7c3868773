"""What goes wrong in a controller, and what takes time in it, is in its next scrape."""

from __future__ import annotations

import http.client
import io
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from prometheus_client.parser import text_string_to_metric_families as families

from collector.control import assembled, open_log
from collector.fleet import controller as controller_module
from collector.fleet.local import LocalBackend
from collector.fleet.meters import KindMeter
from envs import registry
from envs.fake import Faults
from envs.fake.machine import FakeEnv
from envs.types import Screen
from infra.clock import SystemClock
from infra.errors import DeadlineExceeded
from infra.hypervisor.calls import Calls
from infra.hypervisor.domain import decode_ppm
from infra.metrics import PHASES, Metrics
from infra.settings import Settings
from infra.store import Store, pools, runs
from infra.store.rows import Machine, Pool, Run

SLOW_S = 60.0


class Liar(FakeEnv):
    """A machine whose screen is none; an early one says so when it is woken."""

    def __init__(self, *, early: bool = False) -> None:
        super().__init__(1, 640, 480, Faults())
        self.early = early

    def screen(self) -> Screen:
        decode_ppm(b"no picture at all")
        return super().screen()

    def health(self) -> dict[str, str | int | float]:
        if self.early:
            self.screen()
        return super().health()


def machine() -> Machine:
    return Machine("u-1", "p-1", "p", "liar", "", "RUNNING", "PARKED", "made", 1, None, 1, 0, 0, 0)


class Scraped:
    """A controller that runs in this process, and what Prometheus reads of it."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self.controller = assembled(settings, metrics, SystemClock())
        self.settings, self.store = settings, Store(settings.home / "trawl.db")
        self.thread = threading.Thread(target=self.controller.run)
        self.thread.start()

    def read(self, name: str, **labels: str) -> float:
        peer = http.client.HTTPConnection("127.0.0.1", self.settings.metrics_port, timeout=SLOW_S)
        with closing(peer):
            peer.request("GET", "/metrics")
            said = peer.getresponse().read().decode()
        samples = [s for family in families(said) for s in family.samples]
        (found,) = [s for s in samples if s.name == f"trawl_{name}" and s.labels == labels]
        return found.value

    def until(self, is_so: Callable[[], object]) -> None:
        end = time.monotonic() + SLOW_S
        while not is_so():
            assert time.monotonic() < end
            time.sleep(0.05)

    def is_listening(self) -> bool:
        with socket.socket() as peer:
            return peer.connect_ex(("127.0.0.1", self.settings.metrics_port)) == 0

    def collect(self, kind: str, steps: int, **said: object) -> str:
        """How one episode on a machine of that kind ended."""
        with self.store.write() as tx:
            pools.want(tx, [Pool("p", kind, "", 1, said)], 1)
            runs.submit(tx, Run("run-1", "p", "walk", 1, steps, 0, "queued", 1, None))
        self.until(lambda: self.episode().ended_ns is not None)
        return self.episode().status

    def episode(self) -> runs.Episode:
        with self.store.read() as tx:
            return runs.episodes(tx, "run-1")[0]


@pytest.fixture
def metrics(monkeypatch: pytest.MonkeyPatch) -> Metrics:
    monkeypatch.setitem(registry._factories, "liar", Liar)
    return Metrics(registry.names(), SystemClock())


@pytest.fixture
def scraped(tmp_path: Path, metrics: Metrics, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scraped]:
    impatient = lambda settings, gave_up: Store(
        settings.home / "trawl.db", busy_timeout_s=0.1, gave_up=gave_up
    )
    monkeypatch.setattr(controller_module, "open_store", impatient)
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    settings = Settings(
        home=tmp_path, cache=tmp_path, metrics_port=port, running=1, disk_floor_bytes=0
    )
    (tmp_path / "run").mkdir()
    running = Scraped(settings, metrics)
    running.until(running.is_listening)
    yield running
    running.controller.stop()
    running.thread.join()


def test_every_phase_of_a_step_is_counted_under_its_kind_of_machine(scraped: Scraped) -> None:
    assert scraped.collect("fake", steps=3) == "completed"
    counted = {
        phase: scraped.read("step_seconds_count", kind="fake", phase=phase) for phase in PHASES
    }
    looks = counted.pop("observe"), counted.pop("store")
    assert looks == (4, 4), "the first look is before the first step"
    assert counted == dict.fromkeys(counted, 3)
    assert scraped.read("step_seconds_sum", kind="fake", phase="settle") > 0
    assert scraped.read("step_seconds_count", kind="web", phase="act") == 0


def test_a_hostile_answer_in_an_episode_is_counted_once(scraped: Scraped) -> None:
    assert scraped.collect("liar", steps=3) == "failed"
    assert scraped.read("hostile_inputs_total", kind="liar") == 1
    assert scraped.read("hostile_inputs_total", kind="fake") == 0


def test_a_hostile_answer_of_a_machine_that_is_woken_is_counted(scraped: Scraped) -> None:
    scraped.collect("liar", steps=3, early=True)
    assert scraped.read("hostile_inputs_total", kind="liar") >= 1


def test_a_hostile_sign_of_life_is_counted(metrics: Metrics) -> None:
    backend = LocalBackend("liar", KindMeter(metrics, "liar").hostile)
    backend.start(machine(), Pool("p", "liar", "", 1, {"early": True}))
    assert backend.answering(["u-1"]) == set()
    assert (backend.alive(), metrics.hostile_inputs("liar")._value.get()) == (set(), 1)


def test_a_transaction_that_was_given_up_is_counted(scraped: Scraped) -> None:
    assert scraped.read("db_busy_total") == 0
    other = sqlite3.connect(scraped.settings.home / "trawl.db", isolation_level=None)
    with closing(other):
        other.execute("BEGIN IMMEDIATE")
        scraped.until(lambda: scraped.read("db_busy_total"))


def test_a_hypervisor_call_hangs_in_the_scrape_until_it_comes_back(scraped: Scraped) -> None:
    calls, release = Calls(1), threading.Event()
    with pytest.raises(DeadlineExceeded):
        calls.run("hanging", release.wait, 0.01)
    assert scraped.read("hypervisor_calls_hung") == 1
    release.set()
    scraped.until(lambda: scraped.read("hypervisor_calls_hung") == 0)


class Unspeakable:
    def __str__(self) -> str:
        raise RuntimeError


def test_a_log_line_that_was_withheld_is_counted(scraped: Scraped, metrics: Metrics) -> None:
    stream = io.StringIO()
    try:
        open_log(scraped.settings, metrics, stream)
        structlog.get_logger("test").info("said", value=Unspeakable())
    finally:
        structlog.reset_defaults()
    assert "log.withheld" in stream.getvalue()
    assert scraped.read("redaction_failures_total") == 1
