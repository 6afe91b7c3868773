"""What was done to a machine before its recording began: a task sets it up before the first look."""

from __future__ import annotations

from collector.explore.base import HasGoal
from collector.explore.explorers import EXPLORERS
from collector.explore.start import Start
from envs.base import Env
from envs.recording.types import Header
from infra.errors import Unavailable
from infra.ids import Ids


def begin(header: Header, machine: Env, fence: int, ids: Ids) -> None:
    """Set the machine up as the recording's explorer did; nothing for one that sets nothing up.

    Raises Unavailable where the same seed has come to mean another goal, and what the machine
    raises.
    """
    if not header.goal or header.explorer not in EXPLORERS:
        return
    can = machine.capabilities
    seed = int(header.parameters.get("seed", header.seed))
    start = Start(seed, can.family, header.isolated, can.actions)
    policy = EXPLORERS[header.explorer](start)
    if not isinstance(policy, HasGoal):
        return
    policy.prepare(machine, fence, ids)
    if policy.goal != header.goal:
        raise Unavailable(
            "its goal can no longer be set up: the tasks have changed since",
            subject=header.episode_id,
        )
