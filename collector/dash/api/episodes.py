"""Recordings: list, show, one step in full, verify, publish.

What reads recordings is loaded when it is asked for: a dashboard starts without it.
"""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query

from collector.dash import keeping
from collector.dash.api.asks import Name, Operator, Reason, Words
from collector.dash.api.schemas import Document, told
from collector.dash.pages.show import At

router = APIRouter(prefix="/episodes", tags=["episode"])
AT_ONCE: Final = 100


@router.get("", responses=told("episode", "list"))
def episode_list(
    at: At,
    run: Words = "",
    skip: Annotated[int, Query(ge=0, le=1 << 31)] = 0,
    most: Annotated[int, Query(ge=1, le=1000)] = AT_ONCE,
) -> Document:
    """Recordings in the order of their ids, which is that of time: at most so many, of one run."""
    from collector.source import source_of
    from collector.views import episode

    found = source_of("", at.settings).directories()
    if not run:  # none is read but those that are told
        return Document([episode.row(one) for one in islice(found, skip, skip + most)])
    rows = (row for row in map(episode.row, found) if row["run"] == run)
    return Document(list(islice(rows, skip, skip + most)))


@router.get("/{name}", responses=told("episode", "show"))
def episode_show(at: At, name: Name) -> Document:
    """One episode: where it came from and each of its steps."""
    from collector.source import source_of
    from collector.views import episode

    return Document(episode.shown(source_of("", at.settings).find(name)))


@router.get("/{name}/steps/{step}", responses=told("episode", "step"))
def episode_step(at: At, name: Name, step: Annotated[int, Path(ge=0, le=1 << 31)]) -> Document:
    """One step in full, with what it changed."""
    from collector.source import source_of
    from collector.views import episode
    from envs.recording import reader

    directory = source_of("", at.settings).find(name)
    one = episode.step_of(reader.read(directory), step)
    return Document(episode.step_shown(one, reader.blobs_of(directory)))


@router.get("/{name}/verify", responses=told("episode", "verify"))
def episode_verify(at: At, name: Name) -> Document:
    """Read everything an episode refers to and say what is not what was written."""
    from collector.source import source_of
    from collector.views import episode

    return Document(episode.verified(list(source_of("", at.settings).reports([name]))))


@router.post("/{name}/publish", responses=told("episode", "publish"))
def episode_publish(at: At, who: Operator, name: Name, why: Reason) -> Document:
    """Put a closed episode of this home on the shared storage; what differs there is put again."""
    return Document(keeping.publish(at, who, name, why.reason))
