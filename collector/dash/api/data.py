"""What was recorded and made of it: episodes, grounding, corpora; and the database's health.

What reads recordings is loaded when it is asked for: a dashboard starts without it.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query

from collector.dash.api.asks import Admin, Name, Words
from collector.dash.api.schemas import Document, told
from collector.dash.pages.show import At
from infra.store import care, target_of

router = APIRouter()
AT_ONCE: Final = 100


@router.get("/episodes", tags=["episode"])
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
    rows = (row for row in map(episode.row, found) if not run or row["run"] == run)
    kept = [row for number, row in enumerate(rows) if skip <= number < skip + most]
    return Document(kept)


@router.get("/episodes/{name}", tags=["episode"])
def episode_show(at: At, name: Name) -> Document:
    """One episode: where it came from and each of its steps."""
    from collector.source import source_of
    from collector.views import episode

    return Document(episode.shown(source_of("", at.settings).find(name)))


@router.get("/ground/stats", tags=["ground"], responses=told("ground", "stats"))
def ground_stats(at: At) -> Document:
    """What grounding kept and what its gates dropped."""
    from collector.views import ground

    return Document(ground.stats(at.settings.home))


@router.get("/corpora", tags=["corpus"])
def corpus_list(at: At) -> Document:
    """The corpora of this home."""
    from collector.views import corpus

    return Document({"corpora": corpus.names(at.settings.home)})


@router.get("/corpora/{name}", tags=["corpus"])
def corpus_stats(at: At, name: Name) -> Document:
    """Tokens by text and image, category, source, language and licence; what was dropped and why."""
    from collector.views import corpus
    from corpus import stats

    return Document(stats.read(corpus.root_of(at.settings.home, name)))


@router.get("/corpora/{name}/why/{sample}", tags=["corpus"])
def corpus_why(at: At, name: Name, sample: Name) -> Document:
    """Where a sample came from: source, licence, each change, shard and offset."""
    from collector.views import corpus
    from corpus import ledger

    return Document(ledger.why(corpus.root_of(at.settings.home, name), sample))


@router.get("/db/check", tags=["db"], responses=told("db", "check"))
def db_check(at: At, who: Admin) -> Document:
    """Read the whole database and compare its tables with ours."""
    del who
    return Document(care.check(target_of(at.settings)).as_record())
