"""The header of an episode about to begin: which machine, which explorer, whose versions."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from collector.explore.base import Policy
from envs.base import Env
from envs.recording.types import Header
from infra.clock import Clock
from infra.ids import Ids

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Order:
    """What an episode was asked for by: a run's pool, seed, fence and goal."""

    seed: int = 0
    run_id: str = ""
    pool: str = ""
    fence: int = 0
    isolated: bool = False
    goal: str = ""


def header_for(env: Env, policy: Policy, order: Order, ids: Ids, clock: Clock) -> Header:
    """A header with a fresh episode id."""
    parameters: dict[str, Any] = dict(policy.parameters)
    return Header(
        episode_id=ids.new("ep"),
        explorer=policy.name,
        seed=order.seed,
        env=env.info,
        family=env.capabilities.family,
        started_ns=clock.now_ns(),
        boot_id=_boot_id(),
        run_id=order.run_id,
        pool=order.pool,
        fence=order.fence,
        isolated=order.isolated,
        goal=order.goal,
        versions={"trawl": _version(), "python": platform.python_version()},
        parameters=parameters,
    )


def _boot_id() -> str:
    """The host's boot, to which monotonic times belong; empty where it does not say."""
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _version() -> str:
    try:
        return version("trawl")
    except PackageNotFoundError:
        return "unreleased"
