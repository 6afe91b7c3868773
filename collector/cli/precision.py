"""`trawl ground check`, `sheet` and `verdicts`: how right the kept elements are, and by whose word."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Annotated, Any

import typer

from collector.cli import render
from collector.cli.options import AsJson, From
from infra import settings
from infra.progress import Progress

Seed = Annotated[int, typer.Option("--seed", help="the lot that elements are drawn by")]
StandIns = Annotated[
    bool, typer.Option("--allow-stand-ins", help="also recordings of the fake machine (tests)")
]


def check(
    presses: Annotated[
        int, typer.Option("--presses", min=0, help="kept elements pressed on real machines")
    ] = 500,
    program: Annotated[
        list[str] | None, typer.Option("--program", help="press in these alone, by desktop id")
    ] = None,
    pages: Annotated[
        int, typer.Option("--pages", min=0, help="pages of our own sites compared with Chromium")
    ] = 28,
    texts: Annotated[
        int, typer.Option("--texts", min=0, help="kept texts whose boxes are read")
    ] = 600,
    seed: Seed = 7,
    allow_stand_ins: StandIns = False,
    place: From = "",
    as_json: AsJson = False,
) -> None:
    """Measure how right kept elements are, before and after the gates, by other ways than these.

    Presses are kept as they are made: the same words again go on where a check was ended.
    """
    from grounding.precision import report

    configured = settings.load()
    recordings = _recordings(place)
    with render.progress("checking") as progress:
        read = _read(recordings, texts, seed, progress, stand_ins=allow_stand_ins)
        pressed = _pressed(presses, seed, program or [], progress)
        compared = _compared(pages, seed, progress)
    found = {"presses": pressed, "pages": compared, "ocr": read}
    told = report.write(configured.home, seed, found)
    if as_json:
        render.document(told)
        return
    render.table(["measure", "before the gates", "after", "of"], report.figures(told))
    render.echo(report.directory(configured.home) / "report.json")


def sheet(
    count: Annotated[int, typer.Option("--count", min=1, max=2000, help="elements on it")] = 120,
    seed: Seed = 7,
    allow_stand_ins: StandIns = False,
    place: From = "",
    as_json: AsJson = False,
) -> None:
    """Draw a page of kept elements in their surroundings, for a person to judge."""
    from grounding.precision import report
    from grounding.precision.sheet import write

    out = report.directory(settings.load().home)
    with render.progress("sheet") as progress:
        made = write(_recordings(place), out, count, seed, progress, stand_ins=allow_stand_ins)
    if as_json:
        render.document({"page": str(made.page), "elements": len(made.ids)})
        return
    render.echo(f"{len(made.ids)} elements: {made.page}")


def verdicts(
    file: Annotated[Path, typer.Argument(help="what the sheet saved")], as_json: AsJson = False
) -> None:
    """Take in what a person said on the sheet; the next check reports it."""
    from grounding.precision import report
    from grounding.precision.verdicts import take

    figures = take(file.absolute(), report.directory(settings.load().home))
    if as_json:
        render.document(figures)
        return
    render.table(["verdict", "elements"], [[name, n] for name, n in figures.items()])


def _recordings(place: str) -> Path:
    """The home that recordings are read from, all of it fetched."""
    from collector.source import source_of

    source = source_of(place, settings.load())
    for problem in source.fetched():
        render.echo(f"left out: {problem}", err=True)
    return source.home


def _read(
    home: Path, count: int, seed: int, progress: Progress, *, stand_ins: bool
) -> dict[str, Any] | None:
    """What boxes read as, None where nothing is to be read."""
    from grounding.precision import lots, reading, rule

    if not count:
        return None
    chance = random.Random(seed)  # noqa: S311 - a lot that can be drawn again, not a secret
    urn = lots.filled(lots.looks(home, chance, progress, stand_ins=stand_ins), rule.why_not)
    progress.say("reading boxes")
    return reading.read(urn, count, chance, progress).as_record()


def _pressed(
    count: int, seed: int, programs: list[str], progress: Progress
) -> dict[str, Any] | None:
    """What programs said of elements that were pressed, None where none is to be."""
    from collector.precision import desktops
    from collector.precision.figures import as_record

    if not count:
        return None
    return as_record(list(desktops.pressed(settings.load(), count, seed, progress, programs)))


def _compared(count: int, seed: int, progress: Progress) -> dict[str, Any] | None:
    """How pages' boxes and names compare with Chromium's, None where none is to be."""
    from collector.precision import pages

    if not count:
        return None
    chance = random.Random(seed)  # noqa: S311 - a lot that can be drawn again, not a secret
    return pages.as_record(list(pages.compared(count, chance, progress)), count)
