"""One actor a node, which keeps that node's controller running.

An actor is pinned to its node, named by it and detached: it outlives the command that made it, and
the controller outlives the actor. It starts none while the fleet is down.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass
from typing import Any, Final

from infra import settings as settings_module
from infra.engine.supervisor import Supervisor
from infra.errors import TrawlError, Unavailable
from infra.settings import Settings
from infra.store import open_store, pools

LOOK_EVERY_S: Final = 1.0
ANSWER_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Supervised:
    """A node's controller, as its actor tells it."""

    node: str
    host: str
    pid: int
    starts: int


class HostActor:
    """Runs on a node, with that node's settings; `module` is the controller's."""

    def __init__(self, node: str, module: str) -> None:
        settings = settings_module.load()
        run = settings.home / "run"
        command = [sys.executable, "-m", module]
        self._node, self._host = node, settings.host
        self._supervisor = Supervisor(
            command,
            run / "controller.lock",
            run / "controller.log",
            lambda: wants_controller(settings),
        )
        self._supervisor.look()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        pause = threading.Event()
        while not pause.wait(LOOK_EVERY_S):
            self._supervisor.look()

    def tell(self) -> Supervised:
        """What it looks after."""
        return Supervised(self._node, self._host, self._supervisor.pid, self._supervisor.starts)


def wants_controller(settings: Settings) -> bool:
    """Whether a controller is to run here; none could, while the database is away."""
    try:
        with open_store(settings) as store, store.read() as tx:
            return not pools.is_down(tx)
    except TrawlError:
        return False


def hosts(module: str) -> list[Supervised]:
    """Give every node of the connected cluster its actor, and hear from each.

    Raises Unavailable where a node's actor does not answer in time.
    """
    import ray

    listed: Any = ray.nodes  # untyped
    nodes = [node["NodeID"] for node in listed() if node["Alive"]]
    asked = [_actor(node, module).tell.remote() for node in sorted(nodes)]
    try:
        told: list[Supervised] = ray.get(asked, timeout=ANSWER_S)
    except ray.exceptions.RayError as error:
        raise Unavailable(f"a node's actor does not answer: {error}", "see its log") from error
    return told


def _actor(node: str, module: str) -> Any:
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    actor: Any = ray.remote(HostActor)
    return actor.options(
        name=f"host-{node}",
        lifetime="detached",
        get_if_exists=True,
        num_cpus=0,
        max_restarts=-1,
        max_concurrency=2,
        scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=False),
    ).remote(node, module)
