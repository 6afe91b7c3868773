"""Finding what is personal or secret, and putting marks such as `[EMAIL_1]` in its place.

Equal values of one document get the same mark, so that the text still says who is who. Time is
linear in the text: each pattern has bounded repetition.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

from corpus.operators.personal.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch of a text and what it is: the name of one of `kinds.KINDS`."""

    kind: str
    start: int
    end: int


def find(text: str) -> list[Finding]:
    """What is personal or secret, in order of place; where two overlap the surer kind stands."""
    starts: list[int] = []
    found: list[Finding] = []
    for kind in KINDS:
        for match in kind.matches(text):
            start, end = match.span(kind.group)
            at = bisect_left(starts, start)
            if any(
                start < held.end and held.start < end for held in found[max(0, at - 1) : at + 1]
            ):
                continue
            if kind.is_real(match):
                starts.insert(at, start)
                found.insert(at, Finding(kind.name, start, end))
    return found


@dataclass(slots=True)
class Masks:
    """The marks of one document, given out in order of appearance."""

    counts: Counter[str] = field(default_factory=Counter)
    """How often each kind was masked."""
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    _given: Counter[str] = field(default_factory=Counter)

    def mask(self, text: str) -> str:
        """`text` with a mark for each finding."""
        made, at = [], 0
        for finding in find(text):
            value = text[finding.start : finding.end]
            made += [
                text[at : finding.start],
                f"[{finding.kind}_{self._number(finding.kind, value)}]",
            ]
            at = finding.end
            self.counts[finding.kind] += 1
        return "".join((*made, text[at:])) if made else text

    def _number(self, kind: str, value: str) -> int:
        if (kind, value) not in self._numbers:
            self._given[kind] += 1
            self._numbers[kind, value] = self._given[kind]
        return self._numbers[kind, value]
