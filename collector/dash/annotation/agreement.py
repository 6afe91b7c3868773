"""How far people agree beyond chance: Krippendorff's alpha for answers without an order.

Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), the nominal metric: any number of
people, answers may be missing, subjects that one person alone judged say nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreement:
    """`alpha` is 1 for perfect agreement, 0 for chance, below 0 for less; None where none is defined.

    `subjects` were judged by two or more people, who gave `answers` about them.
    """

    alpha: float | None
    subjects: int
    answers: int


def agreement(by_subject: Iterable[Iterable[Hashable]]) -> Agreement:
    """The agreement of answers, given subject by subject.

    None is defined where no subject has two answers, or where only one answer was ever given: then
    chance would agree as well.
    """
    pairable = [counts for answers in by_subject if (counts := Counter(answers)).total() > 1]
    totals = sum(pairable, Counter[Hashable]())
    count = totals.total()
    differing = count * count - sum(n * n for n in totals.values())
    if not differing:
        return Agreement(None, len(pairable), count)
    observed = sum(
        (c.total() ** 2 - sum(n * n for n in c.values())) / (c.total() - 1) for c in pairable
    )
    return Agreement(1 - (count - 1) * observed / differing, len(pairable), count)
