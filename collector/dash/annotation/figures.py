"""How far a queue of subjects was judged, by whom, and how far they agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from collector.dash.annotation.agreement import agreement
from collector.dash.annotation.order import is_shared
from infra.store.rows import Verdict


def progress(
    subjects: Sequence[str], given: Sequence[Verdict], answers: Sequence[str]
) -> dict[str, Any]:
    """The figures of a queue: subjects and judged ones, answers by word, people, agreement."""
    by_subject: dict[str, list[str]] = defaultdict(list)
    for verdict in given:
        by_subject[verdict.subject].append(verdict.answer)
    found, counts = agreement(by_subject.values()), Counter(verdict.answer for verdict in given)
    return {
        "subjects": len(subjects),
        "shared": sum(map(is_shared, subjects)),
        "judged": sum(subject in by_subject for subject in subjects),
        "verdicts": len(given),
        "answers": {word: counts[word] for word in answers},
        "people": _people(given),
        "agreement": {
            "alpha": None if found.alpha is None else round(found.alpha, 4),
            "subjects": found.subjects,
            "answers": found.answers,
        },
    }


def _people(given: Sequence[Verdict]) -> list[dict[str, Any]]:
    by_person: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in given:
        by_person[verdict.who].append(verdict)
    return [
        {
            "who": who,
            "verdicts": len(theirs),
            "last_ns": theirs[-1].at_ns,
            "median_ms": _median([verdict.took_ms for verdict in theirs if verdict.took_ms]),
        }
        for who, theirs in sorted(by_person.items())
    ]


def _median(took_ms: list[int]) -> int | None:
    return sorted(took_ms)[len(took_ms) // 2] if took_ms else None
