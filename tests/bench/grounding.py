"""How right kept elements are: the programs' own events when pressed, and their boxes when read.

`press_event`: the share of pressed kept elements that their program named, among those of which it
named anything that can have been hit; of `press_silent` it said nothing, of `press_elsewhere` only
what the press did. `page_layout`: elements of pages that Chromium itself
has by that name in that place. `ocr`: the share of boxes that read as their names;
`ocr_engine_ceiling` the same names drawn perfectly; `ocr_worst_program` the lowest of programs with
at least twenty. The rules stand in `grounding/README.md`.
"""

from __future__ import annotations

import os
import random

from collector.precision import desktops, figures, pages
from grounding.precision import lots, reading, rule
from infra import settings
from infra.progress import Progress
from tests.bench.recorded import recorded
from tests.bench.report import Report

PRESSES = int(os.environ.get("TRAWL_BENCH_PRESSES", "500"))
"""They are kept as they are made: a run that was ended goes on where it was."""
TEXTS = 600
PAGES = 28
SEED = 11
"""No lot that the rules or the gates were looked at with."""


def run(progress: Progress) -> Report:
    """Read boxes of the recordings, compare pages, then press on forks."""
    chance = random.Random(SEED)
    with recorded() as bench:
        looks = lots.looks(bench.home, chance, progress, stand_ins=bench.stand_ins)
        read = reading.read(lots.filled(looks, rule.why_not), TEXTS, chance, progress).as_record()
        layout = pages.as_record(list(pages.compared(PAGES, chance, progress)), PAGES)
        presses = list(desktops.pressed(settings.load(), PRESSES, SEED, progress))
    pressed, worst = figures.as_record(presses), reading.worst(read)
    notes = [f"not named: {one['program']} {one['role']} {one['name']!r}: {one['named']}"
             for one in pressed["disagreements"] if one["kept"]]  # fmt: skip
    notes += [f"read {one['read']} for {one['program']} {one['role']} {one['name']!r}"
              for one in read["disagreements"]]  # fmt: skip
    return Report(
        "grounding",
        {
            "press_event": pressed["after"]["share"] or 0.0,
            "press_event_before_gates": pressed["before"]["share"] or 0.0,
            "press_witnesses": pressed["after"]["count"],
            "press_silent": pressed["after"]["silent"],
            "press_elsewhere": pressed["after"]["elsewhere"],
            "press_programs": len(pressed["programs"]),
            "page_layout": layout["after"]["share"] or 0.0,
            "page_layout_before_gates": layout["before"]["share"] or 0.0,
            "page_elements": layout["after"]["count"],
            "ocr": read["after"]["share"] or 0.0,
            "ocr_before_gates": read["before"]["share"] or 0.0,
            "ocr_texts": read["after"]["count"],
            "ocr_engine_ceiling": read["ceiling"] or 0.0,
            "ocr_gap": read["gap"] or 0.0,
            "ocr_excluded_share": read["excluded_share"] or 0.0,
            "ocr_elided": read["elided"],
            "ocr_worst_program": worst["share"] if worst else 0.0,
            "ocr_worst_program_name": worst["program"] if worst else "",
        },
        notes=(bench.what, *notes),
    )
