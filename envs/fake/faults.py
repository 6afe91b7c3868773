"""What a fake machine can be made to do wrong, one named fault at a time or several together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import chain
from typing import Any, Final

from infra.errors import NotFound

MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Faults:
    """A fake machine's faults; the default has none.

    Counts are of calls that ask the machine something (tree, screen, hit, act, health).
    """

    hangs_after: int = MILLION
    """So many calls are answered; then none is, until the caller's deadline."""
    dies_after: int = MILLION
    """So many calls are answered; then the machine is gone."""
    late_s: float = 0.0
    """Each answer takes so much longer."""
    loses_outcomes: bool = False
    """Actions are performed and the answer is lost."""
    repeats_steps: bool = False
    """A repeated step id is performed again."""
    ignores_fences: bool = False
    """An older driver is obeyed."""
    deaf: bool = False
    """Actions are answered `applied` and do nothing."""
    lying_boxes: bool = False
    """Boxes are not where the pixels are."""
    negative_boxes: bool = False
    nan_boxes: bool = False
    outside_boxes: bool = False
    million_nodes: bool = False
    cycle: bool = False
    duplicate_ids: bool = False
    orphans: bool = False
    surrogates: bool = False
    endless_text: bool = False
    never_stable: bool = False
    """Every tree differs from the one before."""
    restless_screen: bool = False
    """Every screen differs from the one before."""
    blank_screen: bool = False
    wrong_size: bool = False
    """Screens are smaller than the machine says it is."""
    garbles_files: bool = False
    forgets_checkpoints: bool = False


NAMED: Final[dict[str, Faults]] = {
    "hang": Faults(hangs_after=3),
    "death": Faults(dies_after=3),
    "late": Faults(late_s=2.0),
    **{
        f.name.replace("_", "-"): Faults(**{f.name: True})
        for f in fields(Faults)
        if f.default is False
    },
}
"""Each fault alone, by the name that `open_env("fake", faults=…)` takes."""


def named(name: str) -> Faults:
    """The fault of that name; the empty name is none. Raises NotFound."""
    if not name:
        return Faults()
    if name not in NAMED:
        raise NotFound.among("fault", name, NAMED)
    return NAMED[name]


def spoil(said: list[dict[str, Any]], faults: Faults, reading: int) -> Iterable[dict[str, Any]]:
    """What the machine says of its elements, with its faults in it; one of each kind of lie."""
    victim = said[len(said) // 2]
    left, top, right, bottom = victim["box"]
    if faults.lying_boxes:
        for one in said[1:]:
            one["box"] = [v + 41 for v in one["box"]]
    if faults.negative_boxes:
        victim["box"] = [right, bottom, left, top]
    if faults.nan_boxes:
        victim["box"] = [math.nan, 0, 10, 10]
    if faults.outside_boxes:
        victim["box"] = [-9000, -9000, -8000, -8000]
    if faults.surrogates:
        victim["name"] = "\udcff\ud800 name"
    if faults.endless_text:
        victim["value"] = "endless " * MILLION
    if faults.never_stable:
        said[0]["name"] = f"reading {reading}"
    return chain(said, _more(victim, said[0]["id"], faults))


def _more(victim: dict[str, Any], root: str, faults: Faults) -> Iterator[dict[str, Any]]:
    """Elements that are not there, hung where no tree has them."""
    if faults.cycle:
        yield from ({**victim, "id": f"cycle/{a}", "parent": f"cycle/{b}"} for a, b in ("ab", "ba"))
    if faults.duplicate_ids:
        yield dict(victim)
    if faults.orphans:
        yield {**victim, "id": "orphan", "parent": "nobody"}
    if faults.million_nodes:
        yield from ({**victim, "id": f"n{i}", "parent": root} for i in range(MILLION))
