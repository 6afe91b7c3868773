"""Runs and their episodes: planned on submission, claimed one by one, each ended once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from sqlalchemy import exists, func, select, update

from infra.errors import NotFound
from infra.store import events
from infra.store.convert import row
from infra.store.engine import Tx
from infra.store.models import EpisodeTable, MachineTable, RunTable
from infra.store.rows import Episode, EpisodeStatus, Run, RunStatus

MOST_ATTEMPTS: Final = 3
"""An episode whose machine was lost is tried again so often."""
OPEN: Final = ("queued", "running", "cancelling")


class Tally(NamedTuple):
    """Episodes of one status, and the steps they committed."""

    episodes: int
    steps: int


class Failure(NamedTuple):
    """Episodes that ended the same way, and the newest recording among them."""

    status: str
    reason: str
    episodes: int
    recording: str


def submit(tx: Tx, run: Run) -> None:
    """Record a run and plan its episodes."""
    tx.add(RunTable(**{name: getattr(run, name) for name in Run.__slots__}))
    tx.flush()
    for number in range(run.episodes):
        tx.add(
            EpisodeTable(run=run.id, number=number, status="queued", attempts=0, recording="",
                         machine="", steps=0, reason="", started_ns=None, ended_ns=None)
        )  # fmt: skip
    events.add(tx, run.created_ns, "run.submitted", run.id, pool=run.pool, episodes=run.episodes)


def get(tx: Tx, run_id: str) -> Run:
    """The run of that id. Raises NotFound with the nearest id."""
    stored = tx.get(RunTable, run_id)
    if stored is None:
        raise NotFound.among("run", run_id, tx.scalars(select(RunTable.id)), "trawl run list")
    return row(Run, stored)


def listed(tx: Tx, most: int = 100) -> list[Run]:
    """The newest runs, newest first."""
    query = select(RunTable).order_by(RunTable.created_ns.desc()).limit(most)
    return [row(Run, run) for run in tx.scalars(query)]


def episodes(tx: Tx, run_id: str) -> list[Episode]:
    """A run's episodes in order."""
    query = select(EpisodeTable).where(EpisodeTable.run == run_id).order_by(EpisodeTable.number)
    return [row(Episode, episode) for episode in tx.scalars(query)]


def tallies(tx: Tx, run_ids: Iterable[str]) -> dict[str, dict[str, Tally]]:
    """Of each of these runs its episodes and their steps, by status; statuses of none are left out."""
    query = (
        select(EpisodeTable.run, EpisodeTable.status, func.count(), func.sum(EpisodeTable.steps))
        .where(EpisodeTable.run.in_(list(run_ids)))
        .group_by(EpisodeTable.run, EpisodeTable.status)
    )
    found: dict[str, dict[str, Tally]] = {}
    for run_id, status, count, steps in tx.execute(query):
        found.setdefault(run_id, {})[status] = Tally(count, int(steps))
    return found


def listed_episodes(tx: Tx, run_id: str, most: int, after: int = 0) -> list[Episode]:
    """Some of a run's episodes in order, without the first `after`."""
    query = select(EpisodeTable).where(EpisodeTable.run == run_id).order_by(EpisodeTable.number)
    return [row(Episode, e) for e in tx.scalars(query.offset(after).limit(most))]


def newest_recordings(tx: Tx, run_id: str, most: int) -> list[str]:
    """The recordings of the last episodes that began, oldest first."""
    query = (
        select(EpisodeTable.recording)
        .where(EpisodeTable.run == run_id, EpisodeTable.recording != "")
        .order_by(EpisodeTable.number.desc())
        .limit(most)
    )
    return list(tx.scalars(query))[::-1]


def failures(tx: Tx, run_id: str, most: int = 40) -> list[Failure]:
    """How a run's episodes ended that did not complete, by status and reason, the commonest first."""
    query = (
        select(EpisodeTable.status, EpisodeTable.reason, func.count(), func.max(EpisodeTable.recording))
        .where(EpisodeTable.run == run_id,
               EpisodeTable.status.not_in(("queued", "running", "completed")))
        .group_by(EpisodeTable.status, EpisodeTable.reason)
        .order_by(func.count().desc(), EpisodeTable.status, EpisodeTable.reason)
        .limit(most)
    )  # fmt: skip
    return [Failure(*found) for found in tx.execute(query)]


def last_on(tx: Tx, machine: str) -> Episode | None:
    """The episode that began last on a machine, by its UUID."""
    query = select(EpisodeTable).where(EpisodeTable.machine == machine)
    stored = tx.scalars(query.order_by(EpisodeTable.started_ns.desc()).limit(1)).first()
    return row(Episode, stored) if stored is not None else None


def is_waiting(tx: Tx) -> bool:
    """Whether any episode waits for a machine."""
    query = select(EpisodeTable.run).where(EpisodeTable.status == "queued").limit(1)
    return tx.scalar(query) is not None


