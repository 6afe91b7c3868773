"""What a replay found, for a person."""

from __future__ import annotations

from collector.cli import render
from collector.replay.compare import Report, StepReport


def show(report: Report) -> None:
    """Print each step beside what it was, then where the two parted."""
    columns = ["step", "action", "state", "element", "effect", "was", "came"]
    render.table(columns, [_row(step) for step in report.steps])
    render.echo()
    render.echo(f"replayed  {report.replayed} of {report.recorded} steps, as {report.replay}")
    if report.is_same:
        render.echo("diverged  nowhere")
    else:
        render.echo(f"diverged  at step {report.diverged_at}: {report.why}")
    if report.reason:
        render.echo(f"ended     {report.status}: {report.reason}")


def _row(step: StepReport) -> list[object]:
    element = {True: "there", False: "missing", None: "-"}[step.element_there]
    return [
        step.index,
        step.action,
        "same" if step.same_state else "another",
        element,
        "same" if step.same_effect else "another",
        step.was,
        step.came if not step.same_effect else "",
    ]
