"""The one who writes an episode: blobs first, then the record, then the answer.

What a method has returned is on disk. Secrets are dropped here, before anything is stored, so
no caller can forget it. Calls out of order raise Conflict: an intent before its result, a result
before its commit, nothing after the close.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final, Self

from envs.actions import Action, Write
from envs.base import ActResult
from envs.recording import codec, records
from envs.recording.log import Log
from envs.recording.redact import goes_to_protected, redact, redact_action
from envs.recording.types import (
    Close,
    CloseStatus,
    Effect,
    Header,
    Intent,
    ObservationRef,
    ScreenRef,
    Step,
    TreeRef,
)
from envs.types import Observation, Tree
from infra.blobs import Blobs
from infra.clock import Clock
from infra.errors import Conflict, UsageError

ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,80}")


class Recorder:
    """Writes one episode under `home`; the header is durable once it is constructed."""

    def __init__(self, home: Path, header: Header, clock: Clock) -> None:
        if not ID.fullmatch(header.episode_id):
            raise UsageError("an episode's id is lower-case letters, digits and dashes")
        self.header = header
        self.directory = home / "recordings" / header.episode_id
        self.blobs = Blobs(home / "blobs")
        self._clock = clock
        self._log = Log(self.directory / "log", codec.pack(records.of_header(header)))
        self._latest: ObservationRef | None = None
        self._tree: Tree | None = None
        self._tried: Intent | None = None
        self._steps = 0
        self._close: Close | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._log.close()

    @property
    def steps(self) -> int:
        """Steps committed so far."""
        return self._steps

    @property
    def closed(self) -> Close | None:
        """How the episode ended, None while it goes on."""
        return self._close

    def first(self, observation: Observation, also: Iterable[Tree] = ()) -> ObservationRef:
        """Store what was seen before any action; `also` are other trees of the same moment."""
        if self._latest is not None:
            raise Conflict("the first observation is stored already")
        ref = self._store(observation, 0, also)
        self._append(records.of_first(ref))
        self._latest = ref
        return ref

    def intent(self, step_id: str, action: Action, element_id: str | None, why: str) -> Intent:
        """Store what is about to be tried; the action may be applied once this returned."""
        if self._latest is None or self._tree is None or self._tried is not None:
            raise Conflict("an intent follows an observation")
        kept = action
        if goes_to_protected(action, element_id, self._tree):
            kept, why = redact_action(action), _without(why, action)
        tried = Intent(
            index=self._steps,
            step_id=step_id,
            before=self._latest,
            action=kept,
            element_id=element_id,
            why=why,
            t_ns=self._clock.now_ns(),
            redacted=kept != action,
        )
        self._append(records.of_intent(tried))
        self._tried = tried
        return tried

    def result(self, result: ActResult) -> None:
        """Store what became of the action."""
        if self._tried is None or self._tried.result is not None:
            raise Conflict("a result follows an intent")
        self._append(records.of_result(result))
        self._tried = replace(self._tried, result=result)

    def commit(
        self,
        after: Observation,
        effect: Effect,
        *,
        settle_s: float,
        settled: bool,
        also: Iterable[Tree] = (),
    ) -> Step:
        """Store the step whole; it is acknowledged by returning it."""
        tried = self._tried
        if tried is None or tried.result is None or tried.result.outcome == "unknown":
            raise Conflict("a commit follows a result that is known")
        ref = self._store(after, tried.before.number + 1, also)
        step = Step(
            index=tried.index,
            step_id=tried.step_id,
            before=tried.before,
            action=tried.action,
            element_id=tried.element_id,
            why=tried.why,
            result=tried.result,
            settle_s=settle_s,
            settled=settled,
            after=ref,
            effect=effect,
            t_intent_ns=tried.t_ns,
            t_commit_ns=self._clock.now_ns(),
            redacted=tried.redacted,
        )
        self._append(records.of_commit(step))
        self._latest, self._tried = ref, None
        self._steps += 1
        return step

    def close(self, status: CloseStatus, reason: str = "") -> Close:
        """Store how the episode ended; a second close returns the first."""
        if self._close is not None:
            return self._close
        close = Close(status, reason, self._steps, self._clock.now_ns())
        self._append(records.of_close(close))
        self._close = close
        self._log.close()
        return close

    def _append(self, record: records.Record) -> None:
        if self._close is not None:
            raise Conflict("the episode is closed")
        self._log.append(codec.pack(record))

    def _store(self, observation: Observation, number: int, also: Iterable[Tree]) -> ObservationRef:
        """Put the screen and the tree among the blobs, secrets dropped."""
        redacted = redact(observation, also)
        screen, tree = redacted.observation.screen, redacted.observation.tree
        shown = ScreenRef(
            sha256=self.blobs.put(codec.pack_pixels(screen.pixels)),
            codec=codec.PIXELS,
            width=screen.width,
            height=screen.height,
            scale=screen.scale,
            t_ns=screen.t_ns,
            redacted=redacted.boxes,
        )
        read = TreeRef(
            sha256=self.blobs.put(codec.pack_elements(tree.elements)),
            elements=len(tree.elements),
            source=tree.source,
            t_start_ns=tree.t_start_ns,
            t_end_ns=tree.t_end_ns,
            audited=tree.audited,
            truncated=tree.truncated,
            notes=tree.notes,
        )
        self._tree = observation.tree
        return ObservationRef(number, shown, read, observation.stable, observation.tries)


def _without(why: str, action: Action) -> str:
    """The reason without the text that is not to be stored."""
    secret = action.text if isinstance(action, Write) else ""
    return why.replace(secret, "…") if secret else why