def claim(tx: Tx, pools: list[str], recording: str, at_ns: int) -> Episode | None:
    """Take the next queued episode of a run over one of `pools`; None where nothing waits."""
    waits = EpisodeTable.status == "queued"  # two questions: one of both reads all that wait
    runs = select(RunTable.id).where(
        RunTable.status.in_(("queued", "running")),
        RunTable.pool.in_(pools),
        exists().where(waits, EpisodeTable.run == RunTable.id),
    )
    run = tx.scalar(runs.order_by(RunTable.created_ns).limit(1))
    first = select(EpisodeTable).where(waits, EpisodeTable.run == run)
    stored = tx.scalar(first.order_by(EpisodeTable.number).limit(1))
    if stored is None:
        return None
    stored.status, stored.recording, stored.started_ns = "running", recording, at_ns
    stored.attempts, stored.steps = stored.attempts + 1, 0
    tx.execute(update(RunTable).where(RunTable.id == stored.run, RunTable.status == "queued")
               .values(status="running"))  # fmt: skip
    tx.flush()
    return row(Episode, stored)


def step(tx: Tx, episode: Episode, steps: int, at_ns: int, action: str) -> None:
    """So many steps of the episode are committed; said once, however often it is told."""
    stored = tx.get(EpisodeTable, (episode.run, episode.number))
    if stored is None or stored.steps == steps:
        return
    stored.steps = steps
    events.add(tx, at_ns, "step.committed", episode.run, action, number=episode.number,
               steps=steps, outcome="applied")  # fmt: skip


def end(tx: Tx, episode: Episode, status: EpisodeStatus, reason: str, at_ns: int) -> None:
    """Record how an attempt ended; a lost machine's episode is queued again while it may be.

    Nothing is written where that attempt was ended already: who comes back late changes nothing.
    """
    if not _is_going(tx, episode):
        return
    goes_on = get(tx, episode.run).status in ("queued", "running")
    again = goes_on and status == "infra_lost" and episode.attempts < MOST_ATTEMPTS
    _update(tx, episode, status="queued" if again else status, reason=reason, ended_ns=at_ns)
    events.add(tx, at_ns, "episode.ended", episode.run, reason, number=episode.number,
               status=status, recording=episode.recording, again=again)  # fmt: skip
    _close(tx, episode.run, at_ns)


def machine_of(tx: Tx, episode: Episode, machine: str) -> None:
    """The machine that an episode runs on."""
    _update(tx, episode, machine=machine)


def cancel(tx: Tx, run_id: str, at_ns: int) -> None:
    """Stop a run: what waits is interrupted now, what runs at its next step."""
    run = get(tx, run_id)
    if run.status not in OPEN:
        return
    tx.execute(update(RunTable).where(RunTable.id == run_id).values(status="cancelling"))
    tx.execute(
        update(EpisodeTable)
        .where(EpisodeTable.run == run_id, EpisodeTable.status == "queued")
        .values(status="interrupted", reason="the run was cancelled", ended_ns=at_ns)
    )
    events.add(tx, at_ns, "run.cancelled", run_id)
    _close(tx, run_id, at_ns)


def cancel_all(tx: Tx, at_ns: int) -> None:
    """Stop every run that is open."""
    for run_id in tx.scalars(select(RunTable.id).where(RunTable.status.in_(OPEN))).all():
        cancel(tx, run_id, at_ns)


def enough(tx: Tx, run_id: str, why: str, at_ns: int) -> None:
    """Begin no more of a run's episodes: they count as completed, without a step, and say why."""
    waiting = (EpisodeTable.run == run_id, EpisodeTable.status == "queued")
    if tx.scalar(select(EpisodeTable.number).where(*waiting).limit(1)) is None:
        return
    ended = {"status": "completed", "reason": f"not begun: {why}", "ended_ns": at_ns}
    tx.execute(update(EpisodeTable).where(*waiting).values(ended))
    events.add(tx, at_ns, "run.enough", run_id, why)
    _close(tx, run_id, at_ns)


def running(tx: Tx, host: str | None = None) -> list[Episode]:
    """Episodes that somebody claims to be working on; on one host's machines, gone or not."""
    query = select(EpisodeTable).where(EpisodeTable.status == "running")
    if host is not None:
        query = query.join(MachineTable, MachineTable.uuid == EpisodeTable.machine)
        query = query.where(MachineTable.host == host)
    return [row(Episode, episode) for episode in tx.scalars(query)]


def _is_going(tx: Tx, attempt: Episode) -> bool:
    """Whether this very attempt is the one that runs."""
    query = select(EpisodeTable.run).where(
        EpisodeTable.run == attempt.run,
        EpisodeTable.number == attempt.number,
        EpisodeTable.attempts == attempt.attempts,
        EpisodeTable.status == "running",
    )
    return tx.scalar(query) is not None


def _update(tx: Tx, episode: Episode, **values: object) -> None:
    tx.execute(
        update(EpisodeTable)
        .where(EpisodeTable.run == episode.run, EpisodeTable.number == episode.number)
        .values(**values)
    )


def _close(tx: Tx, run_id: str, at_ns: int) -> None:
    """End a run none of whose episodes waits or works."""
    left = tx.scalar(
        select(func.count())
        .select_from(EpisodeTable)
        .where(EpisodeTable.run == run_id, EpisodeTable.status.in_(("queued", "running")))
    )
    if left:
        return
    run, ended = get(tx, run_id), episodes(tx, run_id)
    if run.status not in OPEN:
        return
    status: RunStatus = "cancelled" if run.status == "cancelling" else "completed"
    if status == "completed" and not any(e.status == "completed" for e in ended):
        status = "failed"
    tx.execute(update(RunTable).where(RunTable.id == run_id).values(status=status, ended_ns=at_ns))
    events.add(tx, at_ns, "run.ended", run_id, status=status)
