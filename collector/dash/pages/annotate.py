"""Judging: the queues and how far they are, one queue to work through, verdicts and taking back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from collector.dash.access import Who, needs
from collector.dash.annotation import queues
from collector.dash.annotation.figures import progress
from collector.dash.annotation.order import upcoming
from collector.dash.annotation.queues import UNCLEAR, Card, Queue
from collector.dash.damage import OfFiles
from collector.dash.pages.show import At, show
from infra.errors import NotFound, UsageError
from infra.store import verdicts
from infra.store.engine import Tx
from infra.store.rows import Verdict

router = APIRouter(include_in_schema=False, route_class=OfFiles)
Looker = Annotated[Who, Depends(needs("viewer"))]
Judge = Annotated[Who, Depends(needs("annotator"))]
AHEAD: Final = 3
"""So many cards are on the page: the next ones are there before they are asked for."""
KEY_CHARS: Final = 400
NOTE_CHARS: Final = 500
LONGEST_MS: Final = 3_600_000


@router.get("/annotate", response_class=HTMLResponse)
def listed(request: Request, at: At, who: Looker) -> HTMLResponse:
    """The queues: how much was judged, by whom, and how far they agree."""
    found = []
    for queue in queues.known().values():
        subjects = queue.subjects(at.settings.home)
        with at.store.read() as tx:
            given = verdicts.listed(tx, queue.kind)
        found.append({"queue": queue, **_figures(queue, subjects, given)})
    return show(request, "annotate.html", queues=found, may_judge=who.may("annotator"))


@router.get("/annotate/{kind}", response_class=HTMLResponse)
def judged(request: Request, at: At, who: Judge, kind: str, only: str = "") -> HTMLResponse:
    """One queue: the next cards of whoever asks. With `only` that card comes first again."""
    queue = queues.named(kind)
    with at.store.read() as tx:
        cards = _cards(at, tx, queue, who, frozenset(), only[:KEY_CHARS])
        done = verdicts.count(tx, kind, who.name)
    return show(request, "judge.html", queue=queue, cards=cards, done=done, judge=who.name)


@router.get("/annotate/{kind}/cards", response_class=HTMLResponse)
def cards(
    request: Request,
    at: At,
    who: Judge,
    kind: str,
    skip: Annotated[list[str], Query(max_length=64)] = [],  # noqa: B006 - never changed
    only: str = "",
) -> HTMLResponse:
    """The next cards alone, but for those that the page has or has answered already."""
    queue = queues.named(kind)
    with at.store.read() as tx:
        found = _cards(at, tx, queue, who, frozenset(skip), only[:KEY_CHARS])
    return show(request, "parts/cards.html", queue=queue, cards=found)


@router.post("/annotate/{kind}")
def give(
    request: Request,
    at: At,
    who: Judge,
    kind: str,
    subject: Annotated[str, Form(max_length=KEY_CHARS)],
    answer: Annotated[str, Form(max_length=40)],
    note: Annotated[str, Form(max_length=NOTE_CHARS)] = "",
    took_ms: Annotated[int, Form(ge=0)] = 0,
) -> Response:
    """Keep a verdict; said again it changes nothing. Raises NotFound, UsageError."""
    queue = queues.named(kind)
    words = [known.word for known in queue.answers]
    if answer not in words:
        raise UsageError(f"{answer!r} is no answer here", f"one of {', '.join(words)}", answer)
    if subject not in queue.subjects(at.settings.home):
        raise NotFound("this subject is not in the queue any more", "load the page again", subject)
    verdict = Verdict(kind, subject, who.name, answer, note.strip(), at.clock.now_ns(),
                      min(took_ms, LONGEST_MS))  # fmt: skip
    with at.store.write() as tx:
        verdicts.give(tx, verdict)
        done = verdicts.count(tx, kind, who.name)
    return _answered(request, f"/annotate/{kind}", {"subject": subject, "done": done})


@router.post("/annotate/{kind}/undo")
def take_back(request: Request, at: At, who: Judge, kind: str) -> Response:
    """Take this person's newest verdict back, and show its card again."""
    queue = queues.named(kind)
    with at.store.write() as tx:
        taken = verdicts.take_back(tx, queue.kind, who.name, at.clock.now_ns())
        done = verdicts.count(tx, kind, who.name)
    subject = taken.subject if taken else ""
    where = f"/annotate/{kind}" + (f"?only={quote(subject, safe='')}" if taken else "")
    return _answered(request, where, {"subject": subject, "done": done})


def _figures(queue: Queue, subjects: Sequence[str], given: Sequence[Verdict]) -> dict[str, Any]:
    """The figures of a queue, and its answers as they are said."""
    record = progress(subjects, given, [answer.word for answer in queue.answers])
    said = [(answer.said, record["answers"][answer.word]) for answer in queue.answers]
    return {**record, "said": said, "certain": record["verdicts"] - record["answers"][UNCLEAR]}


def _cards(
    at: At, tx: Tx, queue: Queue, who: Who, skipped: frozenset[str], only: str
) -> list[Card]:
    """The next cards; a subject that cannot be shown any more is passed over."""
    subjects, home = queue.subjects(at.settings.home), at.settings.home
    given = verdicts.listed(tx, queue.kind)
    wanted = [only] if only in subjects else []
    wanted += upcoming(subjects, given, who.name, 2 * AHEAD, skipped | set(wanted))
    found: list[Card] = []
    for subject in wanted:
        if len(found) == (1 if only and skipped else AHEAD):
            break
        try:
            found.append(queue.card(home, subject))
        except NotFound:
            continue
    return found


def _answered(request: Request, where: str, record: dict[str, Any]) -> Response:
    """A record for a script, the next page for a form."""
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse(record)
    return RedirectResponse(where, 303)
