"""The figures of presses: what was named, what was not, and who said nothing, per program too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from collector.precision.presses import Pressed
from grounding.precision import shares


def as_record(presses: Sequence[Pressed]) -> dict[str, Any]:
    """The figures as the report has them; before the gates both sides count by what was offered."""
    offered = [sum(one.offered[side] for one in presses) for side in (0, 1)]
    kept = [one for one in presses if not one.reason]
    dropped = [one for one in presses if one.reason]
    after, stopped = witnessed(kept), witnessed(dropped)
    by_program: dict[str, list[Pressed]] = defaultdict(list)
    for one in kept:
        by_program[one.program].append(one)
    return {
        "before": {"share": shares.before(offered, after["share"], stopped["share"])},
        "after": after,
        "dropped": stopped,
        "programs": [
            {"program": name, "toolkit": some[0].toolkit, **witnessed(some)}
            for name, some in sorted(by_program.items())
        ],
        "disagreements": [_told(one) for one in presses if one.testimony.word == "other"],
    }


def witnessed(presses: Sequence[Pressed]) -> dict[str, Any]:
    """How many were pressed, of how many nothing was said, and how many of the others were named."""
    words = [one.testimony.word for one in presses]
    agreed = words.count("named")
    count = agreed + words.count("other")
    return {
        "pressed": len(words),
        "silent": words.count("silent"),
        "elsewhere": words.count("elsewhere"),
        "count": count,
        "agreed": agreed,
        "share": shares.share(agreed, count),
    }


def _told(one: Pressed) -> dict[str, Any]:
    return {
        "program": one.program,
        "role": one.role,
        "name": one.name,
        "box": one.box.as_list(),
        "kept": not one.reason,
        "named": list(one.others),
    }
