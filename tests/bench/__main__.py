"""`python -m tests.bench [NAME…] [--json]`: run the benches, or those named, one after another.

A bench is a module of this directory with `run(progress) -> Report`. Its name is the module's.
Exit code 3 for an unknown name, 1 where a bench failed; the others still run.
"""

from __future__ import annotations

import importlib
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from collector.cli import render
from infra.errors import NotFound, TrawlError
from tests.bench.report import Report


def names() -> list[str]:
    """Every bench: the modules here that define `run`."""
    return sorted(
        path.stem
        for path in Path(__file__).parent.glob("[a-z]*.py")
        if "\ndef run(" in path.read_text(encoding="utf-8")
    )


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for and print one report a bench, or one document of them."""
    if "--help" in arguments or "-h" in arguments:
        render.echo(f"infra/bench.sh [NAME…] [--json]   names: {', '.join(names())}")
        return 0
    as_json = "--json" in arguments
    wanted = [word for word in arguments if not word.startswith("-")] or names()
    for name in wanted:
        if name not in names():
            error = NotFound.among("bench", name, names())
            render.echo(f"error: {error}", err=True)
            return error.exit_code
    reports = [report for name in wanted if (report := measure(name)) is not None]
    if as_json:
        for report in reports:
            for note in report.notes:
                render.echo(f"{report.name}: {note}", err=True)
        render.document([report.as_record() for report in reports])
    else:
        for report in reports:
            show(report)
    return 0 if len(reports) == len(wanted) else 1


def measure(name: str) -> Report | None:
    """One bench's report; None, and the reason on stderr, where it failed."""
    module = importlib.import_module(f"tests.bench.{name}")
    try:
        with render.progress(f"bench {name}") as progress:
            report = module.run(progress)
    except TrawlError as error:
        render.echo(f"bench {name}: {error}", err=True)
        return None
    except Exception:  # noqa: BLE001 - one bench's bug does not hide the others' figures
        render.echo(f"bench {name}:\n{traceback.format_exc()}", err=True)
        return None
    assert isinstance(report, Report), f"{name}.run returned {type(report).__name__}"
    return report


def show(report: Report) -> None:
    """One report for people."""
    ratio = "no peer" if report.ratio is None else f"{report.ratio:.1f}× {report.peer}"
    render.echo(f"\n{report.name}: {ratio}")
    render.table(["figure", "value"], [[name, value] for name, value in report.figures.items()])
    for note in report.notes:
        render.echo(f"  {note}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
