"""Who is asked about what next: mostly what nobody judged yet, now and then what everybody judges.

One subject in four is asked of everybody, so that agreement can be told; the others are asked of
one person each. People begin at different places, so that two who judge at the same time seldom
have the same subject before them. All of it follows from the verdicts: nothing is reserved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from infra.store.rows import Verdict

SHARED_OF: Final = 4


def is_shared(subject: str) -> bool:
    """Whether everybody is asked about it."""
    return _number(f"shared {subject}") % SHARED_OF == 0


def upcoming(
    subjects: Sequence[str],
    given: Iterable[Verdict],
    who: str,
    most: int,
    skipped: frozenset[str] = frozenset(),
) -> list[str]:
    """What `who` is asked about next, at most so many; none of those that are `skipped`."""
    given = list(given)
    mine = {verdict.subject for verdict in given if verdict.who == who} | skipped
    judged = {verdict.subject for verdict in given} | skipped
    start = _number(f"start {who}") % max(1, len(subjects))
    shared = iter(s for s in subjects if is_shared(s) and s not in mine)
    turned = (*subjects[start:], *subjects[:start])
    single = iter(s for s in turned if not is_shared(s) and s not in judged)
    return list(islice(_mixed(shared, single, len(mine)), most))


def _mixed(shared: Iterator[str], single: Iterator[str], given: int) -> Iterator[str]:
    """Every fourth from the shared ones; where one side has no more, the rest of the other."""
    while True:
        turn = given % SHARED_OF == SHARED_OF - 1
        first, second = (shared, single) if turn else (single, shared)
        following = next(first, None) or next(second, None)
        if following is None:
            return
        yield following
        given += 1


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8], "big")
