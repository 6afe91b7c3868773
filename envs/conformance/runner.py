"""Runs the checks on one machine, each by its name, and never stops at the first failure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from envs.base import Env
from envs.conformance import describing, effects, keeping, observing, rules
from envs.conformance.report import Outcome, Report, Result
from envs.conformance.subject import Failed, Skipped, Subject, Ways
from infra.clock import Clock, SystemClock
from infra.errors import InfraLost, TrawlError
from infra.ids import Ids, RandomIds
from infra.progress import Progress, Silent

Check = Callable[[Subject], None]
FIRST: Final[tuple[Check, ...]] = (*describing.CHECKS, *observing.CHECKS, *rules.CHECKS)
LAST: Final[tuple[Check, ...]] = (*keeping.CHECKS, *keeping.LAST)


def names(ways: tuple[str, ...] = ("",)) -> list[str]:
    """The names of all checks, in the order they run; effects once for each way in."""
    return [name for name, _, _ in _plan(ways)]


def check(
    env_name: str,
    open_fn: Callable[[], Env],
    clock: Clock | None = None,
    ids: Ids | None = None,
    progress: Progress | None = None,
) -> Report:
    """Open a machine, run every check on it, close it, and report."""
    clock, progress = clock or SystemClock(), progress or Silent()
    start = clock.monotonic_s()
    try:
        env = open_fn()
    except TrawlError as error:
        took = clock.monotonic_s() - start
        return Report(env_name, None, (Result("opens", "failed", took, f"{error.kind}: {error}"),))
    opened = Result("opens", "passed", clock.monotonic_s() - start)
    info = env.info
    try:
        subject = Subject(env, clock, ids or RandomIds(clock))
        results = (opened, *_run(subject, progress))
    finally:
        env.close()
    return Report(env_name, info, results)


def _plan(ways: tuple[str, ...]) -> Iterator[tuple[str, str, Check]]:
    """Each check's name in the report, the way it uses, and itself."""
    yield from ((one.__name__, "", one) for one in FIRST)
    for way in ways:
        for one in effects.CHECKS:
            yield (f"{one.__name__}@{way}" if way else one.__name__), way, one
    yield from ((one.__name__, "", one) for one in LAST)


def _run(subject: Subject, progress: Progress) -> Iterator[Result]:
    env = subject.env
    ways = env.ways if isinstance(env, Ways) else ("",)
    first = ways[0]
    for name, way, one in _plan(ways):
        start = subject.clock.monotonic_s()
        if isinstance(env, Ways):
            env.use_way(way or first)
        outcome, detail = _outcome(one, subject)
        yield Result(name, outcome, round(subject.clock.monotonic_s() - start, 3), detail)
        progress.advance()


def _outcome(one: Check, subject: Subject) -> tuple[Outcome, str]:
    try:
        one(subject)
    except Skipped as reason:
        return "skipped", str(reason)
    except Failed as finding:
        return "failed", str(finding)
    except InfraLost as error:
        return "failed", f"the machine is gone: {error}"
    except Exception as error:  # noqa: BLE001 - a machine's own error is a finding, not our end
        return "failed", f"{type(error).__name__}: {error}"[:500]
    return "passed", ""
