"""What every sample must keep, whatever its category: the last step before the mixture."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from corpus.categories.base import Context
from corpus.sample import Sample

MARK: Final = "<image>"
ROLES: Final = ("system", "user", "assistant")
CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def pass_sound(samples: Iterable[Sample], context: Context) -> Iterator[Sample]:
    """Samples that are whole and fit the context; the rest is counted by reason."""
    for sample in samples:
        reason = fault(sample, context.context_tokens)
        if reason:
            context.drop(sample.source, "validate", reason, f"{sample.id} {sample.origin.file}")
        else:
            yield sample


def fault(sample: Sample, context_tokens: int) -> str:
    """Why a sample is not sound, or an empty string."""
    if not sample.messages or sample.messages[-1].role != "assistant":
        return "nothing to learn"
    if any(turn.role not in ROLES or not turn.content.strip() for turn in sample.messages):
        return "an empty message"
    if sum(turn.content.count(MARK) for turn in sample.messages) != len(sample.pictures):
        return "image marks and pictures differ"
    if any(CONTROL.search(turn.content) for turn in sample.messages):
        return "control characters"
    if sample.tokens > context_tokens:
        return "longer than the context"
    return ""
